"""Tables as people write them: nested lists, rows on lines, or a pasted print of NumPy or torch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from grader.course.values import shape
from grader.marking.number import LIMIT, folded, number
from grader.text import Text, visible

MAX_AXES = 6


def read_table(raw: Any) -> list[Any] | Text:
    """Nested lists from nested lists, rows on lines, or a pasted print of NumPy or torch; or what is wrong with it.

    A cell that is blank is None, one that is no number stays text: both are wrong cells, never a void answer.
    """
    if isinstance(raw, str):
        text = folded(raw, lines=True)
        return _bracketed(text) if "[" in text or "]" in text else _rows(text.splitlines())
    if not isinstance(raw, list):
        return [[_cell(raw)]]
    if all(isinstance(item, str) and number(item) is None and folded(item) for item in raw):
        lines = [folded(item) for item in raw]
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
        if depth and isinstance(item, str) and number(item) is None and len(parts := _split(folded(item))) > 1:
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


def _cell(raw: Any) -> Any:
    if raw is None:
        return None
    value = number(raw)
    if value is not None:
        return value
    text = raw if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else type(raw).__name__
    return None if folded(text[:24]) in ("", "_", "?", "-", "…", "...", ".", "null", "None", "~") else visible(text, 24)


def ragged(table: list[Any]) -> Text:
    lengths = [len(row) if isinstance(row, list) else 0 for row in table]
    for index, length in enumerate(lengths):
        if length != lengths[0]:
            return RAGGED.fill(row=index + 1, count=length, first=lengths[0])
    return RAGGED_DEEP


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
