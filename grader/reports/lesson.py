"""A page about an exercise for students, in Markdown: what is asked, an example worked out, the mistakes people make, what is drawn.

All its numbers are those of public examples (`example.py`): no page holds a variant that was drawn for a student.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.part import LETTERS
from grader.course.templates import Words
from grader.marking.feedback import mistake_words
from grader.reports import code_page, show
from grader.reports.example import Example, Lesson
from grader.reports.markdown import code, escaped, fenced, image, link, table
from grader.reports.picture import Picture
from grader.reports.ranges import conditions, draws
from grader.reports.worked import answer_lines, explanation, part_title
from grader.text import Text
from grader.variants.given import block, given_lines, is_array, unsaid
from grader.variants.sheet import hint

OTHER = Text("[中文]({target})", "[English]({target})")
INDEX = Text("all exercises", "全部练习")
ASKED = Text("What is asked", "题目")
EXAMPLE = Text("The numbers are those of an example; on your sheet stand others.", "以下是一个例子的数值；你的答题纸上是另外的数值。")
TO_ANSWER = Text("To answer:", "需要作答：")
SHARE = Text(" ({share} of the points)", "（占 {share} 的分数）")
WORKED = Text("The example, worked out", "例题解答")
FIRST_WINDOW = Text("The first window:", "第一个窗口：")
ANSWER = Text("Right answer", "正确答案")
WHY = Text("Why:", "理由：")
MISTAKES = Text("Mistakes people make", "常见错误")
RECOGNISED = Text(
    "Where an answer is what one of these wrong methods leads to, the grader says so, and it earns the share of its points that stands beside it. Where several lead to the same answer, the least of their shares counts.",
    "如果答案正好是下列某种错误方法得到的结果，评分时会指出来，并按旁边的比例给该项的分数。如果几种错误方法得到同一个答案，取其中最低的比例。",
)
PERCENT = Text("{percent} %", "{percent}%")
CREDIT = Text("{name}: {percent} %", "{name}：{percent}%")
LEADS = Text("In the example this leads to:", "在例题中会得到：")
ELSEWHERE = Text(
    "It does not show in the example above. With these numbers (level {level}) it does:",
    "在上面的例题中看不出这种错误。换成下面的数值（难度 {level}）就能看出：",
)
LEADS_THERE = Text("Then it leads to:", "此时会得到：")
NOWHERE = Text("It shows only with numbers that an instructor sets.", "只有在教师指定的数值下才会出现。")
DRAWN = Text("What is drawn", "取值范围")
AT_RANDOM = Text("Your numbers are drawn at random from these ranges, both ends included.", "你的数值从以下范围中随机抽取，含两端。")
ONE_LEVEL = Text("The exercise has one level, {level}.", "本题只有一个难度：{level}。")
LEVELS = Text("The exercise has the levels {levels}; the example is of level {own}.", "本题有难度 {levels}；例题为难度 {own}。")
COMMA = Text(", ", "、")
LEVEL = Text("level {level}", "难度 {level}")
NAME = Text("value", "量")
CONDITIONS = Text("and always", "并且始终满足")
MINUTES = Text("about how many minutes", "大约用时（分钟）")
NOTHING = Text("Nothing is drawn: everybody gets the same question.", "没有随机数值：所有人的题目相同。")
MADE = "<!-- Made by `grader pages` from {file}: edit that file, then run the command again. -->"


def lesson_page(lesson: Lesson, language: str, files: Mapping[str, str], picture: Picture | None, drawing: str | None) -> str:
    """The page in one language.

    Args:
        files: the pages to link to: `other` (this one in the other language) and `index`.
        picture: of the worked example, where there is one: its legend and workings stand under the drawing.
        drawing: the file of that drawing.
    """
    exercise, worked = lesson.exercise, lesson.worked
    lines = [
        MADE.format(file=exercise.file),
        "",
        f"# {escaped(exercise.title[language])}",
        "",
        f"{OTHER[language].format(target=files['other'])} · {link(INDEX[language], files['index'])} · {code(exercise.id)}",
        "",
        f"## {ASKED[language]}",
        "",
        EXAMPLE[language] if exercise.draw else NOTHING[language],
        "",
        *_question(worked, language),
        f"## {WORKED[language]}",
        "",
        *_solved(worked, language, picture, drawing),
        f"## {MISTAKES[language]}",
        "",
        RECOGNISED[language],
        "",
        *(line for name in exercise.mistakes for line in _mistake(name, lesson, language)),
        *(_ranges(exercise, language) if exercise.draw else ()),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _question(example: Example, language: str) -> Iterator[str]:
    exercise, given = example.exercise, example.given
    yield from _paragraphs(exercise.prompt.render(exercise.names(given))[language], given)
    yield from _given(example)
    if exercise.code_part is not None:
        yield from code_page.asked(example, language)
        return
    parts = exercise.parts_of(given)
    total = sum(part.weight for part in parts)
    yield TO_ANSWER[language]
    yield ""
    for part in parts:
        key = example.expected.key[part.id]
        share = SHARE[language].format(share=_share(part.weight / total, language)) if len(parts) > 1 else ""
        yield f"- {escaped(part_title(part)[language] + hint(part, key)[language])}{share}"
        yield from (f"  - {letter}) {escaped(option.words[language])}" for letter, option in zip(LETTERS, part.options, strict=False))
    yield ""


def _solved(example: Example, language: str, picture: Picture | None, drawing: str | None) -> Iterator[str]:
    if (words := explanation(example)) is not None:
        yield from _paragraphs(words[language], example.given)
    if example.exercise.code_part is not None:
        yield from code_page.returns(example, language)
        return
    if picture is not None and picture.workings is not None:
        yield f"{FIRST_WINDOW[language]}{' ' if language == 'en' else ''}{escaped(picture.workings[language])}"
        yield ""
    if drawing is not None:
        yield image(picture.legend[language] if picture else example.exercise.title[language], drawing)
        yield ""
        if picture is not None:
            yield escaped(picture.legend[language])
            yield ""
    yield f"{ANSWER[language]}{show.COLON[language].rstrip()}"
    yield ""
    for part in example.exercise.parts_of(example.given):
        yield from answer_lines([example.expected.key[part.id]], part, language)
    yield ""
    yield from _reasons(example, language)


def _reasons(example: Example, language: str) -> Iterator[str]:
    """Why each option of a choice is right or wrong, where the exercise says it."""
    options = [option for part in example.exercise.parts_of(example.given) for option in part.options if option.why is not None]
    if options:
        yield WHY[language]
        yield ""
    for option in options:
        yield f"- {escaped(option.words[language])}"
        yield ""
        yield f"  {escaped(option.why[language])}" if option.why else ""
        yield ""


def _mistake(name: str, lesson: Lesson, language: str) -> Iterator[str]:
    exercise, example = lesson.exercise, lesson.shown[name]
    policy = exercise.mistakes[name]
    yield f"### {CREDIT[language].format(name=code(name), percent=_percent(policy.credit))}"
    yield ""
    if example is None:
        yield escaped(_without_numbers(policy.words)[language])
        yield ""
        yield NOWHERE[language]
        yield ""
        return
    if exercise.code_part is not None:
        yield from code_page.leads(example, name, language)
        return
    answers = example.answers(name)
    parts = {part.id: part for part in example.exercise.parts_of(example.given)}
    first = next(iter(answers))
    words = mistake_words(example.exercise, parts[first], example.given, [name], answers[first][0], example.expected.key[first])
    yield escaped(words[language])
    yield ""
    if example is lesson.worked:
        yield LEADS[language]
        yield ""
    else:
        yield ELSEWHERE[language].format(level=example.exercise.level)
        yield ""
        yield from _numbers(example, language)
        yield LEADS_THERE[language]
        yield ""
    for part, readings in answers.items():
        yield from answer_lines(readings, parts[part], language, example.expected.key[part])
    yield ""


def _numbers(example: Example, language: str) -> Iterator[str]:
    """The numbers of another example, in short: what the prompt of the first one says for its own."""
    given = {name: value for name, value in example.given.items() if value is not None}
    yield from fenced(given_lines(given))
    yield ""
    asked = example.exercise.asked_for(example.given)
    if asked is not None:
        yield f"{escaped(asked)}{show.COLON[language]}?"
        yield ""


def _ranges(exercise: Exercise, language: str) -> Iterator[str]:
    levels = exercise.every_level
    yield f"## {DRAWN[language]}"
    yield ""
    listed = COMMA[language].join(str(level.level) for level in levels)
    about = ONE_LEVEL.fill(level=exercise.level) if len(levels) == 1 else LEVELS.fill(levels=listed, own=exercise.level)
    yield f"{AT_RANDOM[language]}{' ' if language == 'en' else ''}{about[language]}"
    yield ""
    rows = [[code(name), *(words[language] for words in found)] for name, found in draws(exercise).items()]
    met = [conditions(level) for level in levels]
    if any(met):
        rows.append([CONDITIONS[language], *("; ".join(found) or "–" for found in met)])
    if any(level.minutes is not None for level in levels):
        rows.append([MINUTES[language], *("–" if level.minutes is None else show.points(level.minutes) for level in levels)])
    yield from table([NAME[language], *(LEVEL[language].format(level=level.level) for level in levels)], rows)


def _paragraphs(text: str, given: Mapping[str, Any]) -> Iterator[str]:
    """Words that may have lines of their own; those of layers and code are set as they are."""
    listed = {line for value in given.values() for line in block(value)}
    kept: list[str] = []
    for line in [*text.strip("\n").split("\n"), None]:
        if line is not None and (line in listed or line.startswith(" ")):
            kept.append(line)
            continue
        if kept:
            yield from [*fenced(kept), ""]
            kept = []
        if line is not None and line.strip():
            yield from [escaped(line), ""]


def _given(example: Example) -> list[str]:
    """What the prompt does not say of its numbers: arrays above all."""
    own = {name: value for name, value in unsaid(example.exercise, example.given).items() if is_array(value) or block(value)}
    return [*fenced(given_lines(own)), ""] if own else []


def _without_numbers(words: Words) -> Text:
    return Text(*("".join(piece if isinstance(piece, str) else "…" for piece in template.pieces) for template in (words.en, words.zh)))


def _share(share: Fraction, language: str) -> str:
    """A share in per cent where that is a whole number, else as a fraction."""
    return PERCENT[language].format(percent=share * 100) if (share * 100).denominator == 1 else f"{share}"


def _percent(share: Fraction) -> str:
    return show.points(share * 100)
