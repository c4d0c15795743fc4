"""Numbers as plain text: the given of a variant, arrays as aligned grids, and lines that fit a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.course.exercise import Exercise
from grader.course.layer import is_layers, layer_lines
from grader.course.values import shape
from grader.text import visible

WIDTH = 78
GAP = 4  # columns between two grids
CELL_LIMIT = 12  # a number has fewer; this only holds back what a student wrote in place of one
CLIP = 40


@dataclass(frozen=True, slots=True)
class Plane:
    """A table of numbers with its heading. `right` says which cells are right, where that is known."""

    heading: str
    rows: Sequence[Sequence[Any]]
    right: Sequence[Sequence[bool]] | None = None

    @property
    def size(self) -> str:
        return f"{len(self.rows)}×{len(self.rows[0]) if self.rows else 0}"

    @property
    def wrong(self) -> bool:
        return self.right is not None and not all(all(row) for row in self.right)

    @property
    def blank(self) -> bool:
        return any(value is None for row in self.rows for value in row)


def given_lines(given: Mapping[str, Any], width: int = WIDTH) -> list[str]:
    """The values of a variant: arrays as grids, side by side where they fit, then layers and code line by line, then the rest.

    An array that is wider than `width` is never cut: every number is needed.
    """
    grids = [grid(plane) for name, value in given.items() if is_array(value) for plane in planes(name, value)]
    lines = beside(grids, width)
    for name, value in given.items():
        if own := block(value):
            lines += [*([""] if lines else []), f"{name}:", *own]
    if rest := scalars(given):
        lines += [*([""] if lines else []), *wrapped(", ".join(rest), width)]
    return [visible(line, 100_000) for line in lines]


def scalars(given: Mapping[str, Any]) -> list[str]:
    """What is no array and stands on one line: `stride 2`, `padding [1, 2]`. What is null is not there."""
    return [f"{name} {_scalar(value)}" for name, value in given.items() if value is not None and not is_array(value) and not block(value)]


def _scalar(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) and value and all(isinstance(item, str) for item in value) else str(value)


def block(value: Any) -> list[str]:
    """The lines of a value that needs several: layers, or a text of several lines, such as code; none for any other."""
    if isinstance(value, str) and "\n" in value.strip():
        return value.strip("\n").splitlines()
    return layer_lines(value) if is_layers(value) else []


def unsaid(exercise: Exercise, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given without what students read elsewhere: lists of options beside the answer, layers and texts in the prompt that names them."""
    elsewhere = {part.options_from for part in exercise.parts}
    named = exercise.prompt.names
    return {name: value for name, value in given.items() if name not in elsewhere and not (name in named and (isinstance(value, str) or block(value)))}


def paragraphs(text: str, width: int = WIDTH) -> list[str]:
    """Words in lines of at most `width` columns; the lines they have of their own stay, and so does what these are indented by."""
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        indent = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
        lines += [indent + piece for piece in wrapped(line, width - len(indent))] or [""]
    return lines


def is_array(value: Any) -> bool:
    """Whether a value is drawn as a grid: nested lists of two axes or more. `[1, 2]` is a size."""
    return isinstance(value, list) and len(shape(value) or ()) >= 2


def planes(heading: str, array: Any, right: Any = None) -> list[Plane]:
    """An array as tables: itself, or with more than two axes one for each index before the last two, as torch counts them."""
    axes = len(shape(array) or ())
    if axes <= 1:
        return [Plane(heading, [array] if axes else [[array]], right if right is None else [right])]
    if axes == 2:
        return [Plane(heading, array, right)]
    inner = right if right is not None else [None] * len(array)
    return [plane for index, (part, mask) in enumerate(zip(array, inner, strict=True)) for plane in planes(f"{heading}[{index}]", part, mask)]


def grid(plane: Plane) -> list[str]:
    """A table as lines: its heading with its size, then its rows.

    Wrong cells stand in brackets and not only in colour, so the grid says the same in print, in a log and read aloud.
    """
    rows = [[cell(value) for value in row] for row in plane.rows]
    widths = [max((columns(text) for text in column), default=0) for column in zip(*rows, strict=True)]
    lines = []
    for index, row in enumerate(rows):
        right = plane.right[index] if plane.right is not None else [True] * len(row)
        marked = [f" {filled(text, size)} " if good else f"[{filled(text, size)}]" for text, size, good in zip(row, widths, right, strict=True)]
        lines.append(" ".join(marked).rstrip())
    return [f"{plane.heading} ({plane.size})", *lines]


def clipped(plane: Plane, limit: int = CLIP) -> Plane:
    """The start of a table that is far larger than any answer asked for: what a student pastes must not flood the view."""
    if plane.right is not None or (len(plane.rows) <= limit and all(len(row) <= limit for row in plane.rows)):
        return plane
    wide = any(len(row) > limit for row in plane.rows)
    rows = [[*row[:limit], *(["…"] if wide else [])] for row in plane.rows[:limit]]
    if len(plane.rows) > limit:
        rows.append(["…"] * len(rows[0]))
    return Plane(f"{plane.heading} {plane.size}", rows)


def cell(value: Any) -> str:
    return "_" if value is None else visible(str(value), CELL_LIMIT)


def beside(blocks: Sequence[Sequence[str]], width: int = WIDTH) -> list[str]:
    """Blocks of lines next to each other, as many as fit in `width`; the others below, after an empty line."""
    lines: list[str] = []
    for row in _rows(blocks, width):
        sizes = [max(map(columns, block)) for block in row]
        height = max(map(len, row))
        if lines:
            lines.append("")
        for index in range(height):
            texts = [block[index] if index < len(block) else "" for block in row]
            lines.append((" " * GAP).join(text + " " * (size - columns(text)) for text, size in zip(texts, sizes, strict=True)).rstrip())
    return lines


def _rows(blocks: Sequence[Sequence[str]], width: int) -> Iterator[list[Sequence[str]]]:
    row: list[Sequence[str]] = []
    used = 0
    for block in blocks:
        size = max(map(columns, block))
        if row and used + GAP + size > width:
            yield row
            row, used = [], 0
        used += size + (GAP if row else 0)
        row.append(block)
    if row:
        yield row


# One wide character or one run of others, with the punctuation that may not end the line before it or begin the one after it.
_TOKEN = re.compile(r"[（“《]*(?:[⺀-￮]|[^\s⺀-￮]+)[，。、：；？！）”》…]*|\s+")


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """A sentence in lines of at most `width` columns. Chinese may break between characters, other text between words."""
    lines: list[str] = []
    line, used = "", 0
    for token in _TOKEN.findall(" ".join(text.split())):
        if line and used + columns(token.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not token.isspace():
            line, used = line + token, used + columns(token)
        while used > width and not token.isspace():
            cut = next(n for n in range(len(line), 0, -1) if columns(line[:n]) <= width or n == 1)
            lines.append(line[:cut])
            line, used = line[cut:], columns(line[cut:])
    if line.strip():
        lines.append(line.rstrip())
    return lines


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian wide characters take two."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=8192)
def _columns_of(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def filled(text: str, width: int) -> str:
    return " " * (width - columns(text)) + text
