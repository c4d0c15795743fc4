"""Reads what a student wrote as an answer of the kind asked for.

The table of accepted forms stands in docs/formats.md. Numbers keep the digits that were typed (`Decimal`), so
that `3.33` can be recognised as 10/3 written down; nothing passes through floating point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.course.formula import Formula, FormulaError, compile_formula
from grader.course.values import cells, shape
from grader.marking.number import folded, number
from grader.marking.table import ragged, read_table
from grader.text import Text, visible

MAX_TEXT = 20_000  # characters of one answer; a 30×30 array of four-digit numbers has a quarter of that
MAX_CELLS = 4_000

Value = int | Fraction | Decimal | str | frozenset[str] | tuple[Any, ...] | list[Any] | Formula
Raw = Any


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as read. `value` is None where it is blank, or where `problem` says why it is no answer of the kind."""

    value: Value | None
    shown: str | None = None
    problem: Text | None = None

    @property
    def blank(self) -> bool:
        return self.value is None and self.problem is None


BLANK = Reading(None)


def read(kind: str, raw: Raw, names: tuple[str, ...] = ()) -> Reading:
    """Reads a raw answer (text, number, nested lists) as an answer of a kind: `integer vector array formula`.

    The other kinds need more of their part than its kind: `reading.read_part` reads them all. `null`, empty text and empty lists are blank. An integer part that holds a table of numbers is read as that table: some
    wrong methods lead to one, and it can then be recognised.
    """
    if is_blank(raw):
        return BLANK
    if isinstance(raw, dict):
        return Reading(None, None, NO_MAPPING)
    if (problem := too_large(raw)) is not None:
        return Reading(None, None, problem)
    match kind:
        case "integer":
            return _read_integer(raw)
        case "vector":
            return _read_vector(raw)
        case "array":
            return _read_array(raw)
        case "formula":
            return _read_formula(raw, names)
    raise ValueError(f"no reader for the kind '{kind}'")


def is_blank(raw: Raw) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not folded(raw[: 2 * MAX_TEXT]))


def too_large(raw: Raw) -> Text | None:
    """What is too much for one answer, found before any of it is read."""
    items, count, characters = [raw], 0, 0
    while items:
        item = items.pop()
        if isinstance(item, (list, dict)):
            items += item.values() if isinstance(item, dict) else item
            continue
        count += 1
        characters += len(item) if isinstance(item, str) else 0
        if characters > MAX_TEXT:
            return TOO_LONG.fill(limit=MAX_TEXT)
        if count > MAX_CELLS:
            return TOO_MANY_CELLS.fill(limit=MAX_CELLS)
    return None


def text_of(value: Value | None) -> str:
    """An answer as it was read, on one line."""
    if type(value) is int:
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return f"({', '.join(map(text_of, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(text_of, value))}]"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, Formula):
        return visible(value.text, 200)
    return "_" if value is None else visible(str(value), 60)


def _read_integer(raw: Raw) -> Reading:
    value = number(raw)
    if value is not None:
        return Reading(value, text_of(value))
    table = read_table(raw)
    if isinstance(table, list) and 1 < len(cells(table)) <= MAX_CELLS and all(not isinstance(cell, (str, type(None))) for cell in cells(table)):
        return Reading(table, text_of(table))
    return Reading(None, None, NOT_A_NUMBER.fill(answer=quoted(raw)))


def _read_vector(raw: Raw) -> Reading:
    items: list[Raw]
    if isinstance(raw, str):
        items = [item for item in re.split(r"[\s,;×xX*]+", folded(raw).removeprefix("torch.Size").strip("()[] ")) if item]
    else:
        items = raw if isinstance(raw, list) else [raw]
    numbers = tuple(number(item) for item in items)
    if any(value is None for value in numbers):
        return Reading(None, None, NOT_NUMBERS.fill(answer=quoted(raw)))
    return Reading(numbers, text_of(numbers))


def _read_array(raw: Raw) -> Reading:
    table = read_table(raw)
    if isinstance(table, Text):
        return Reading(None, None, table)
    values = cells(table)
    if len(values) > MAX_CELLS:
        return Reading(None, None, TOO_MANY_CELLS.fill(limit=MAX_CELLS))
    if all(value is None for value in values):
        return BLANK
    if all(isinstance(value, (str, type(None))) for value in values):
        return Reading(None, None, NO_TABLE.fill(answer=quoted(raw)))
    sides = shape(table)
    if sides is None:
        return Reading(None, None, ragged(table))
    return Reading(table, text_of(table))


def _read_formula(raw: Raw, names: tuple[str, ...]) -> Reading:
    if isinstance(raw, (list, bool)):
        return Reading(None, None, NO_FORMULA)
    text = str(raw).strip()
    if (problem := _formula_problem(text, names)) is not None:
        return Reading(None, None, problem)
    return Reading(Formula(text), visible(text, 200))


@lru_cache(maxsize=512)
def _formula_problem(text: str, names: tuple[str, ...]) -> Text | None:
    """Why a text is no formula; None where it is one. A class writes the same few."""
    try:
        compile_formula(text, names)
    except FormulaError as error:
        return error.text
    return None


def quoted(raw: Raw) -> str:
    """What stood there, short enough for a sentence."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, list):
        return f"[… {len(raw)} …]"
    return visible(str(raw).strip(), 40)


NOT_A_NUMBER = Text("'{answer}' is not one number; write it in digits, as 3, -3, 3.5 or 7/2", "“{answer}” 不是一个数；请用数字书写，如 3、-3、3.5 或 7/2")
NOT_NUMBERS = Text("'{answer}' is not a row of numbers; write them as [3, 4]", "“{answer}” 不是一组数；请写成 [3, 4]")
NO_TABLE = Text("'{answer}' holds no numbers; write rows of numbers", "“{answer}” 中没有数字；请按行写出数字")
NO_MAPPING = Text("names with colons stand where an answer was expected; write the answer itself", "此处应为答案，却出现了带冒号的名称；请直接写答案")
NO_FORMULA = Text("a formula was expected; write it as text", "此处应为公式；请写成文本")
TOO_LONG = Text("the answer has more than {limit} characters; write only what was asked", "答案超过 {limit} 个字符；请只写所求的内容")
TOO_MANY_CELLS = Text("the answer has more than {limit} numbers; write only what was asked", "答案超过 {limit} 个数；请只写所求的内容")
