"""The picture of a worked example with arrays: where the kernel or window first lies, and which cell comes of it.

An exercise may do with its arrays what it likes. So the whole key is worked out here once more, in plain Python, in each way
known (convolution, ReLU after it, pooling, im2col, transposed, padded); only where one of them gives it, its picture is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from grader.course.templates import shown
from grader.reports.drawing import factor
from grader.reports.sliding import Pair, Rows, Sliding, is_matrix, size_pair, sliding
from grader.reports.svg import ARROW, HEAD, KERNEL, SHADE, SIDE, document, frame, heading, label, moved, signed, square, text_width
from grader.text import Text, both

Cell = tuple[int, int]
Box = tuple[int, int, int, int]  # top, left, height, width

BESIDE = 13  # columns side by side; more are stacked
LARGEST = 18  # cells along an axis

INPUT, PADDED, OUTPUT = Text("input", "输入"), Text("input with its padding", "填充后的输入"), Text("output", "输出")
CHANNEL = Text("{grid}, channel {channel}", "{grid}，通道 {channel}")
FIRST = Text("The first window and what comes of it", "第一个窗口及其结果")
WINDOW = Text(
    "Thick frames: the first window on the input, and what it gives. ×: the number of the kernel on a cell.",
    "粗框：输入上的第一个窗口及其结果。×：卷积核落在该格上的数。",
)
POOL = Text("Thick frames: the first window on the input, and the number it gives.", "粗框：输入上的第一个窗口，以及它得到的数。")
COLUMN = Text("Thick frames: the first window on the input, and the column it becomes.", "粗框：输入上的第一个窗口，以及它排成的列。")
SPREAD = Text("Thick frames: the first cell of the input, and where it lays the kernel.", "粗框：输入的第一格，以及它放置卷积核的位置。")
FRAME = Text("Thick frame: the input. Shaded: what padding adds.", "粗框：输入。阴影：填充的部分。")
SHADED = Text("Shaded: the zeros of the padding.", "阴影：填充的零。")


@dataclass(frozen=True)
class Grid:
    """An array as it is drawn. `box` is framed, `shaded` is the padding, `weights` are the kernel's numbers on its cells."""

    name: Text
    rows: Rows
    box: Box
    shaded: frozenset[Cell] = frozenset()
    weights: Mapping[Cell, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """What is read, what comes of it, and how to read the picture."""

    inputs: tuple[Grid, ...]
    output: Grid | None
    legend: Text
    workings: Text | None = None  # the arithmetic of the first window


def picture_of(given: Mapping[str, Any], key: Mapping[str, Any], titles: Mapping[str, Text | None] = MappingProxyType({})) -> Picture | None:
    """The picture for an example; None where its arrays do not lead to the key in a way known here, or are too large to read.

    Args:
        titles: of parts, by which an output is named where several arrays are asked for.
    """
    found = _padding(given, key) or _sliding(given, key, titles) or _transposed(given, key)
    if found is None or any(max(len(grid.rows), len(grid.rows[0])) > LARGEST for grid in (*found.inputs, *([found.output] if found.output else []))):
        return None
    return found


def picture_drawing(picture: Picture, language: str) -> str:
    """The picture as an SVG file."""
    x, y, tall, pieces = 0.0, 0.0, 0.0, []
    width = 0.0
    grids = [*picture.inputs, *([picture.output] if picture.output else [])]
    beside = sum(len(grid.rows[0]) for grid in grids) <= BESIDE
    for index, grid in enumerate(grids):
        own, down = max(len(grid.rows[0]) * SIDE, text_width(grid.name[language])), len(grid.rows) * SIDE + HEAD
        last = index > 0 and grid is picture.output
        if index:
            sign = ("→" if beside else "↓") if last else "+"
            if beside:
                pieces.append(label(x + ARROW / 2, HEAD + SIDE / 2, sign, 22))
                x += ARROW
            else:
                pieces.append(label(SIDE / 2, y + ARROW / 2, sign, 22))
                y += ARROW
        pieces.append(moved(x, y, [heading(grid.name[language]), moved(0, HEAD, _drawn(grid))]))
        width = max(width, x + own)
        tall = max(tall, y + down)
        x, y = (x + own, y) if beside else (x, y + down)
    return document(width, tall, FIRST[language], picture.legend[language], pieces, language, alone=True)


def _drawn(grid: Grid) -> list[str]:
    pieces = []
    for r, row in enumerate(grid.rows):
        for c, value in enumerate(row):
            weight = grid.weights.get((r, c))
            text = "0" if value is None else signed(shown(value))
            small = 17 if len(text) <= 3 else 14 if len(text) <= 4 else 12
            pieces.append(square(r, c, SHADE if (r, c) in grid.shaded else 0))
            pieces.append(label((c + (0.5 if weight is None else 0.36)) * SIDE, (r + (0.5 if weight is None else 0.34)) * SIDE, text, small))
            if weight is not None:
                pieces.append(label((c + 1) * SIDE - 4, (r + 0.77) * SIDE, f"×{signed(weight)}", 13, f'fill="{KERNEL}"', "end"))
    return [*pieces, frame(*grid.box, KERNEL)]


# A window that slides: convolutions, pools, im2col.


def _sliding(given: Mapping[str, Any], key: Mapping[str, Any], titles: Mapping[str, Text | None]) -> Picture | None:
    window = sliding(given)
    if window is None:
        return None
    several = sum(isinstance(answer, list) for answer in key.values()) > 1
    for name, rule in window.rules.items():
        own = window.output(rule)
        for part, answer in key.items():
            if own in (answer, [[answer]]):
                heading_words = (titles.get(part) if several else None) or OUTPUT
                output = Grid(heading_words, own, (0, 0, 1, 1)) if isinstance(answer, list) else None
                return Picture(_inputs(window), output, _legend(window, POOL if window.kernels is None else WINDOW), _workings(window, name))
    if window.kernels is None and window.columns in key.values():
        return Picture(_inputs(window), Grid(OUTPUT, window.columns, (0, 0, len(window.columns), 1)), _legend(window, COLUMN))
    return None


def _workings(window: Sliding, rule: str) -> Text:
    """The arithmetic of the first window, written out."""
    cells, weights = window.first
    result = window.rules[rule](cells, weights)
    numbers = [factor(cell or 0) for cell in cells]
    match rule:
        case "max":
            return both(f"max({', '.join(signed(cell) for cell in cells if cell is not None)}) = {signed(result)}")
        case "avg":
            return both(f"({' + '.join(numbers)}) / {len(numbers)} = {signed(shown(result))}")
    products = " + ".join(f"{number}·{factor(weight)}" for number, weight in zip(numbers, weights, strict=True))
    total = window.rules["convolution"](cells, weights)
    words = both(f"{products} + {factor(window.bias)} = {signed(total)}" if window.bias else f"{products} = {signed(total)}")
    return words if rule == "convolution" else Text(f"{words.en}; ReLU: {signed(result)}", f"{words.zh}；ReLU：{signed(result)}")


def _inputs(window: Sliding) -> tuple[Grid, ...]:
    height, width = window.reach
    name = PADDED if max(window.padding) else INPUT
    grids = []
    for channel, rows in enumerate(window.padded):
        shaded = frozenset((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is None)
        weights = {} if window.kernels is None else _laid(window.kernels[channel], window.dilation)
        own = Text(*(CHANNEL[lang].format(grid=name[lang], channel=channel) for lang in ("en", "zh"))) if len(window.channels) > 1 else name
        grids.append(Grid(own, rows, (0, 0, height, width), shaded, weights))
    return tuple(grids)


def _laid(kernel: Rows, dilation: Pair) -> dict[Cell, int]:
    return {(r * dilation[0], c * dilation[1]): weight for r, row in enumerate(kernel) for c, weight in enumerate(row)}


def _legend(window: Sliding, words: Text) -> Text:
    return words + SHADED if max(window.padding) else words


# Transposed convolutions, and padding by itself.


def _transposed(given: Mapping[str, Any], key: Mapping[str, Any]) -> Picture | None:
    input, kernel = given.get("input"), given.get("kernel")
    stride, padding = size_pair(given.get("stride", 1)), size_pair(given.get("padding", 0))
    if not is_matrix(input) or not is_matrix(kernel) or stride is None or padding is None or {"dilation", "output_padding"} & given.keys():
        return None
    height, width = ((len(input) - 1) * stride[0] + len(kernel), (len(input[0]) - 1) * stride[1] + len(kernel[0]))
    whole = [[0] * width for _ in range(height)]
    for r, row in enumerate(input):
        for c, cell in enumerate(row):
            for (down, across), weight in _laid(kernel, (1, 1)).items():
                whole[r * stride[0] + down][c * stride[1] + across] += cell * weight
    output = [row[padding[1] : width - padding[1]] for row in whole[padding[0] : height - padding[0]]]
    if not output or not output[0] or output not in key.values():
        return None
    # What padding cuts off at the top and left is gone from the first cell's kernel too.
    rows, columns = len(kernel) - padding[0], len(kernel[0]) - padding[1]
    if min(rows, columns) < 1:
        return None
    return Picture((Grid(INPUT, input, (0, 0, 1, 1)),), Grid(OUTPUT, output, (0, 0, min(rows, len(output)), min(columns, len(output[0])))), SPREAD)


def _padding(given: Mapping[str, Any], key: Mapping[str, Any]) -> Picture | None:
    input, padding, padded = given.get("input"), size_pair(given.get("padding")), key.get("padded")
    if not is_matrix(input) or not is_matrix(padded) or padding is None:
        return None
    (down, across), height, width = padding, len(input), len(input[0])
    if [row[across : across + width] for row in padded[down : down + height]] != input:
        return None
    shaded = frozenset((r, c) for r, row in enumerate(padded) for c in range(len(row)) if not (down <= r < down + height and across <= c < across + width))
    return Picture((Grid(PADDED, padded, (down, across, height, width), shaded),), None, FRAME)
