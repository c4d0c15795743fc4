"""T7: which input rows an output row sees, and how many rows at the end no window reaches.

Sizes may be [H, W]: answers are then (rows, columns), and the column asked for counts too. With single numbers both axes are
alike; the column is given because a cell has one, and reading it in place of the row is a mistake of its own.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from grader.course import Answers, Implausible, OneOf, Size, follow, mistake, pair, reference

LARGE = 4096


class Axis(NamedTuple):
    """One axis: its sizes, and the number of the output row (or column) asked for."""

    size: int
    kernel: int
    stride: int
    padding: int
    place: int

    @property
    def left(self) -> int:
        """L: rows at the end of the padded input that no window reaches."""
        return (self.size + 2 * self.padding - self.kernel) % self.stride

    @property
    def start(self) -> int:
        """The input row at which the window begins; below 0 it begins in the padding."""
        return self.place * self.stride - self.padding

    @property
    def end(self) -> int:
        return self.start + self.kernel - 1

    @property
    def cut(self) -> bool:
        """The window reaches into the padding."""
        return self.start < 0 or self.end >= self.size

    def inside(self, row: int) -> int:
        """The input row nearest to one that may lie in the padding."""
        return min(max(row, 0), self.size - 1)


def axes(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> tuple[Axis, ...]:
    """Both axes where any size is [H, W], else the one of the rows."""
    sizes = (input_size, kernel_size, stride, padding)
    if any(isinstance(size, tuple) for size in sizes):
        return tuple(Axis(*axis) for axis in zip(*map(pair, sizes), (row, col), strict=True))
    return (Axis(*sizes, row),)  # type: ignore[arg-type]  # none of them is a tuple


def together(numbers: Sequence[int]) -> int | tuple[int, ...]:
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def each(found: Sequence[Axis], rule: Callable[[Axis], int]) -> int | tuple[int, ...]:
    return together([rule(axis) for axis in found])


@lru_cache(maxsize=65_536)
def seen(axis: Axis) -> tuple[int, int, int]:
    """(unused, first row, last row), read off torch's own windows over the numbers of the rows."""
    size, kernel, stride, padding, place = axis
    # torch first lays a layer over the axis and refuses what is none. The meta device, for large ones, would let bad values through:
    # these go to a real layer, which need not be large.
    good = min(size, kernel, stride, padding + 1) > 0
    device = "meta" if good and size + 2 * padding > LARGE else "cpu"
    input = torch.zeros(1, 1, size if good else min(size, LARGE), device=device)
    F.conv1d(input, torch.zeros(1, 1, kernel, device=device), stride=stride, padding=padding)
    rows = torch.arange(-padding, size + padding)
    windows = rows.unfold(0, kernel, stride)
    if not 0 <= place < len(windows):
        raise ValueError(f"the output has {len(windows)} cells along this axis, counted from 0, and none is number {place}; give another row or col")
    window = windows[place]
    visible = window[(window >= 0) & (window < size)]
    if not len(visible):
        raise ValueError("the window lies in the padding and sees no input; give another row or col")
    return int(rows[-1] - windows[-1, -1]), int(visible[0]), int(visible[-1])


@reference
def which_cells(input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, row: int = 0, col: int = 0) -> Answers:
    found = [seen(axis) for axis in axes(input_size, kernel_size, stride, padding, row, col)]
    unused, first, last = (together(numbers) for numbers in zip(*found, strict=True))
    return {"unused": unused, "first_row": first, "last_row": last}


