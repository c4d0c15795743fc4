"""Reads what a student wrote as an answer of the kind asked for.

The table of accepted forms stands in docs/formats.md. Numbers keep the digits that were typed (`Decimal`), so
that `3.33` can be recognised as 10/3 written down; nothing passes through floating point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.course.formula import Formula, FormulaError, compile_formula
from grader.course.values import cells, shape
from grader.text import Text, visible

MAX_TEXT = 20_000  # characters of one answer; a 30×30 array of four-digit numbers has a quarter of that
MAX_CELLS = 4_000
MAX_AXES = 6
DIGITS = 40
LIMIT = 10**DIGITS

Value = int | Fraction | Decimal | str | tuple[Any, ...] | list[Any] | Formula
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

    `null`, empty text and empty lists are blank. An integer part that holds a table of numbers is read as that table: some
    wrong methods lead to one, and it can then be recognised.
    """
    if is_blank(raw):
        return BLANK
    if isinstance(raw, dict):
        return Reading(None, None, NO_MAPPING)
    if (problem := _too_large(raw)) is not None:
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
    return raw is None or raw == [] or (isinstance(raw, str) and not _folded(raw[: 2 * MAX_TEXT]))


def _too_large(raw: Raw) -> Text | None:
    """What is too much for one answer, found before any of it is read."""
    items, count, characters = [raw], 0, 0
    while items:
        item = items.pop()
        if isinstance(item, list):
            items += item
            continue
        count += 1
        characters += len(item) if isinstance(item, str) else 0
        if characters > MAX_TEXT:
            return TOO_LONG.fill(limit=MAX_TEXT)
        if count > MAX_CELLS:
            return TOO_MANY_CELLS.fill(limit=MAX_CELLS)
    return None


