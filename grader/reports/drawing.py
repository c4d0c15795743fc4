"""One step of a convolution, drawn: the window on the padded input, the kernel in it, and the cell of the output it gives.

The drawing takes its colours from the page around it (`currentColor`), so it reads on light and on dark; frames and
signs, not colours, say what is meant. It says nothing of the key: where a result is shown is the caller's choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grader.course.values import Size, pair, shape
from grader.marking.record import PartGrade
from grader.reports.svg import ARROW, HEAD, KERNEL, SHADE, SIDE, document, frame, heading, label, moved, signed, square, text_width
from grader.reports.svg import WRONG as WRONG_COLOUR
from grader.text import Text
from grader.variants.given import cell, columns

Rows = Sequence[Sequence[int]]

BESIDE = 9  # columns of cells that are still legible side by side on a phone; more are stacked
LARGEST = 18  # cells along an axis; larger grids cannot be read as a drawing
TERMS = 49  # products that a formula spells out

MORE = Text("and {count} more products", "以及另外 {count} 个乘积")
INPUT = Text("input", "输入")
PADDED = Text("input with its padding", "填充后的输入")
OUTPUT = Text("your output", "你的输出")
TITLE = Text("The window for row {row}, column {column} of the output", "输出第 {row} 行第 {column} 列对应的窗口")
DESCRIPTION = Text(
    "The kernel lies on rows {top} to {bottom} and columns {left} to {right} of the {input}. There the input holds {window}; the kernel holds {kernel}.",
    "卷积核覆盖{input}的第 {top} 至 {bottom} 行、第 {left} 至 {right} 列。窗口中的数：{window}；卷积核：{kernel}。",
)
ANSWERED = Text("Your cell there: {answer}.", "你在该格填的是：{answer}。")
WRONG = Text("It is wrong.", "该格错误。")


@dataclass(frozen=True)
class Step:
    """The window that gives one cell of a convolution's output. `row` and `column` count from 0, as in the arrays."""

    input: Rows
    kernel: Rows
    stride: tuple[int, int]
    padding: tuple[int, int]
    row: int
    column: int

    @property
    def top(self) -> int:
        return self.row * self.stride[0]

    @property
    def left(self) -> int:
        return self.column * self.stride[1]

    @property
    def height(self) -> int:
        return len(self.kernel)

    @property
    def width(self) -> int:
        return len(self.kernel[0])

    @cached_property
    def padded(self) -> Rows:
        rows, columns = self.padding
        empty = [[0] * (len(self.input[0]) + 2 * columns)] * rows
        return [*empty, *([0] * columns + list(row) + [0] * columns for row in self.input), *empty]

    @property
    def window(self) -> Rows:
        """The numbers of the padded input under the kernel."""
        return [row[self.left : self.left + self.width] for row in self.padded[self.top : self.top + self.height]]

    @property
    def result(self) -> int:
        return sum(a * k for numbers, weights in zip(self.window, self.kernel, strict=True) for a, k in zip(numbers, weights, strict=True))


def step_of(part: PartGrade, given: Mapping[str, Any]) -> Step | None:
    """The window to show for a wrong array: of its first wrong cell, or the first of all where the shape is wrong.

    None where there is nothing to show, or where these arrays do not lead to the key by one plain convolution: another
    exercise may have an `input` and a `kernel` and do something else with them, and a drawing must never be wrong.
    """
    first = first_wrong(part.cells) if _matrix(part.cells) else (0, 0)
    if first is None or not isinstance(part.answer, list) or not all(_matrix(array) for array in (given.get("input"), given.get("kernel"), part.key)):
        return None
    stride, padding = _size(given.get("stride", 1), 1), _size(given.get("padding", 0), 0)
    if stride is None or padding is None:
        return None
    step = Step(given["input"], given["kernel"], stride, padding, *first)
    if max(len(step.padded), len(step.padded[0])) > LARGEST or _convolved(step) != part.key:
        return None
    return step


def first_wrong(cells: Sequence[Sequence[bool]]) -> tuple[int, int] | None:
    return next(((r, c) for r, row in enumerate(cells) for c, right in enumerate(row) if not right), None)


