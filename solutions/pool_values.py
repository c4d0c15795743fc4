"""T16: max and average pooling.

Averages are exact fractions: on integers `F.avg_pool2d` drops what is left over in the division, and in floating point a
ninth is not exact. So torch adds up each window (in float64, where whole numbers are exact), and the division is ours.
As torch has it, the average counts the zeros of the padding, and the padding takes no part in a maximum. Equal numbers
in a window do not matter here: they decide only where a gradient goes.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, derived, mistake, pair, reference

MAX_CELLS = 1_000_000  # of the padded input: an instructor's slip of the finger must not fill the memory


def area(kernel_size: Size) -> int:
    height, width = pair(kernel_size)
    return height * width


def framed(input: Tensor, padding: Size) -> Tensor:
    rows, columns = pair(padding)
    return F.pad(input, (columns, columns, rows, rows))


def summed(input: Tensor, kernel_size: Size, stride: Size, padding: Size, *, ceil_mode: bool = False) -> Tensor:
    """The sum of each window; the padding's zeros add nothing."""
    sums = F.avg_pool2d(input.double().reshape(-1, *input.shape[-2:]), kernel_size, stride, padding, ceil_mode, divisor_override=1)
    return sums.to(torch.int64).reshape(*input.shape[:-2], *sums.shape[-2:])


def largest(input: Tensor, kernel_size: Size, stride: Size, padding: Size, *, ceil_mode: bool = False) -> Tensor:
    found = F.max_pool2d(input.reshape(-1, *input.shape[-2:]), kernel_size, stride, padding, ceil_mode=ceil_mode)
    return found.reshape(*input.shape[:-2], *found.shape[-2:])


def by_cell(rule: Callable[..., Any], *arrays: Any) -> Any:
    """A rule on the cells of nested lists that lie at the same place."""
    if not isinstance(arrays[0], list):
        return rule(*arrays)
    return [by_cell(rule, *items) for items in zip(*arrays, strict=True)]