def number(raw: Raw) -> int | Fraction | Decimal | None:
    """A number as people write it, exactly; None where it is none, or has more than 40 digits.

    Accepted: `3`, `+3`, `-3` (also U+2212 and a dash), `3.0`, `.5`, `6/2`, full-width digits, spaces around. Not accepted: `true`,
    `0x3`, `1_000`, `3,0`, `nan`, `inf`, expressions.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw if -LIMIT < raw < LIMIT else None
    if not isinstance(raw, (str, float)):
        return None
    text = raw.strip() if isinstance(raw, str) else repr(raw)
    if len(text) > 3 * DIGITS:
        return None
    text = _folded(text)
    if re.fullmatch(r"[+-]?[0-9]{1,40}", text):
        return int(text)
    if re.fullmatch(r"[+-]?([0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?|[+-]?[0-9]{1,40}[eE][+-]?[0-9]{1,2}", text):
        typed = Decimal(text)
        if abs(typed) >= LIMIT:
            return None
        return int(typed) if typed == typed.to_integral_value() else typed
    if found := re.fullmatch(r"([+-]?[0-9]{1,40}) ?/ ?([0-9]{1,40})", text):
        top, bottom = int(found[1]), int(found[2])
        if bottom:
            ratio = Fraction(top, bottom)
            return ratio.numerator if ratio.denominator == 1 else ratio
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
    if isinstance(value, Formula):
        return visible(value.text, 200)
    return "_" if value is None else visible(str(value), 60)


def _read_integer(raw: Raw) -> Reading:
    value = number(raw)
    if value is not None:
        return Reading(value, text_of(value))
    table = _table(raw)
    if isinstance(table, list) and 1 < len(cells(table)) <= MAX_CELLS and all(not isinstance(cell, (str, type(None))) for cell in cells(table)):
        return Reading(table, text_of(table))
    return Reading(None, None, NOT_A_NUMBER.fill(answer=quoted(raw)))


def _read_vector(raw: Raw) -> Reading:
    items: list[Raw]
    if isinstance(raw, str):
        items = [item for item in re.split(r"[\s,;×xX*]+", _folded(raw).removeprefix("torch.Size").strip("()[] ")) if item]
    else:
        items = raw if isinstance(raw, list) else [raw]
    numbers = tuple(number(item) for item in items)
    if any(value is None for value in numbers):
        return Reading(None, None, NOT_NUMBERS.fill(answer=quoted(raw)))
    return Reading(numbers, text_of(numbers))


def _read_array(raw: Raw) -> Reading:
    table = _table(raw)
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
        return Reading(None, None, _ragged(table))
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


def _table(raw: Raw) -> list[Any] | Text:
    """Nested lists from nested lists, rows on lines, or a pasted print of NumPy or torch; or what is wrong with it.

    A cell that is blank is None, one that is no number stays text: both are wrong cells, never a void answer.
    """
    if isinstance(raw, str):
        text = _folded(raw, lines=True)
        return _bracketed(text) if "[" in text or "]" in text else _rows(text.splitlines())
    if not isinstance(raw, list):
        return [[_cell(raw)]]
    if all(isinstance(item, str) and number(item) is None and not is_blank(item) for item in raw):
        lines = [_folded(item) for item in raw]
        if any(len(_split(line)) > 1 for line in lines) and not any("[" in line for line in lines):
            return _rows(lines)  # a list of rows, each written as one text
    return _nested(raw, 0)


def _nested(raw: list[Any], depth: int) -> list[Any] | Text:
    if depth >= MAX_AXES:
        return TOO_DEEP.fill(limit=MAX_AXES)
    if set(map(type, raw)) == {int} and min(raw) > -LIMIT and max(raw) < LIMIT:
        return list(raw)  # a row of integers, as JSON brings them
    lists = [item for item in raw if isinstance(item, list)]
    if lists and len(lists) < len(raw):
        return MIXED
    found: list[Any] = []
    for item in raw:
        if depth and isinstance(item, str) and number(item) is None and len(parts := _split(_folded(item))) > 1:
            found += map(_cell, parts)  # [[1 2], [3 4]], which YAML reads as two texts
            continue
        value = _nested(item, depth + 1) if isinstance(item, list) else _cell(item)
        if isinstance(value, Text):
            return value
        found.append(value)
    return found


def _rows(lines: Iterable[str]) -> list[Any]:
    rows = [[_cell(cell) for cell in _split(line)] for line in lines if line.strip()]
    return _closed(rows, [_ends_open(line) for line in lines if line.strip()])


def _closed(rows: list[Any], ends_open: Sequence[bool]) -> list[Any]:
    """Rows of cells; a row that ends in a comma has a blank last cell where it would otherwise be one short of the others."""
    longest = max((len(row) for row in rows), default=0)
    return [[*row, None] if open_ and len(row) == longest - 1 else row for row, open_ in zip(rows, ends_open, strict=True)]


def _ends_open(line: str) -> bool:
    return line.rstrip().endswith((",", ";"))


def _split(line: str) -> list[str]:
    """The cells of a row. Commas, semicolons or spaces part them; between two commas a cell is blank."""
    if "," in line or ";" in line:
        line = line.strip()
        parts = [part.strip() for part in re.split(r"[,;]", line[:-1] if line.endswith((",", ";")) else line)]
        return [cell for part in parts for cell in (part.split() or [""])]
    return line.split()


# What stands before the brackets of a print, and what may follow them: matched on stripped text, so that no two
# repetitions in a row can compete for the same spaces.
_PREFIX = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]{0,40} ?= ?)?((?:torch\.|np\.|numpy\.)?(?:tensor|array) ?\()?")
_SUFFIX = re.compile(r",\s*(?:dtype|device|grad_fn|requires_grad|size|shape) ?=.*|\)?,?", re.DOTALL)


def _bracketed(text: str) -> list[Any] | Text:
    """Reads `[[1, 2], [3, 4]]`, `[[1 2]\n [3 4]]`, `tensor([[1, 2]])`, rows each in brackets, and `[1 2; 3 4]`."""
    prompt = re.match(r"\s*Out ?\[[0-9]{1,6}\]:", text)
    text = text[prompt.end() :] if prompt else text
    first, last = text.find("["), text.rfind("]")
    if first < 0 or last < first:
        return BRACKETS
    printed = _PREFIX.fullmatch(text[:first].strip())
    if printed is None or _SUFFIX.fullmatch(text[last + 1 :].strip()) is None:
        return BRACKETS
    inside = text[first + 1 : last]
    if re.search(r"[;\n]", inside.strip()) and "[" not in inside and "]" not in inside:
        return _rows(re.split(r"[;\n]", inside))
    found = _lists(text[first : last + 1])
    if isinstance(found, Text):
        return found
    result = found[0] if len(found) == 1 else found
    # torch prints the batch and channel axes of conv2d's output; they hold nothing here, and dropping them from its own
    # print gives what was asked. Lists that a student nests are taken as nested.
    while printed[1] and len(shape(result) or ()) > 2 and len(result) == 1:
        result = result[0]
    return _nested(result, 0)


def _lists(text: str) -> list[Any] | Text:
    """The bracketed lists that stand side by side in a text, cells still as text."""
    stack: list[list[Any]] = [[]]
    opens: list[list[bool]] = [[]]  # for each list on the stack: which of its items end in a comma
    separated = True  # whether the next comma follows a blank cell
    for token in re.findall(r"[\[\],]|[^\[\],\s]+", text):
        if token == "[":
            if len(stack) > MAX_AXES:
                return TOO_DEEP.fill(limit=MAX_AXES)
            stack.append([])
            opens.append([])
            separated = True
        elif token == "]":
            if len(stack) == 1:
                return BRACKETS
            done, ends_open = stack.pop(), opens.pop()
            if done and all(isinstance(item, list) for item in done):
                done = _closed(done, ends_open)
            stack[-1].append(done)
            opens[-1].append(separated and bool(done))
            separated = False
        elif token == ",":
            if separated and len(stack) > 1:
                stack[-1].append(None)
                opens[-1].append(False)
            separated = True
        elif len(stack) == 1:
            return BRACKETS
        else:
            stack[-1].append(token)
            opens[-1].append(False)
            separated = False
    return _closed(stack[0], opens[0]) if len(stack) == 1 else BRACKETS


def _cell(raw: Raw) -> Any:
    if raw is None:
        return None
    value = number(raw)
    if value is not None:
        return value
    text = raw if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else type(raw).__name__
    return None if _folded(text[:24]) in ("", "_", "?", "-", "…", "...", ".", "null", "None", "~") else visible(text, 24)


def _folded(text: str, *, lines: bool = False) -> str:
    """Full-width digits and signs as ASCII, U+2212 and dashes as minus, marks that nobody sees (they come along when a
    page is copied) left out; superscripts stay as they are, `3²` is not 32.
    """
    if not text.isascii():
        text = "".join(map(_fold, text))
    return text if lines else text.strip()


def _fold(character: str) -> str:
    match unicodedata.category(character):
        case "No":
            return character
        case "Cf":
            return ""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) > 4:
        return character  # some characters stand for whole phrases; no number is among them
    return "-" if plain in "−–‐" else "," if plain == "、" else plain


def _ragged(table: list[Any]) -> Text:
    lengths = [len(row) if isinstance(row, list) else 0 for row in table]
    for index, length in enumerate(lengths):
        if length != lengths[0]:
            return RAGGED.fill(row=index + 1, count=length, first=lengths[0])
    return RAGGED_DEEP


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
TOO_DEEP = Text("brackets are nested more than {limit} deep; write rows of numbers", "括号嵌套超过 {limit} 层；请按行写出数字")
MIXED = Text("numbers and lists stand side by side; put every row in brackets of its own", "数字和列表混在一起；请给每一行单独加括号")
BRACKETS = Text(
    "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]",
    "括号不成对，或括号外还有其他内容；请逐行书写，或写成 [[…], […]]",
)
RAGGED = Text(
    "row 1 is {first} long and row {row} is {count}; give every row the same number of cells, and write _ for a cell you leave blank",
    "第 1 行有 {first} 格，第 {row} 行有 {count} 格；每行格数应相同，空着的格请写 _",
)
RAGGED_DEEP = Text("rows differ in length; give every row the same number of cells", "各行长度不同；每行格数应相同")
