"""One student's record as one HTML page that needs nothing else: no script, no request, readable on a phone and in print.

Everything that comes from outside passes `esc`; what is marked wrong is marked by a sign and a frame, never by colour alone.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.part import Part
from grader.marking.record import PartGrade, Record, SlotGrade, Verdict
from grader.reports import show
from grader.reports.drawing import formula, step_of, window
from grader.reports.markup import esc, sign
from grader.reports.program_page import STYLE as PROGRAM_STYLE
from grader.reports.program_page import program_html
from grader.text import Text, visible
from grader.variants.given import CELL_LIMIT, Plane, block, clipped, is_array, planes, scalars, unsaid


def page(record: Record, exercises: Mapping[str, Exercise], given: Mapping[str, Mapping[str, Any]], language: str, *, keys: bool) -> str:
    """A record as a page; see `show_text` for the arguments."""
    title = f"{record.assignment} · {record.student} · {show.ATTEMPT.fill(number=record.attempt)[language]}"
    body = "\n".join(
        [
            *_header(record, language),
            *_overview(record, exercises, language),
            *(
                line
                for number, slot in enumerate(record.slots, start=1)
                for line in _slot(number, slot, exercises.get(slot.exercise), given.get(slot.slot, {}), language, keys=keys)
            ),
        ]
    )
    # The policy is a second lock: even a hole in the escaping could load or run nothing.
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>{esc(title)}</title>
<style>{STYLE}{PROGRAM_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _header(record: Record, language: str) -> Iterator[str]:
    yield f"<header><p class='where'>{esc(record.course)} · {esc(record.assignment)}</p>"
    yield f"<h1>{esc(record.student)}</h1>"
    handed_in = f" · {esc(show.HANDED_IN.fill(time=show.when(record.submitted_at))[language])}" if record.submitted_at else ""
    yield f"<p>{esc(show.ATTEMPT.fill(number=record.attempt)[language])}{handed_in}</p>"
    yield f"<p class='score'><span class='status {record.status}'>{esc(show.STATUS[record.status][language])}</span> "
    yield f"<strong>{esc(show.score_line(record)[language])}</strong></p></header>"
    for title, sentences in show.notices(record):
        kind = "opening" if title is show.OPENING.get(record.status) else "notes"
        yield f"<section class='{kind}' aria-label='{esc(title[language])}'><h2>{esc(title[language])}</h2>"
        if sentences:
            yield "<ul>"
            yield from (f"<li>{esc(sentence[language])}</li>" for sentence in sentences)
            yield "</ul>"
        yield "</section>"


def _overview(record: Record, exercises: Mapping[str, Exercise], language: str) -> Iterator[str]:
    """Points by question, then what policy changed, then the total: how the score came about."""
    if not record.slots:
        return
    yield f"<table class='overview'><caption>{esc(OVERVIEW[language])}</caption>"
    yield f"<thead><tr><th scope='col'>{esc(QUESTION[language])}</th><th scope='col'>{esc(PARTS[language])}</th>"
    yield f"<th scope='col' class='number'>{esc(POINTS[language])}</th></tr></thead><tbody>"
    for number, slot in enumerate(record.slots, start=1):
        exercise = exercises.get(slot.exercise)
        title = f"<br><small>{esc(exercise.title[language])}</small>" if exercise else ""
        signs = " ".join(sign(part.verdict, language) for part in slot.parts)
        yield f"<tr><th scope='row'><a href='#question-{number}'>{esc(slot.slot)}</a>{title}</th><td>{signs}</td>"
        yield f"<td class='number'>{_of(slot.score, slot.possible)}</td></tr>"
    yield "</tbody><tfoot>"
    if record.adjustments:
        yield _sum(show.MARKED, show.points(record.marked), language)
        yield from (_sum(line.words, show.points(line.points), language) for line in record.adjustments)
    yield _sum(show.TOTAL, _of(record.score, record.possible), language, "total")
    yield "</tfoot></table>"


def _sum(words: Text, amount: str, language: str, kind: str = "line") -> str:
    return f"<tr class='{kind}'><th scope='row' colspan='2'>{esc(words[language])}</th><td class='number'>{amount}</td></tr>"


def _of(score: Fraction, possible: Fraction) -> str:
    return f"{show.points(score)} / {show.points(possible)}"


def _slot(number: int, slot: SlotGrade, exercise: Exercise | None, given: Mapping[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    yield f"<section class='slot' id='question-{number}' aria-labelledby='title-{number}'>"
    title = f" <span class='title'>{esc(exercise.title[language])}</span>" if exercise else ""
    earned = esc(show.OF_POINTS.fill(points=show.points(slot.score), possible=show.points(slot.possible))[language])
    yield f"<h2 id='title-{number}'>{esc(slot.slot)}{title} <span class='earned'>{earned}</span></h2>"
    if (asked := show.prompt(exercise, given)) is not None:
        yield f"<p class='prompt'>{_lines(asked[language], given)}</p>"
    own = unsaid(exercise, given) if exercise else given
    tables = [_table(plane, language) for name, value in own.items() if is_array(value) for plane in planes(name, value)]
    if tables:
        yield f"<div class='tables'>{''.join(tables)}</div>"
    for name, value in own.items():
        if lines := block(value):
            yield f"<p class='lines'>{esc(name)}:<br>{_lines(chr(10).join(lines), given)}</p>"
    if rest := scalars(own):
        yield f"<p class='given'>{', '.join(f'<span>{esc(item)}</span>' for item in rest)}</p>"
    for part in slot.parts:
        yield from _part(part, exercise.part(part.part) if exercise else None, given, language, keys=keys)
    yield "</section>"


def _lines(text: str, given: Mapping[str, Any]) -> str:
    """Words that may have lines of their own; those of layers and code are set as code."""
    code = {line for value in given.values() for line in block(value)}
    return "<br>".join(f"<code>{_indented(line)}</code>" if line in code else _indented(line) for line in text.strip("\n").split("\n"))


def _indented(line: str) -> str:
    bare = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(bare)) + esc(bare)


def _part(part: PartGrade, asked: Part | None, given: Mapping[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    earned = esc(show.OF_POINTS.fill(points=show.points(part.points), possible=show.points(part.possible))[language])
    yield f"<article class='part {part.verdict}'><h3>{esc(show.part_title(asked, part)[language])}</h3>"
    yield f"<p class='verdict'><span class='badge'>{show.MARKS[part.verdict]} {esc(show.VERDICTS[part.verdict][language])}</span> {earned}</p>"
    show_key = keys and part.key is not None and part.verdict is not Verdict.CORRECT
    own = [clipped(plane) for plane in planes(show.YOURS[language], part.answer, part.cells)] if is_array(part.answer) else []
    right = planes(show.KEY[language], part.key) if show_key and is_array(part.key) else []
    if not own:
        yield f"<p class='answer'>{esc(show.YOURS[language] + show.COLON[language])}<b>{esc(show.answer_text(part, asked)[language])}</b></p>"
    if own or right:
        yield f"<div class='tables'>{''.join(_table(plane, language) for plane in [*own, *right])}</div>"
    if any(plane.wrong for plane in own):
        words = LEGEND + show.LEGEND_BLANK if any(plane.blank for plane in own) else LEGEND
        yield f"<p class='legend'>{esc(words[language])}</p>"
    if show_key and not right:
        yield f"<p class='answer'>{esc(show.KEY[language] + show.COLON[language])}<b>{esc(show.key_text(part, asked)[language])}</b></p>"
    yield f"<p class='feedback'>{esc(part.feedback[language])}</p>"
    yield from program_html(part, language, keys=keys)
    yield from _figure(part, given, language, keys=keys)
    yield "</article>"


def _figure(part: PartGrade, given: Mapping[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    """The window to work out again, with its multiplications."""
    if (step := step_of(part, given)) is None:
        return
    yield f"<figure>{window(step, part.answer, part.cells, language)}<figcaption><p>{esc(show.step_words(step, part)[language])}</p>"
    pieces = " ".join(f"<span>{esc(piece)}</span>" for piece in formula(step, language, result=keys))
    yield f"<p class='formula'>{pieces}</p>"
    hints = READING + SHADED if any(step.padding) else READING
    yield f"<p class='legend'>{esc(hints[language])}</p></figcaption></figure>"


def _table(plane: Plane, language: str) -> str:
    """An array with its row and column numbers, as feedback counts them: from 1."""
    wide = max((len(row) for row in plane.rows), default=0)
    heads = "".join(f"<th scope='col' aria-label='{esc(COLUMN.fill(number=c)[language])}'>{c}</th>" for c in range(1, wide + 1))
    rows = []
    for r, row in enumerate(plane.rows):
        cells = "".join(_cell(value, plane.right is None or plane.right[r][c], language) for c, value in enumerate(row))
        rows.append(f"<tr><th scope='row' aria-label='{esc(ROW.fill(number=r + 1)[language])}'>{r + 1}</th>{cells}</tr>")
    name = esc(f"{plane.heading} ({plane.size})")
    # The name stands above the table and not in its caption: a caption longer than the table would widen its columns.
    return f"<div class='scroll'><p class='name'>{name}</p><table class='grid' aria-label='{name}'><thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def _cell(value: Any, right: bool, language: str) -> str:
    text = f"<span role='img' aria-label='{esc(BLANK_CELL[language])}'>_</span>" if value is None else html.escape(visible(str(value), CELL_LIMIT))
    return f"<td>{text}</td>" if right else f"<td class='wrong'>{text}<span class='sign' role='img' aria-label='{esc(WRONG_CELL[language])}'>✗</span></td>"


OVERVIEW = Text("Points by question", "各题得分")
QUESTION = Text("Question", "题目")
PARTS = Text("Parts", "各项")
POINTS = Text("Points", "得分")
ROW = Text("row {number}", "第 {number} 行")
COLUMN = Text("column {number}", "第 {number} 列")
WRONG_CELL = Text("wrong", "错误")
BLANK_CELL = Text("blank", "空白")
LEGEND = Text("✗ and a thick frame mark a wrong cell.", "✗ 与粗框表示错误的格。")
READING = Text(
    "Thick frame: the window. ×: the number of the kernel that lies on it. Multiply place by place, then add up.",
    "粗框：窗口。×：覆盖在该格上的卷积核的数。对应相乘，再全部相加。",
)
SHADED = Text("Shaded: the zeros of the padding.", "阴影：填充的零。")

STYLE = """
:root { --text: #1f2328; --back: #ffffff; --soft: #f3f5f7; --line: #8c959f; --link: #0550ae; --kernel: #0550ae;
  --good: #0b6b2e; --part: #7a4d00; --wrong: #b3141d; --quiet: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --back: #0d1117; --soft: #1a2029; --line: #7d8590; --link: #79c0ff; --kernel: #79c0ff;
    --good: #5fd37e; --part: #e3b341; --wrong: #ff9492; --quiet: #9aa4af; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
a { color: var(--link); }
p { margin: .4rem 0; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 0 0 .4rem; font-size: 1.2rem; line-height: 1.3; display: flex; flex-wrap: wrap; gap: 0 .6rem; }
.earned { margin-left: auto; }
h3 { margin: 0; font-size: 1rem; }
.where, .legend, .earned, .title, small { color: var(--quiet); font-weight: 400; }
.legend, small { font-size: .875rem; }
.score { font-size: 1.25rem; }
.status, .badge { display: inline-block; border: 2px solid currentColor; border-radius: .3rem; padding: 0 .45rem; font-size: 1rem; font-weight: 600; }
.opening, .notes { border: 2px solid var(--wrong); border-radius: .3rem; padding: .6rem .8rem; margin: .8rem 0; }
.notes { border-color: var(--part); }
.opening h2, .notes h2 { font-size: 1rem; }
.opening ul, .notes ul { margin: 0; padding-left: 1.2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .2rem; }
.overview { width: 100%; margin: 1rem 0 2rem; }
.overview caption { font-weight: 600; }
.overview th, .overview td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
.overview thead th { color: var(--quiet); font-size: .875rem; }
.overview thead th { white-space: nowrap; }
.overview .number { text-align: right; white-space: nowrap; }
.overview .total > * { font-weight: 700; border-bottom: 0; }
.slot { border-top: 3px solid var(--line); padding-top: .8rem; margin-top: 2rem; }
.name { margin: 0; white-space: nowrap; }
.tables { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: .6rem 0; }
.scroll { overflow-x: auto; max-width: 100%; }
.grid td, .grid tbody th, .grid thead th { min-width: 2.1rem; height: 2rem; padding: 0 .3rem; text-align: center; white-space: nowrap; }
.grid th { color: var(--quiet); font-size: .75rem; font-weight: 400; }
.grid td { border: 1px solid var(--line); }
.grid thead td { border: 0; min-width: 0; }
.grid tbody th { min-width: 0; }
.grid td.wrong { position: relative; border: 3px solid var(--wrong); padding: .5rem .55rem 0; font-weight: 600; }
.grid td.wrong .sign { position: absolute; top: -.2rem; right: .1rem; font-size: .8rem; }
.part { background: var(--soft); border-left: .35rem solid var(--line); border-radius: .3rem; padding: .7rem .9rem; margin: .8rem 0; }
.correct { --tone: var(--good); } .partial { --tone: var(--part); } .incorrect, .invalid { --tone: var(--wrong); }
.blank, .ungraded { --tone: var(--quiet); }
.part { border-color: var(--tone); } .badge, .sign { color: var(--tone, var(--wrong)); }
.wrong .sign { color: var(--wrong); }
.overview .sign { font-weight: 700; }
.graded { color: var(--good); } .refused, .failed { color: var(--wrong); }
figure { margin: .8rem 0 0; display: flex; flex-wrap: wrap; gap: .6rem 1.5rem; align-items: flex-start; }
figure svg { max-width: 100%; height: auto; flex: none; }
figcaption { flex: 1 1 14rem; }
.formula { font-variant-numeric: tabular-nums; font-weight: 600; }
.given span, .formula span { display: inline-block; white-space: nowrap; }
@media print {
  :root { --text: #000; --back: #fff; --soft: #fff; --line: #555; --link: #000; --kernel: #000; --good: #000; --part: #000; --wrong: #000; --quiet: #333; }
  main { max-width: none; padding: 0; } .part, figure, .scroll, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
}
"""
