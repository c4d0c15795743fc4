"""Reads what a student wrote as an answer to a part, whatever its kind."""

from __future__ import annotations

from typing import Any

from grader.course.part import Part, axes_of, kind_of
from grader.course.values import Answer
from grader.marking.answer import BLANK, NO_MAPPING, Reading, is_blank, quoted, read, text_of, too_large
from grader.marking.number import folded, number
from grader.marking.option import read_choice, read_choices
from grader.marking.tensor_shape import read_shape
from grader.text import Text


def read_part(part: Part, key: Answer, raw: Any) -> Reading:
    """Reads a raw answer (text, number, nested lists, a mapping of axes).

    Args:
        part: as it stands on the variant (`Exercise.parts_of`): with the options that are shown.
        key: the right answer, for its form alone: how many axes it has, or whether it is a pair.
    """
    kind = kind_of(part, key)
    if kind not in _READERS:
        return read(kind, raw, part.names)
    if is_blank(raw):
        return BLANK
    if (problem := too_large(raw)) is not None:
        return Reading(None, None, problem)
    if isinstance(raw, dict) and kind != "shape":
        return Reading(None, None, NO_MAPPING)
    match kind:
        case "shape":
            return read_shape(raw, axes_of(part, key))
        case "choice":
            return read_choice(raw, part.options)
        case "choices":
            return read_choices(raw, part.options)
    return _read_number(raw)


def under_its_name(part: Part, key: Answer, raw: Any) -> Any:
    """The answer to the only part of a slot, put under the part's name where it is a shape written axis by axis."""
    if part.kind != "shape" or not isinstance(raw, dict) or not raw or part.id in raw:
        return raw
    axes = {axis.casefold() for axis in axes_of(part, key)}
    return {part.id: raw} if all(str(name).partition(":")[0].strip().casefold() in axes for name in raw) else raw


_READERS = frozenset({"number", "shape", "choice", "choices"})


def _read_number(raw: Any) -> Reading:
    value = number(raw)
    if value is not None:
        return Reading(value, text_of(value))
    if isinstance(raw, str) and folded(raw).endswith("%") and number(folded(raw)[:-1]) is not None:
        return Reading(None, None, PERCENT.fill(answer=quoted(raw)))
    return Reading(None, None, NOT_A_NUMBER.fill(answer=quoted(raw)))


NOT_A_NUMBER = Text(
    "'{answer}' is not one number; write it in digits, as 3, 0.5 or 1/9",
    "“{answer}” 不是一个数；请用数字书写，如 3、0.5 或 1/9",
)
PERCENT = Text("'{answer}' is a percentage; write it as a decimal or a fraction", "“{answer}” 是百分数；请写成小数或分数")