@follow("last_row")
def from_first_row(first_row: Size, input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> int | tuple[int, ...]:
    """The last row that goes with the student's own first row."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    own = first_row if isinstance(first_row, tuple) else (first_row,)
    if len(own) != len(found):
        raise Implausible("one number where two are asked, or the other way round")
    for first, axis in zip(own, found, strict=True):
        if not 0 <= first < axis.size:
            raise Implausible("no row of the input")
        if axis.start < 0:
            raise Implausible("the window begins in the padding, so its last row does not follow from the first one inside")
    return together([axis.inside(first + axis.kernel - 1) for first, axis in zip(own, found, strict=True)])


# When each wrong method could show, from the arguments alone.


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def left_over(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> bool:
    return any(axis.left for axis in axes(input_size, kernel_size, stride, padding, 0, 0))


def strided(stride: Size) -> bool:
    return max(pair(stride)) > 1


def other_place(row: int, col: int) -> bool:
    return row != col


def reaches_padding(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> bool:
    return any(axis.cut for axis in axes(input_size, kernel_size, stride, padding, row, col))


# T7. A part is left out where the method is right there by the arguments: at the edge, where a window is cut off.


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Leaves the padding out, or counts rows from the corner of the padding: the window of row r then begins at row r·s."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    answers: Answers = {"unused": each(found, lambda a: (a.size - a.kernel) % a.stride)}
    if any(axis.padding and axis.place for axis in found):
        answers["first_row"] = each(found, lambda a: a.inside(a.place * a.stride))
    if any(axis.padding and axis.end < axis.size - 1 for axis in found):
        answers["last_row"] = each(found, lambda a: a.inside(a.place * a.stride + a.kernel - 1))
    return answers


@mistake("one-based")
def one_based(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Counts rows from 1: those of the input, or the output row that is asked about."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    firsts, lasts = [each(found, lambda a: a.inside(a.start) + 1)], [each(found, lambda a: a.inside(a.end) + 1)]
    if all(axis.place > 0 for axis in found):
        before = [axis._replace(place=axis.place - 1) for axis in found]
        if any(axis.start > 0 for axis in found):
            firsts.append(each(before, lambda a: a.inside(a.start)))
        if any(axis.end < axis.size for axis in before):
            lasts.append(each(before, lambda a: a.inside(a.end)))
    return {"first_row": OneOf(tuple(firsts)), "last_row": OneOf(tuple(lasts))}


@mistake("stride-ignored", applies=strided)
def stride_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Moves one row at a time: nothing is left over then, and output row r begins at input row r − p."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    slow = [axis._replace(stride=1) for axis in found]
    answers: Answers = {"unused": each(slow, lambda a: 0)} if any(axis.left for axis in found) else {}
    if any(axis.stride > 1 and axis.place and axis.start > 0 for axis in found):
        answers["first_row"] = each(slow, lambda a: a.inside(a.start))
    if any(axis.stride > 1 and axis.place for axis in found):
        answers["last_row"] = each(slow, lambda a: a.inside(a.end))
    return answers


@mistake("L-plus-1", applies=left_over)
def l_plus_1(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Counts the last row that is used as left over, too."""
    return {"unused": each(axes(input_size, kernel_size, stride, padding, 0, 0), lambda a: a.left + 1)}


@mistake("k-minus-L", applies=left_over)
def k_minus_l(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Gives what is lacking for one more kernel in place of what is there."""
    return {"unused": each(axes(input_size, kernel_size, stride, padding, 0, 0), lambda a: a.kernel - a.left)}


@mistake("pad-once", applies=padded)
def pad_once(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Adds the padding on one side only when counting what is left over."""
    return {"unused": each(axes(input_size, kernel_size, stride, padding, 0, 0), lambda a: (a.size + a.padding - a.kernel) % a.stride)}


@mistake("other-side", applies=left_over)
def other_side(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Lets the windows end with the last row, so that the rows left over lie at the start."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    answers: Answers = {}
    if any(axis.left and axis.start + axis.left > 0 for axis in found):
        answers["first_row"] = each(found, lambda a: a.inside(a.start + a.left))
    if any(axis.left and axis.end < axis.size - 1 for axis in found):
        answers["last_row"] = each(found, lambda a: a.inside(a.end + a.left))
    return answers


@mistake("hw-swapped", applies=other_place)
def hw_swapped(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Takes the column for the row, and the row for the column."""
    found = axes(input_size, kernel_size, stride, padding, col, row)
    return {"first_row": each(found, lambda a: a.inside(a.start)), "last_row": each(found, lambda a: a.inside(a.end))}


@mistake("not-clipped", applies=reaches_padding)
def not_clipped(input_size: Size, kernel_size: Size, stride: Size, padding: Size, row: int, col: int) -> Answers:
    """Numbers rows of the padding too: above the input from −1 upwards, below it on from the last row."""
    found = axes(input_size, kernel_size, stride, padding, row, col)
    answers: Answers = {}
    if any(axis.start < 0 for axis in found):
        answers["first_row"] = each(found, lambda a: a.start)
    if any(axis.end >= axis.size for axis in found):
        answers["last_row"] = each(found, lambda a: a.end)
    return answers
