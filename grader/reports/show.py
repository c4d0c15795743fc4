"""One student's record as text for a terminal: every part with what was asked, answered and seen.

What a student wrote never reaches a line as it was: control characters are gone, and no line starts with `::`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.expressions import ExpressionError
from grader.course.part import Part
from grader.course.values import shape
from grader.marking.option import option_words
from grader.marking.record import Flag, PartGrade, Record, SlotGrade, Status, Verdict
from grader.reports.drawing import Step, formula, step_of
from grader.reports.program import program_lines
from grader.text import Text, both, visible
from grader.variants.given import WIDTH, Plane, beside, clipped, given_lines, grid, is_array, paragraphs, planes, unsaid, wrapped

LONG = 100_000  # of one line: only a guard, lines are wrapped long before
INDENT = "  "


def show_text(record: Record, exercises: Mapping[str, Exercise], given: Mapping[str, Mapping[str, Any]], language: str, *, keys: bool) -> str:
    """A readable rendering of a record.

    Args:
        exercises: by id; one that is gone since is shown without its words.
        given: by slot.
        keys: whether the right answers may be shown.
    """
    lines = [*_header(record, language)]
    for slot in record.slots:
        lines += ["", *_slot(slot, exercises.get(slot.exercise), given.get(slot.slot, {}), language, keys=keys)]
    if record.slots:
        lines += ["", "=" * WIDTH, *_totals(record, language)]
    return "\n".join(visible(line, LONG).rstrip() for line in lines)


def _header(record: Record, language: str) -> Iterator[str]:
    yield f"{record.course} · {record.assignment} · {record.student} · {ATTEMPT.fill(number=record.attempt)[language]}"
    yield f"{STATUS[record.status][language]}{COLON[language]}{score_line(record)[language]}"
    if record.submitted_at:
        yield HANDED_IN.fill(time=when(record.submitted_at))[language]
    for title, sentences in notices(record):
        yield ""
        yield from wrapped(title[language])
        for sentence in sentences:
            yield from _item(sentence[language])


def _slot(slot: SlotGrade, exercise: Exercise | None, given: Mapping[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    yield "=" * WIDTH
    title = f"{slot.slot} · {exercise.title[language]}" if exercise else slot.slot
    yield f"{title} · {OF_POINTS.fill(points=points(slot.score), possible=points(slot.possible))[language]}"
    if (asked := prompt(exercise, given)) is not None:
        yield from paragraphs(asked[language])
    if lines := given_lines(unsaid(exercise, given) if exercise else given):
        yield ""
        yield from (INDENT + line for line in lines)
    for part in slot.parts:
        yield ""
        yield from _part(part, exercise.part(part.part) if exercise else None, given, language, keys=keys)


def _part(part: PartGrade, asked: Part | None, given: Mapping[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    yield f"{MARKS[part.verdict]} {part_title(asked, part)[language]}{COLON[language]}{verdict_line(part)[language]}"
    show_key = keys and part.key is not None and part.verdict is not Verdict.CORRECT
    own = [clipped(plane) for plane in planes(YOURS[language], part.answer, part.cells)] if is_array(part.answer) else []
    right = planes(KEY[language], part.key) if show_key and is_array(part.key) else []
    if not own:
        yield from _indented(YOURS[language] + COLON[language] + answer_text(part, asked)[language])
    yield from (INDENT + line for line in beside([grid(plane) for plane in [*own, *right]], WIDTH - len(INDENT)))
    if legend := _legend(own):
        yield from _indented(legend[language])
    if show_key and not right:
        yield from _indented(KEY[language] + COLON[language] + key_text(part, asked)[language])
    yield from _indented(part.feedback[language])
    yield from (INDENT + line for line in program_lines(part, language, keys=keys, told=part.feedback[language], width=WIDTH - len(INDENT)))
    if (step := step_of(part, given)) is not None:
        yield from _indented(step_words(step, part)[language])
        yield from _indented(" ".join(formula(step, language, result=keys)))


def _totals(record: Record, language: str) -> Iterator[str]:
    yield f"{MARKED[language]}{COLON[language]}{points(record.marked)}"
    for line in record.adjustments:
        yield from wrapped(f"{line.words[language]}{COLON[language]}{points(line.points)}")
    yield f"{TOTAL[language]}{COLON[language]}{score_line(record)[language]}"


def _legend(own: Sequence[Plane]) -> Text | None:
    if not any(plane.wrong for plane in own):
        return None
    return LEGEND + LEGEND_BLANK if any(plane.blank for plane in own) else LEGEND


def _indented(text: str) -> list[str]:
    return [INDENT + line for line in wrapped(text, WIDTH - len(INDENT))]


def _item(text: str) -> list[str]:
    return [("- " if index == 0 else INDENT) + line for index, line in enumerate(wrapped(text, WIDTH - len(INDENT)))]


# What the page says as well.


def prompt(exercise: Exercise | None, given: Mapping[str, Any]) -> Text | None:
    """What was asked, in this variant's numbers; None where the exercise has changed since and no longer fits them."""
    try:
        return exercise.prompt.render(exercise.names(given)) if exercise else None
    except ExpressionError:
        return None


