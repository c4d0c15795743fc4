"""T27: the windows of an input as the columns of a matrix, as `F.unfold` orders them.

A column is one window, windows in reading order. Its rows are the channels one after the other, each window read row by
row. `F.unfold` takes floating point only; in float64 whole numbers are exact.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, Size, mistake, pair, reference

MAX_CELLS = 1_000_000  # of the matrix: an instructor's slip of the finger must not fill the memory


def channels(input: Tensor) -> Tensor:
    """[C][H][W], from that or from one channel [H][W]."""
    return input if input.ndim == 3 else input[None]


def places(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> tuple[int, int]:
    """How many windows there are downwards and to the right; less than 1 where the kernel is larger than the padded input."""
    axes = zip(channels(input).shape[1:], pair(kernel_size), pair(stride), pair(padding), strict=True)
    down, right = ((side + 2 * own - reach) // max(1, step) + 1 for side, reach, step, own in axes)
    return down, right


def sides(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> tuple[int, int]:
    (height, width), (down, right) = pair(kernel_size), places(input, kernel_size, stride, padding)
    return len(channels(input)) * height * width, down * right


def unfolded(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Tensor:
    """The matrix.

    Raises:
        ValueError: it would have more than a million cells, or the padded input would.
    """
    rows, columns = sides(input, kernel_size, stride, padding)
    (down, right), maps = pair(padding), channels(input)
    if min(places(input, kernel_size, stride, padding)) > 0 and rows * columns > MAX_CELLS:
        raise ValueError(f"the matrix has more than {MAX_CELLS} cells; give a smaller input or kernel")
    if (maps.shape[1] + 2 * down) * (maps.shape[2] + 2 * right) * len(maps) > MAX_CELLS:
        raise ValueError(f"the padded input has more than {MAX_CELLS} cells; give less padding")
    return F.unfold(maps.double(), kernel_size, stride=stride, padding=padding).to(torch.int64)


def matrix(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    columns = unfolded(input, kernel_size, stride, padding)
    return {"columns": columns, "shape": (columns.shape[0], columns.shape[1])}


def wrong(answers: Answers, input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """The parts that a wrong method gets wrong: where the sides come out right, only the numbers are."""
    return {part: answer for part, answer in answers.items() if part != "shape" or answer != sides(input, kernel_size, stride, padding)}


# The same numbers in another order: wrong rules, each as a function of the same arguments.


def as_rows(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Tensor:
    return unfolded(input, kernel_size, stride, padding).T


def by_place(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Tensor:
    """Rows: the channels of one place of the window, then those of the next."""
    columns = unfolded(input, kernel_size, stride, padding)
    return columns.reshape(len(channels(input)), -1, columns.shape[1]).transpose(0, 1).reshape(columns.shape)


def by_columns(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Tensor:
    """Rows: each window read column by column."""
    columns = unfolded(input, kernel_size, stride, padding)
    height, width = pair(kernel_size)
    return columns.reshape(-1, height, width, columns.shape[1]).transpose(1, 2).reshape(columns.shape)


def downwards(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Tensor:
    """Columns: the windows below one another first."""
    columns = unfolded(input, kernel_size, stride, padding)
    down, right = places(input, kernel_size, stride, padding)
    return columns.reshape(-1, down, right).transpose(1, 2).reshape(columns.shape)


# When each wrong method could show, from the arguments alone.


def shows(rule: Callable[[Tensor, Size, Size, Size], Tensor]) -> Callable[..., bool]:
    """Whether another order could show: tried on an input of the same sides, its numbers made from their places alone.

    A single row, column or channel has one order only, and padding can leave so little of the input in the windows that
    two orders are the same.
    """

    def applies(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
        own = torch.arange(1, input.numel() + 1).reshape(input.shape)
        return not torch.equal(rule(own, kernel_size, stride, padding), unfolded(own, kernel_size, stride, padding))

    return applies


def several_channels(input: Tensor) -> bool:
    return len(channels(input)) > 1


def moves(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
    return places(input, kernel_size, stride, padding) != places(input, kernel_size, 1, padding)


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def smaller(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """The input has another number of cells than there are windows."""
    down, right = places(input, kernel_size, stride, padding)
    return down * right != channels(input)[0].numel()


@reference
def im2col(input: Tensor, kernel_size: Size, stride: Size = 1, padding: Size = 0) -> Answers:
    if input.ndim not in (2, 3):
        raise ValueError(f"the input has {input.ndim} axes; give channels of rows of numbers, [C][H][W] or [H][W]")
    return matrix(input, kernel_size, stride, padding)


@mistake("transposed-matrix", applies=shows(as_rows))
def transposed_matrix(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """A row for each window instead of a column."""
    columns = as_rows(input, kernel_size, stride, padding)
    return wrong({"columns": columns, "shape": (columns.shape[0], columns.shape[1])}, input, kernel_size, stride, padding)


@mistake("ci-forgotten", applies=several_channels)
def ci_forgotten(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Only the first channel."""
    return matrix(channels(input)[:1], kernel_size, stride, padding)


@mistake("pixel-major-order", applies=shows(by_place))
def pixel_major_order(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """All channels of a place one after the other, then the next place of the window."""
    return {"columns": by_place(input, kernel_size, stride, padding)}


@mistake("window-by-columns", applies=shows(by_columns))
def window_by_columns(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Reads each window column by column."""
    return {"columns": by_columns(input, kernel_size, stride, padding)}


@mistake("windows-downwards", applies=shows(downwards))
def windows_downwards(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Goes down with the window first, and then to the right."""
    return {"columns": downwards(input, kernel_size, stride, padding)}


@mistake("i2-columns", applies=smaller)
def i2_columns(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Counts a column for each cell of the input instead of each window."""
    return {"shape": (sides(input, kernel_size, stride, padding)[0], channels(input)[0].numel())}


@mistake("stride-ignored", applies=moves)
def stride_ignored(input: Tensor, kernel_size: Size, padding: Size) -> Answers:
    """Moves one cell at a time."""
    return matrix(input, kernel_size, 1, padding)


@mistake("pad-ignored", applies=padded)
def pad_ignored(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """No padding at all."""
    return wrong(matrix(input, kernel_size, stride, 0), input, kernel_size, stride, padding)
