"""A given as people look at it: arrays as grids of numbers, sizes in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.course.templates import shown
from grader.course.values import cells, shape

GAP = "      "


def given_lines(given: Mapping[str, Any], width: int = 78) -> list[str]:
    """The arrays of a given as grids, side by side where they fit in `width` columns; below them its other values."""
    blocks = [grid_lines(value, name) for name, value in given.items() if isinstance(value, list) and len(shape(value) or ()) == 2]
    scalars = [f"{name} {shown(value)}" for name, value in given.items() if not isinstance(value, list) or len(shape(value) or ()) < 2]
    lines: list[str] = []
    row: list[list[str]] = []
    for block in blocks:
        if row and sum(len(b[0]) + len(GAP) for b in row) + len(block[0]) > width:
            lines += [*_beside(row), ""]
            row = []
        row.append(block)
    lines += _beside(row)
    return [*lines, ", ".join(scalars)] if scalars else lines


def grid_lines(array: list[list[Any]], name: str = "") -> list[str]:
    """A table of numbers in aligned columns, all lines of one length, under its name."""
    text = [[str(cell) for cell in row] for row in array]
    side = max(len(cell) for cell in cells(text))
    lines = ([name] if name else []) + [" ".join(cell.rjust(side) for cell in row) for row in text]
    longest = max(map(len, lines))
    return [line.ljust(longest) for line in lines]


def _beside(blocks: list[list[str]]) -> list[str]:
    if not blocks:
        return []
    height = max(map(len, blocks))
    filled = [block + [" " * len(block[0])] * (height - len(block)) for block in blocks]
    return [GAP.join(parts).rstrip() for parts in zip(*filled, strict=True)]