def part_title(asked: Part | None, part: PartGrade) -> Text:
    return asked.title if asked and asked.title else Text(part.part, part.part)


def verdict_line(part: PartGrade) -> Text:
    earned = OF_POINTS.fill(points=points(part.points), possible=points(part.possible))
    return Text(f"{VERDICTS[part.verdict].en}, {earned.en}", f"{VERDICTS[part.verdict].zh}，{earned.zh}")


def answer_text(part: PartGrade, asked: Part | None) -> Text:
    """The answer on one line, as it was read, an option in its own words; in quotes where it could not be read."""
    if part.verdict is Verdict.BLANK or part.answer is None:
        return NOTHING
    if part.read_as is None:
        return QUOTED.fill(answer=visible(str(part.answer), 300))
    if asked and asked.options:
        return option_words(part.answer, asked.options)
    if asked and asked.code is not None:
        return PROGRAM.fill(lines=visible(part.read_as.removesuffix(" lines"), 20))
    return both(visible(part.read_as, 300))


def key_text(part: PartGrade, asked: Part | None) -> Text:
    """The right answer on one line, an option in its own words."""
    return option_words(part.key, asked.options) if asked and asked.options else both(value_text(part.key))


def value_text(value: Any) -> str:
    """A key on one line: a pair as `(2, 3)`, the way answers are shown."""
    if isinstance(value, list):
        inside = ", ".join(map(value_text, value))
        return f"({inside})" if len(shape(value) or ()) == 1 else f"[{inside}]"
    return visible(str(value), 300)


def step_words(step: Step, part: PartGrade) -> Text:
    words = FIRST_WRONG if part.cells is not None else FIRST_WINDOW
    return words.fill(row=step.row + 1, column=step.column + 1)


def score_line(record: Record) -> Text:
    if record.status is Status.REFUSED:
        return NO_POINTS.fill(possible=points(record.possible))
    line = OF_POINTS.fill(points=points(record.score), possible=points(record.possible))
    return line + SO_FAR if record.status is Status.FAILED else line


def notices(record: Record) -> list[tuple[Text, Sequence[Text]]]:
    """What stands before the questions, each with its title: why it was refused, what failed, notes, and what a person should see."""
    opening = OPENING.get(record.status)
    refused = record.status is Status.REFUSED
    found: list[tuple[Text, Sequence[Text]]] = [(opening, record.notes[:1] if refused else ())] if opening else []
    flags = [Text(f"{flag}: {FLAG[flag].en}", f"{flag}：{FLAG[flag].zh}") for flag in record.flags]
    return found + [(title, sentences) for title, sentences in ((NOTES, record.notes[1:] if refused else record.notes), (FLAGS, flags)) if sentences]


def points(value: Fraction) -> str:
    """Points as they are where four decimals hold them, so that parts add up as shown; else to two decimals."""
    exact = (value * 10_000).denominator == 1
    text = f"{float(value):.4f}" if exact else f"{float(round(value, 2)):.2f}"
    return text.rstrip("0").rstrip(".").replace("-", "−") or "0"


def when(moment: str) -> str:
    """`2026-12-01 10:00 UTC+08:00` of an ISO time; as it stands where it is none."""
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return visible(moment, 40)
    zone = time.strftime("%z")
    return time.strftime("%Y-%m-%d %H:%M") + (f" UTC{zone[:3]}:{zone[3:5]}" if zone else "")