def formula(step: Step, language: str, *, result: bool) -> list[str]:
    """`1·1 + 2·2 +`, … `= 10`, a piece for each row of the kernel; the result is left open unless it may be shown."""
    rows = zip(step.window, step.kernel, strict=True)
    pieces = [" + ".join(f"{factor(a)}·{factor(k)}" for a, k in zip(numbers, weights, strict=True)) for numbers, weights in rows]
    if step.height * step.width > TERMS:
        spelled = max(1, TERMS // step.width)
        pieces = [*pieces[:spelled], f"… ({MORE.fill(count=(step.height - spelled) * step.width)[language]})"]
    return [f"{piece} +" for piece in pieces[:-1]] + [f"{pieces[-1]} = {signed(step.result) if result else '?'}"]


def window(step: Step, answer: Any, cells: Any, language: str) -> str:
    """The drawing as SVG to stand inline in a page.

    Args:
        answer: the student's array; drawn where it has two axes and is of a legible size.
        cells: which of its cells are right; None where that is not known (the shape differs).
    """
    shown = answer if _matrix(answer) and max(len(answer), len(answer[0])) <= LARGEST else None
    inside, side = _input_grid(step), [] if shown is None else _output_grid(step, shown, cells)
    input_heading = (PADDED if any(step.padding) else INPUT)[language]
    across, down = len(step.padded[0]) * SIDE, len(step.padded) * SIDE + HEAD
    width, height = max(across, text_width(input_heading)), down
    pieces = [heading(input_heading), moved(0, HEAD, inside)]
    if shown is not None:
        own, own_down = max(len(shown[0]) * SIDE, text_width(OUTPUT[language])), len(shown) * SIDE + HEAD
        if len(step.padded[0]) + len(shown[0]) <= BESIDE:
            pieces += [label(width + ARROW / 2, HEAD + SIDE / 2, "→", 22), moved(width + ARROW, 0, [heading(OUTPUT[language]), moved(0, HEAD, side)])]
            width, height = width + ARROW + own, max(down, own_down)
        else:
            pieces += [label(SIDE / 2, down + ARROW / 2, "↓", 22), moved(0, down + ARROW, [heading(OUTPUT[language]), moved(0, HEAD, side)])]
            width, height = max(width, own), down + ARROW + own_down
    title = TITLE.fill(row=step.row + 1, column=step.column + 1)[language]
    return document(width, height, title, _described(step, shown, cells)[language], pieces, language)


def _input_grid(step: Step) -> list[str]:
    rows, columns = step.padding
    pieces = []
    for r, row in enumerate(step.padded):
        for c, value in enumerate(row):
            padding = not (rows <= r < len(step.padded) - rows and columns <= c < len(row) - columns)
            covered = step.top <= r < step.top + step.height and step.left <= c < step.left + step.width
            weight = step.kernel[r - step.top][c - step.left] if covered else None
            pieces.append(square(r, c, SHADE if padding else 0))
            # A covered cell holds two numbers: the input's above, the kernel's in the lower right corner.
            pieces.append(label(c * SIDE + SIDE * (0.36 if covered else 0.5), r * SIDE + SIDE * (0.34 if covered else 0.5), signed(value), 17))
            if weight is not None:
                pieces.append(label((c + 1) * SIDE - 4, (r + 0.77) * SIDE, f"×{signed(weight)}", 13, f'fill="{KERNEL}"', "end"))
    return [*pieces, frame(step.top, step.left, step.height, step.width, KERNEL)]


def _output_grid(step: Step, answer: Sequence[Sequence[Any]], cells: Any) -> list[str]:
    pieces = []
    for r, row in enumerate(answer):
        for c, value in enumerate(row):
            right = cells is None or cells[r][c]
            pieces += [square(r, c, 0), label((c + 0.5) * SIDE, (r + (0.5 if right else 0.58)) * SIDE, _short(value), 17)]
            if not right:
                pieces.append(label((c + 0.82) * SIDE, (r + 0.22) * SIDE, "✗", 13, f'fill="{WRONG_COLOUR}" font-weight="700"'))
    wrong = cells is not None and not cells[step.row][step.column]
    return [*pieces, frame(step.row, step.column, 1, 1, WRONG_COLOUR if wrong else KERNEL)]


def _described(step: Step, shown: Any, cells: Any) -> Text:
    place = {"top": step.top + 1, "bottom": step.top + step.height, "left": step.left + 1, "right": step.left + step.width}
    numbers = {"window": _spoken(step.window), "kernel": _spoken(step.kernel)}
    about = PADDED if any(step.padding) else INPUT
    words = Text(DESCRIPTION.en.format(input=about.en, **numbers, **place), DESCRIPTION.zh.format(input=about.zh, **numbers, **place))
    if shown is not None and cells is not None:
        words = words + ANSWERED.fill(answer=cell(shown[step.row][step.column]))
        words = words if cells[step.row][step.column] else words + WRONG
    return words


def _spoken(rows: Rows) -> str:
    return "; ".join(" ".join(map(str, row)) for row in rows)


def _convolved(step: Step) -> list[list[int]]:
    """The whole output, by the window's own arithmetic."""
    down = (len(step.padded) - step.height) // step.stride[0] + 1
    across = (len(step.padded[0]) - step.width) // step.stride[1] + 1
    return [[Step(step.input, step.kernel, step.stride, step.padding, r, c).result for c in range(across)] for r in range(down)]


def _matrix(array: Any) -> bool:
    return isinstance(array, list) and len(shape(array) or ()) == 2 and bool(array[0])


def _size(value: Any, least: int) -> tuple[int, int] | None:
    """A stride or padding as (H, W); None where it is said in another way, as `same` is."""
    size: Size = tuple(value) if isinstance(value, list) and len(value) == 2 else value
    height, width = pair(size)
    return (height, width) if type(height) is type(width) is int and min(height, width) >= least else None


def factor(value: int) -> str:
    """A number as it stands in a product."""
    return f"({signed(value)})" if value < 0 else str(value)


def _short(value: Any) -> str:
    text = cell(value)
    return text.replace("-", "−") if columns(text) <= 5 else text[:3] + "…"
