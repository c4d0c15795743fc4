"""T17: the side of the output of max pooling, with torch's default stride and its rule for the last window of `ceil_mode`.

Of the wrong methods known for such questions, `channels-halved` cannot apply: no channels are given.
"""

from fractions import Fraction
from functools import lru_cache

import torch
import torch.nn.functional as F

from grader.course import Answers, OneOf, Size, mistake, pair, per_axis, reference

LARGE = 4096


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """The output's side, from torch's pooling of one column.

    Large ones are computed on the meta device, which needs no memory for the numbers. For pooling it refuses all that the real
    one refuses: padding above half the kernel, whatever the dilation, among them.
    """
    device = "meta" if input_size > LARGE else "cpu"
    column = torch.zeros(1, 1, input_size, 1, device=device)
    return F.max_pool2d(column, (kernel_size, 1), (stride, 1), (padding, 0), (dilation, 1), ceil_mode).shape[-2]


def steps(n: int, s: int, ceil_mode: bool) -> int:
    """How many steps of s there are in n cells, a last part of one counted with `ceil_mode`."""
    return -(-n // s) if ceil_mode else n // s


def span(i: int, k: int, p: int, d: int) -> int:
    """n = i + 2p - d(k - 1) - 1: how many cells the kernel can move."""
    return i + 2 * p - d * (k - 1) - 1


def cut(i: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> bool:
    """The window that `ceil_mode` would add begins beyond the input and the padding before it, so torch drops it."""
    n = span(i, k, p, d)
    return ceil_mode and n % s > 0 and steps(n, s, True) * s >= i + p


def places(i: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    """The formula, for sizes that a wrong method makes unlike any torch would take."""
    return steps(span(i, k, p, d), s, ceil_mode) + 1 - cut(i, k, s, p, d, ceil_mode)


# When each wrong method could show, from the arguments alone. An axis is (i, k, s, p, d).

Axis = tuple[int, int, int, int, int]


def axes(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size) -> tuple[Axis, Axis]:
    """Both axes, with torch's default stride filled in."""
    first, second = zip(*map(pair, (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)), strict=True)
    return first, second


def default_stride(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size) -> bool:
    return stride is None and any(k > 1 and span(i, k, p, d) > 0 for i, k, s, p, d in axes(input_size, kernel_size, stride, padding, dilation))


def not_blocks(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    """Windows laid side by side without padding are i / s by right. So it is, rounded up, where a last window is dropped: windows then
    begin at every multiple of s below i + p, and with p at most k / 2 none of these lies at i or beyond."""
    found = axes(input_size, kernel_size, stride, padding, dilation)
    return any((k, p, d) != (s, 0, 1) and not cut(i, k, s, p, d, ceil_mode) for i, k, s, p, d in found)


def rounds_down(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    return not ceil_mode and any(span(i, k, p, d) % s for i, k, s, p, d in axes(input_size, kernel_size, stride, padding, dilation))


def rounds_up(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    """Rounding up adds a window; where torch drops it, rounding down gives the same."""
    found = axes(input_size, kernel_size, stride, padding, dilation)
    return ceil_mode and any(span(i, k, p, d) % s and not cut(i, k, s, p, d, True) for i, k, s, p, d in found)


def drops_last(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    return any(cut(*axis, ceil_mode) for axis in axes(input_size, kernel_size, stride, padding, dilation))


def keeps_last(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    """Where the last window is dropped, a forgotten 1 makes up for it."""
    return not all(cut(*axis, ceil_mode) for axis in axes(input_size, kernel_size, stride, padding, dilation))


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def dilated(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> bool:
    """Where a last window is dropped, a smaller kernel has no more places: the limit is where windows may begin."""
    found = axes(input_size, kernel_size, stride, padding, dilation)
    return any(k > 1 and d > 1 and not cut(i, k, s, p, d, ceil_mode) for i, k, s, p, d in found)


@reference
def pool_size(input_size: Size, kernel_size: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1, ceil_mode: bool = False) -> Answers:
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: side(i, k, s, p, d, ceil_mode), *sizes)}


# T17, likeliest first. Each rule takes all sizes, so that its answer is a pair wherever the key is one.


@mistake("stride-default-1", applies=default_stride)
def stride_default_1(input_size: Size, kernel_size: Size, padding: Size, dilation: Size) -> Answers:
    """Takes 1 for the stride that is not given, as a convolution would; pooling moves by its kernel."""
    return {"output_size": per_axis(lambda i, k, p, d: span(i, k, p, d) + 1, input_size, kernel_size, padding, dilation)}


@mistake("n-over-s", applies=not_blocks)
def n_over_s(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Answers:
    """Divides the input by the stride, rounded as the layer says or not at all."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    rounded, left = per_axis(lambda i, k, s, p, d: steps(i, s, ceil_mode), *sizes), per_axis(lambda i, k, s, p, d: Fraction(i, s), *sizes)
    return {"output_size": OneOf((rounded,) if rounded == left else (rounded, left))}


@mistake("ceil-always", applies=rounds_down)
def ceil_always(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size) -> Answers:
    """Rounds up although `ceil_mode` is off."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: steps(span(i, k, p, d), s, True) + 1, *sizes)}


@mistake("ceil-ignored", applies=rounds_up)
def ceil_ignored(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size) -> Answers:
    """Rounds down although `ceil_mode` is on."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: steps(span(i, k, p, d), s, False) + 1, *sizes)}


@mistake("no-last-window-rule", applies=drops_last)
def no_last_window_rule(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size) -> Answers:
    """Rounds up and keeps a last window that begins in the padding after the input."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: steps(span(i, k, p, d), s, True) + 1, *sizes)}


@mistake("kernel-term-lost", applies=wide)
def kernel_term_lost(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Answers:
    """Leaves the kernel out of the formula: (i + 2p − 1) / s + 1."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: steps(i + 2 * p - 1, s, ceil_mode) + 1, *sizes)}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Answers:
    """Leaves the padding out."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: places(i, k, s, 0, d, ceil_mode), *sizes)}


@mistake("dil-ignored", applies=dilated)
def dil_ignored(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Answers:
    """Takes the kernel as if it were not dilated."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: places(i, k, s, p, 1, ceil_mode), *sizes)}


@mistake("no-plus1", applies=keeps_last)
def no_plus1(input_size: Size, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Answers:
    """Counts the steps, not the places."""
    sizes = (input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, d: steps(span(i, k, p, d), s, ceil_mode), *sizes)}