COLON = Text(": ", "：")
ATTEMPT = Text("attempt {number}", "第 {number} 次提交")
HANDED_IN = Text("handed in {time}", "提交时间 {time}")
NOTES = Text("Please note:", "请注意：")
FLAGS = Text("For a person to look at:", "需要人工查看：")
OF_POINTS = Text("{points} of {possible} points", "{points} / {possible} 分")
NO_POINTS = Text("no points of {possible}, nothing was marked", "未评分（满分 {possible}）")
SO_FAR = Text("so far, not final", "（暂计，非最终）")
MARKED = Text("Points of the answers", "答案得分")
TOTAL = Text("Total", "总分")
YOURS = Text("your answer", "你的答案")
KEY = Text("right answer", "正确答案")
NOTHING = Text("(blank)", "（空白）")
PROGRAM = Text("a program of {lines} lines", "{lines} 行的程序")
QUOTED = Text('"{answer}"', "“{answer}”")
LEGEND = Text("[ ] marks a wrong cell.", "[ ] 表示错误的格。")
LEGEND_BLANK = Text("_ is a cell left blank.", "_ 表示空着的格。")
FIRST_WRONG = Text("The window of the first wrong cell, row {row}, column {column}:", "第一个错误的格（第 {row} 行第 {column} 列）对应的窗口：")
FIRST_WINDOW = Text("The first window, which gives row {row}, column {column} of the output:", "第一个窗口，得到输出的第 {row} 行第 {column} 列：")
STATUS = {
    Status.GRADED: Text("Graded", "已评分"),
    Status.REFUSED: Text("Refused", "未接受"),
    Status.FAILED: Text("Grader failed", "评分程序出错"),
}
OPENING = {
    Status.REFUSED: Text("This hand-in was refused and nothing in it was marked, for this reason:", "本次提交未被接受，其中内容均未评分。原因如下："),
    Status.FAILED: Text(
        "The grader itself failed here. That is not the student's fault; a person will look at it, and the points are not final.",
        "评分程序本身出错。这不是学生的问题；会有人工处理，分数并非最终结果。",
    ),
}
MARKS = {
    Verdict.CORRECT: "✓",
    Verdict.PARTIAL: "◐",
    Verdict.INCORRECT: "✗",
    Verdict.BLANK: "○",
    Verdict.INVALID: "?",
    Verdict.UNGRADED: "!",
}
VERDICTS = {
    Verdict.CORRECT: Text("correct", "正确"),
    Verdict.PARTIAL: Text("partly right", "部分正确"),
    Verdict.INCORRECT: Text("wrong", "错误"),
    Verdict.BLANK: Text("blank", "未作答"),
    Verdict.INVALID: Text("cannot be read", "无法识别"),
    Verdict.UNGRADED: Text("not graded yet", "尚未评分"),
}
FLAG = {
    Flag.NOT_THEIRS: Text("the sheet is another student's", "这是另一名学生的答题纸"),
    Flag.NOT_ON_ROSTER: Text("this student is not on the roster", "该学生不在名单上"),
    Flag.WRONG_SHEET: Text("the sheet belongs to another assignment or course", "答题纸属于另一次作业或另一门课程"),
    Flag.TAMPERED: Text("numbers or signature are not those handed out", "数值或签名与发放的不一致"),
    Flag.UNKNOWN_SLOT: Text("an answer stands under a question that is not on the sheet", "有答案写在答题纸上没有的题目下"),
    Flag.UNKNOWN_PART: Text("an answer stands under a part that the question does not have", "有答案写在题目中没有的项下"),
    Flag.NO_SHEET_LINE: Text("the file does not say whose sheet it is", "文件中没有说明是谁的答题纸"),
    Flag.LATE_BY_FILE_TIME: Text("late only by the file's own time", "仅按文件时间判定为迟交"),
    Flag.TOO_MANY_ATTEMPTS: Text("more attempts than count", "提交次数超过上限"),
    Flag.TOO_EARLY: Text("handed in before the assignment opened", "在作业开放之前提交"),
    Flag.ANSWERED_TWICE: Text("a question has several answer cells, and they differ", "同一题有多个内容不同的答题单元格"),
    Flag.ALTERED_FILES: Text("files of the repository are not as they were given out", "仓库中的文件与发放时不同"),
    Flag.UNVERIFIED: Text("practice marking: nobody has checked that these are the numbers handed out", "练习评分：未核实这些数值是否为发放的数值"),
}
