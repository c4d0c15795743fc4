"""The page that GitHub shows for a run: points, each part with what was seen, in Markdown and the course's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.ci.escape import markdown, plain
from grader.ci.practice import Item, Marked
from grader.marking.record import PartGrade
from grader.reports.program import program_lines
from grader.reports.show import COLON, MARKS, STATUS, VERDICTS, points, score_line
from grader.text import Text

LIMIT = 900_000  # bytes: GitHub drops a summary over 1024 kB whole


def summary_markdown(marked: Marked, language: str) -> str:
    """The summary. What would make it too long for GitHub is left out, and said to be."""
    record = marked.record
    head = f"{record.course} · {record.assignment} · {record.student}"
    lines = [f"## {markdown(head)}", "", f"**{STATUS[record.status][language]}{COLON[language]}{markdown(score_line(record)[language])}**", ""]
    lines += [f"> {markdown(note[language])}  " for note in marked.notes]
    lines += [f"- {markdown(line.words[language])}{COLON[language]}{points(line.points)}" for line in record.adjustments]
    lines += ["", *_table(marked.items, language), ""]
    text = "\n".join(lines)
    used = len(text.encode())
    for item in (item for item in marked.items if not item.passed):
        section = "\n".join(_section(item, marked, language))
        used += len(section.encode()) + 1
        if used > LIMIT:
            return f"{text}\n{TOO_LONG[language]}\n"
        text += "\n" + section
    return text + "\n"


def _table(items: Sequence[Item], language: str) -> Iterator[str]:
    yield f"| | {QUESTION[language]} | {POINTS[language]} |"
    yield "|---|---|---:|"
    for item in items:
        yield f"| {MARKS[item.verdict]} {VERDICTS[item.verdict][language]} | {markdown(item.title[language])} | {points(item.points)} / {points(item.possible)} |"


def _section(item: Item, marked: Marked, language: str) -> Iterator[str]:
    yield f"### {MARKS[item.verdict]} {markdown(item.title[language])}"
    yield ""
    if (asked := marked.prompts.get(item.slot)) is not None:
        yield f"<details><summary>{ASKED[language]}</summary>"
        yield ""
        yield markdown(asked[language])
        yield ""
        if grids := marked.given.get(item.slot):
            yield from ("```text", *(plain(line).replace("`", "'") for line in grids), "```", "")
        yield "</details>"
        yield ""
    yield markdown(item.feedback[language])
    yield ""
    if groups := [line for part in _parts(item, marked) for line in program_lines(part, language, keys=False, told=part.feedback[language])]:
        yield from ("```text", *(plain(line).replace("`", "'") for line in groups), "```", "")
    yield WHERE.fill(file=item.file, line=item.line)[language]
    yield ""


def _parts(item: Item, marked: Marked) -> Iterator[PartGrade]:
    """What the record says of an item; nothing of a whole sheet."""
    return (part for slot in marked.record.slots if slot.slot == item.slot for part in slot.parts if part.part == item.part)


QUESTION = Text("question", "题目")
POINTS = Text("points", "得分")
ASKED = Text("What was asked", "题目内容")
WHERE = Text("Your answer: `{file}`, line {line}.", "你的答案：`{file}` 第 {line} 行。")
TOO_LONG = Text("The rest is too long for this page; see the files of this run.", "其余内容过长，请查看本次运行的结果文件。")