def averaged(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Any:
    return by_cell(lambda total: Fraction(total, area(kernel_size)), summed(input, kernel_size, stride, padding).tolist())


def pooled(input: Tensor, mode: str, kernel_size: Size, stride: Size, padding: Size) -> Any:
    if mode == "avg":
        return averaged(input, kernel_size, stride, padding)
    return largest(input, kernel_size, stride, padding)


# When each wrong method could show, from the arguments alone.


def is_max(mode: str, kernel_size: Size) -> bool:
    return mode == "max" and area(kernel_size) > 1


def is_average(mode: str, kernel_size: Size) -> bool:
    return mode == "avg" and area(kernel_size) > 1


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def spans(input: Tensor, kernel_size: Size, padding: Size) -> tuple[int, int]:
    """How many cells the window can move down and to the right."""
    (height, width), (rows, columns) = pair(kernel_size), pair(padding)
    return input.shape[-2] + 2 * rows - height, input.shape[-1] + 2 * columns - width


def moves(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """A stride above 1, on an axis with more than one place."""
    return any(step > 1 and span > 0 for step, span in zip(pair(stride), spans(input, kernel_size, padding), strict=True))


def not_side_by_side(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """The windows overlap or leave gaps, on an axis with more than one place."""
    steps = zip(pair(stride), pair(kernel_size), spans(input, kernel_size, padding), strict=True)
    return any(step != side and span >= min(step, side) for step, side, span in steps)


def places_in_ceil_mode(span: int, step: int, cells: int) -> int:
    """Places along an axis when a last window may stick out, so long as it starts inside the input or the padding before it.

    Args:
        cells: of the input and the padding before it.
    """
    count = -(-span // step) + 1
    return count - 1 if (count - 1) * step >= cells else count


def left_over(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """Cells at the end that no window reaches, and that one more window could."""
    axes = zip(spans(input, kernel_size, padding), pair(stride), input.shape[-2:], pair(padding), strict=True)
    return any(places_in_ceil_mode(span, step, cells + before) > span // step + 1 for span, step, cells, before in axes)


def channels(input: Tensor) -> bool:
    return input.ndim == 3 and len(input) > 1


@reference
def pool_values(input: Tensor, mode: str, kernel_size: Size, stride: Size, padding: Size = 0) -> Answers:
    if mode not in ("max", "avg"):
        raise ValueError(f"there is no mode '{mode}'; write max or avg")
    if input.ndim not in (2, 3):
        raise ValueError(f"the input has {input.ndim} axes; give rows of numbers, [H][W] or [C][H][W]")
    if not input.numel():
        raise ValueError("the input has no cells; give rows of numbers")
    rows, columns = pair(padding)
    if (input.shape[-2] + 2 * rows) * (input.shape[-1] + 2 * columns) > MAX_CELLS:
        raise ValueError(f"the padded input has more than {MAX_CELLS} cells; give less padding")
    return {"output": pooled(input, mode, kernel_size, stride, padding)}


@derived("stride")
def stride(kernel_size: Size) -> Size:
    """Where no stride is given, torch lays the windows side by side."""
    return kernel_size


# Another rule in each window.


@mistake("avg-for-max", applies=is_max)
def avg_for_max(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """The average where the maximum was asked."""
    return {"output": averaged(input, kernel_size, stride, padding)}


@mistake("max-for-avg", applies=is_average)
def max_for_avg(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """The maximum where the average was asked."""
    return {"output": largest(input, kernel_size, stride, padding)}


@mistake("sum-for-avg", applies=is_average)
def sum_for_avg(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Adds up and does not divide."""
    return {"output": summed(input, kernel_size, stride, padding)}


@mistake("rounded", applies=is_average)
def rounded(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Whole numbers in place of fractions: down, toward 0 as torch does with integers, or to nearest."""
    exact = averaged(input, kernel_size, stride, padding)
    ways: tuple[Callable[[Fraction], int], ...] = (lambda cell: cell.__floor__(), int, lambda cell: (cell + Fraction(1, 2)).__floor__())
    return {"output": OneOf(tuple(by_cell(way, exact) for way in ways))}


# The padding.


@mistake("zero-pad-in-max", applies=lambda mode, kernel_size, padding: is_max(mode, kernel_size) and padded(padding))
def zero_pad_in_max(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Takes the padding for zeros, which beat negative numbers."""
    return {"output": largest(framed(input, padding), kernel_size, stride, 0)}


@mistake("count-pad-wrong", applies=lambda mode, kernel_size, padding: is_average(mode, kernel_size) and padded(padding))
def count_pad_wrong(input: Tensor, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Divides by the cells of the input in the window, without those of the padding."""
    totals, counts = (summed(array, kernel_size, stride, padding).tolist() for array in (input, torch.ones_like(input)))
    return {"output": by_cell(Fraction, totals, counts)}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input: Tensor, mode: str, kernel_size: Size, stride: Size) -> Answers:
    """No padding at all."""
    return {"output": pooled(input, mode, kernel_size, stride, 0)}


# The places of the window.


@mistake("stride1", applies=moves)
def stride1(input: Tensor, mode: str, kernel_size: Size, padding: Size) -> Answers:
    """Moves one cell at a time, as a convolution does by default."""
    return {"output": pooled(input, mode, kernel_size, 1, padding)}


@mistake("stride-equals-kernel", applies=not_side_by_side)
def stride_equals_kernel(input: Tensor, mode: str, kernel_size: Size, padding: Size) -> Answers:
    """Lays the windows side by side, as pooling does by default."""
    return {"output": pooled(input, mode, kernel_size, kernel_size, padding)}


@mistake("ceil-always", applies=left_over)
def ceil_always(input: Tensor, mode: str, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Pools what is left over at the end as well: an average over the cells there, or over as many as the window has."""
    if mode == "max":
        return {"output": largest(input, kernel_size, stride, padding, ceil_mode=True)}
    totals = summed(input, kernel_size, stride, padding, ceil_mode=True).tolist()
    counts = summed(torch.ones_like(framed(input, padding)), kernel_size, stride, 0, ceil_mode=True).tolist()
    whole = by_cell(lambda total: Fraction(total, area(kernel_size)), totals)
    return {"output": OneOf((by_cell(Fraction, totals, shortened(counts, totals)), whole))}


def shortened(counts: Any, totals: Any) -> Any:
    """Counts of the padded input, whose last window may start in padding that torch counts as outside."""
    if not isinstance(totals, list):
        return counts
    return [shortened(own, wanted) for own, wanted in zip(counts, totals, strict=False)]


@mistake("max-over-channels", applies=channels)
def max_over_channels(input: Tensor, mode: str, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Pools across the channels too, and is left with one map."""
    if mode == "max":
        return {"output": largest(input, kernel_size, stride, padding).amax(0)}
    size = area(kernel_size) * len(input)
    return {"output": by_cell(lambda total: Fraction(total, size), summed(input, kernel_size, stride, padding).sum(0).tolist())}
