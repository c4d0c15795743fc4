"""The words a student reads about a part: what was seen, in their numbers, and what to look at next. Never the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.expressions import ExpressionError
from grader.course.part import Part
from grader.course.points import number as record_number
from grader.course.templates import Words, shown
from grader.course.values import shape
from grader.marking.answer import text_of
from grader.marking.option import option_words
from grader.text import Text, both

MAX_CARRIED = 3  # earlier answers that are named where a later one follows from many

RIGHT = Text("Right.", "正确。")
BLANK = Text("Nothing was filled in here.", "此处未作答。")
UNREADABLE = Text("This cannot be read as an answer: {why}.", "无法识别为答案：{why}。")
UNGRADED = Text(
    "The grader failed on this question; this is not your fault, and a person will look at it.", "评分程序在本题出错；这不是你的问题，会有人工处理。"
)
UNKNOWN = Text(
    "You got {answer}. No known wrong method leads to it; go through the steps once more, one at a time.",
    "你的答案是 {answer}。没有已知的错误方法会得到它；请一步一步重新检查。",
)
ROUNDED = Text(
    "{answer} is rounded, and an exact number is asked for. Write it as a fraction, such as 2/3.",
    "{answer} 是近似值，而本题要求精确值。请写成分数，如 2/3。",
)
UNKNOWN_FORMULA = Text(
    "No known wrong method gives this formula. Draw a small case and count: with {point} it gives {value}, and the layer does not.",
    "没有已知的错误方法会得到这个公式。请画一个小例子数一数：当 {point} 时它的值是 {value}，而卷积层给出的不是这个数。",
)
NO_VALUE = Text("no number (it divides by zero)", "无定义（除以零）")
SLIP = Text("{right} of {total} cells are right. Wrong: {cells}. Redo just these windows.", "{total} 个格中 {right} 个正确。错误：{cells}。只需重算这些窗口。")
SLIP_ONE = Text(
    "{right} of {total} cells are right. Wrong: {cells}. Redo just this window.", "{total} 个格中 {right} 个正确。错误：{cells}。只需重算这个窗口。"
)
FEW = Text(
    "{right} of {total} cells are right; no known wrong method gives these numbers. The first wrong one is {cells}: work that window out step by step.",
    "{total} 个格中 {right} 个正确；没有已知的错误方法会得到这些数。第一个错误是{cells}：请一步一步计算该窗口。",
)
CELL = Text("row {row}, column {column} ({answer})", "第 {row} 行第 {column} 列（{answer}）")
PLACE = Text("place {place} ({answer})", "第 {place} 个位置（{answer}）")
YOURS = Text("you: {answer}", "你的答案：{answer}")
LEFT_BLANK = Text("left blank", "未填写")
NO_NUMBER = Text("'{answer}' is no number", "“{answer}”不是数字")
MORE = Text("and {count} more", "以及另外 {count} 处")
SHAPE = Text(
    "Your answer is {answer}, and the output has {trouble}. Work out its size first: count the places of the kernel along a row, then along a column.",
    "你的答案是 {answer}，而输出{trouble}。请先求输出尺寸：数一数卷积核沿行、沿列各有多少个位置。",
)
ONE_ROW = Text(
    "Your answer is one single list of {count} numbers, and the output has rows and columns. Write each row on a line of its own.",
    "你的答案是一串 {count} 个数，而输出有行有列。请每行单独写一行。",
)
AXES = Text("two axes, rows and columns", "应有行和列两个维度")
ROWS = {True: Text("fewer rows", "行数更少"), False: Text("more rows", "行数更多")}
COLUMNS = {True: Text("fewer columns", "列数更少"), False: Text("more columns", "列数更多")}
AND = Text("{first} and {second}", "{first}、{second}")
ONE_OF = Text("Several wrong methods lead to this answer here:", "有几种错误方法在这里都会得到这个答案：")
FOLLOWS = Text(
    "This follows rightly from your own earlier answer ({carried}), but that answer is wrong; this part keeps {percent} % of its points.",
    "这一步由你前面的答案（{carried}）正确推出，但前面的答案有误；本项仍得 {percent}% 的分数。",
)
AXIS = (Text("Height:", "高："), Text("Width:", "宽："))
FIRST_WRONG = Text("The first wrong cell is {cell}.", "第一个错误的格是{cell}。")


def mistake_words(exercise: Exercise, part: Part, given: Mapping[str, Any], names: Sequence[str], answer: Any, key: Any) -> Text:
    """The words of each wrong method that leads to this answer; where it could be several, each possibility is named."""
    words = [_filled(exercise, part, name, given, answer, key) for name in names]
    if len(words) == 1:
        return words[0]
    text = ONE_OF
    for number, possibility in enumerate(words, start=1):
        text = text + Text(f"({number}) {possibility.en}", f"（{number}）{possibility.zh}")
    return text


def answer_words(part: Part, answer: Any) -> Text:
    """An answer as it was read, in words: an option by what it says."""
    return option_words(answer, part.options) if part.options else both(text_of(answer))


def slip(answer: Any, right: Any, *, few: bool) -> Text:
    """Which cells are wrong, counted from 1, with what the student wrote there."""
    wrong = wrong_cells(answer, right)
    total = _count(right)
    shown = wrong[:1] if few else wrong[:4]
    words = _listed([cell_words(place, value) for place, value in shown])
    if not few and len(wrong) > len(shown):
        words = words + MORE.fill(count=len(wrong) - len(shown))
    filled = FEW if few else SLIP_ONE if len(wrong) == 1 else SLIP
    return Text(
        filled.en.format(right=total - len(wrong), total=total, cells=words.en),
        filled.zh.format(right=total - len(wrong), total=total, cells=words.zh),
    )


def first_wrong(answer: Any, right: Any) -> Text:
    """The first wrong cell as a sentence."""
    place, value = wrong_cells(answer, right)[0]
    words = cell_words(place, value)
    return Text(FIRST_WRONG.en.format(cell=words.en), FIRST_WRONG.zh.format(cell=words.zh))


def cell_words(place: tuple[int, ...], value: Any) -> Text:
    seen = LEFT_BLANK if value is None else NO_NUMBER.fill(answer=value) if isinstance(value, str) else YOURS.fill(answer=text_of(value))
    if len(place) == 2:
        where = {"row": place[0] + 1, "column": place[1] + 1}
        return Text(CELL.en.format(**where, answer=seen.en), CELL.zh.format(**where, answer=seen.zh))
    at = "×".join(str(index + 1) for index in place)
    return Text(PLACE.en.format(place=at, answer=seen.en), PLACE.zh.format(place=at, answer=seen.zh))


def wrong_formula(point: Mapping[str, int], value: Any) -> Text:
    """A point where a formula is wrong, with what it gives there."""
    where = ", ".join(f"{name} = {number}" for name, number in point.items())
    own = NO_VALUE if value is None else both(shown(Fraction(value)))
    return Text(UNKNOWN_FORMULA.en.format(point=where, value=own.en), UNKNOWN_FORMULA.zh.format(point=where.replace(", ", "，"), value=own.zh))


def carried(answers: Sequence[tuple[Part | None, Any]]) -> Text:
    """Earlier answers by the titles of their parts: `padded side = 8`. Of many only the first few."""
    shown = [(part.title if part is not None else None, text_of(answer)) for part, answer in answers[:MAX_CARRIED]]
    words = _listed([Text(f"{title.en} = {answer}", f"{title.zh} = {answer}") if title else both(answer) for title, answer in shown])
    return words + MORE.fill(count=len(answers) - MAX_CARRIED) if len(answers) > MAX_CARRIED else words


def follows(carried: Text, credit: Fraction) -> Text:
    """That an answer is right given an earlier one that is wrong."""
    percent = record_number(credit * 100)
    return Text(FOLLOWS.en.format(carried=carried.en, percent=percent), FOLLOWS.zh.format(carried=carried.zh, percent=percent))


def wrong_cells(answer: Any, right: Any, place: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Any]]:
    """The places and values of wrong cells, in reading order."""
    if not isinstance(right, list):
        return [] if right else [(place, answer)]
    return [wrong for index, (a, r) in enumerate(zip(answer, right, strict=True)) for wrong in wrong_cells(a, r, (*place, index))]


def wrong_shape(answer: Any, key: Any) -> Text:
    """Which way the shape is off; the key's own shape is not said."""
    own, wanted = shape(answer) or (), shape(key) or ()
    if len(own) == 1:
        return ONE_ROW.fill(count=own[0])
    troubles = []
    if len(own) != len(wanted) or len(own) != 2:
        troubles.append(AXES)
    else:
        troubles += [side[own[axis] > wanted[axis]] for axis, side in enumerate((ROWS, COLUMNS)) if own[axis] != wanted[axis]]
    trouble = troubles[0]
    if len(troubles) == 2:
        trouble = Text(AND.en.format(first=troubles[0].en, second=troubles[1].en), AND.zh.format(first=troubles[0].zh, second=troubles[1].zh))
    size = "×".join(map(str, own))
    return Text(SHAPE.en.format(answer=size, trouble=trouble.en), SHAPE.zh.format(answer=size, trouble=trouble.zh))


def _filled(exercise: Exercise, part: Part, name: str, given: Mapping[str, Any], answer: Any, key: Any) -> Text:
    """A mistake's words in the student's numbers. Where sizes are [H, W], in those of the first axis that is wrong."""
    words = exercise.mistakes[name].words
    if part.kind == "integer" and isinstance(key, tuple) and isinstance(answer, tuple) and len(key) == len(answer) == 2:
        axis = 0 if answer[0] != key[0] else 1
        one = {name: value[axis] if isinstance(value, (list, tuple)) and len(value) == 2 else value for name, value in given.items()}
        # Words without numbers ("in the wrong order") are about the pair, not about one axis.
        if not words.names:
            return _render(exercise, words, one, answer_words(part, answer))
        return AXIS[axis] + _render(exercise, words, one, answer_words(part, answer[axis]))
    return _render(exercise, words, given, answer_words(part, answer))


def _render(exercise: Exercise, words: Words, given: Mapping[str, Any], answer: Text) -> Text:
    try:
        return words.render({**_names(exercise, words, given), "answer": answer.en if answer.en == answer.zh else answer})
    except ExpressionError:
        # An instructor's pinned given may hold shapes the words were not written for; the plain sentence still helps.
        return both("…") if not words.names else Text(_without_holes(words.en), _without_holes(words.zh))


def _names(exercise: Exercise, words: Words, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the names in some words stand for; the given alone where that is enough."""
    if all(name in given or name == "answer" for name in words.names) and not any(part.options for part in exercise.parts):
        return given
    return exercise.names(given)


def _without_holes(template: Any) -> str:
    return "".join(piece if isinstance(piece, str) else "…" for piece in template.pieces)


def _listed(texts: Sequence[Text]) -> Text:
    return Text(", ".join(text.en for text in texts), "、".join(text.zh for text in texts))


def _count(right: Any) -> int:
    return sum(_count(item) for item in right) if isinstance(right, list) else 1
