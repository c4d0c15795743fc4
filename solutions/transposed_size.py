"""T25: the side of the output of a transposed convolution, (i - 1)s - 2p + d(k - 1) + op + 1."""

from functools import lru_cache

import torch
import torch.nn.functional as F

from grader.course import Answers, Size, mistake, pair, per_axis, reference

LARGE = 4096


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, stride: int, padding: int, output_padding: int, dilation: int) -> int:
    """The output's side, from torch.

    Large layers are computed on the meta device, which needs no memory for the numbers. It lets any output padding, a kernel
    of 0 and a dilation of 0 through, so what is no layer goes to a real one, which refuses it and need not be large.
    """
    good = min(input_size, kernel_size, stride, padding + 1, output_padding + 1, dilation) > 0 and output_padding < max(stride, dilation)
    large = input_size * stride + kernel_size * dilation > LARGE
    device = "meta" if good and large else "cpu"
    length = input_size if good else min(input_size, LARGE)
    input, kernel = torch.zeros(1, 1, length, device=device), torch.zeros(1, 1, kernel_size, device=device)
    output = F.conv_transpose1d(input, kernel, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation)
    return output.shape[-1]


def spread(i: int, k: int, s: int, p: int, op: int, d: int) -> int:
    """The formula, for sizes that a wrong method makes unlike any torch would take."""
    return (i - 1) * s - 2 * p + d * (k - 1) + op + 1


# When each wrong method could show, from the arguments alone.


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def output_padded(output_padding: Size) -> bool:
    return max(pair(output_padding)) > 0


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


def dilated(kernel_size: Size, dilation: Size) -> bool:
    return any(k > 1 and d > 1 for k, d in zip(pair(kernel_size), pair(dilation), strict=True))


def changes_size(kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> bool:
    """What is added at the ends, d(k - 1) + 1 + op - 2p, is not one stride; where it is, the output is i·s by right."""
    ends = zip(*map(pair, (kernel_size, stride, padding, output_padding, dilation)), strict=True)
    return any(d * (k - 1) + 1 + op - 2 * p != s for k, s, p, op, d in ends)


@reference
def transposed_size(input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, output_padding: Size = 0, dilation: Size = 1) -> Answers:
    return {"output_size": per_axis(side, input_size, kernel_size, stride, padding, output_padding, dilation)}


# T25, likeliest first. Each rule takes all sizes, so that its answer is a pair wherever the key is one.


@mistake("forward-formula")
def forward_formula(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Uses the formula of the convolution itself: floor((i + 2p - d(k - 1) - 1) / s) + 1."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: (i + 2 * p - d * (k - 1) - 1) // s + 1, *sizes)}


@mistake("i-times-s", applies=changes_size)
def i_times_s(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Takes the output for the input, s times as large."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: i * s, *sizes)}


@mistake("i-not-i-minus-1")
def i_not_i_minus_1(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Counts a step for each cell of the input; between i cells there are i - 1 steps."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i + 1, k, s, p, op, d), *sizes)}


@mistake("pad-adds", applies=padded)
def pad_adds(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Lets the padding make the output larger; here it cuts cells off."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, -p, op, d), *sizes)}


@mistake("pad-once", applies=padded)
def pad_once(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Cuts the padding off on one side only."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, 0, op - p, d), *sizes)}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Leaves the padding out."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, 0, op, d), *sizes)}


@mistake("op-forgotten", applies=output_padded)
def op_forgotten(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Leaves the output padding out."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, p, 0, d), *sizes)}


@mistake("op-twice", applies=output_padded)
def op_twice(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Adds the output padding on both sides; it is added on one."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, p, 2 * op, d), *sizes)}


@mistake("dil0", applies=wide)
def dil0(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Puts dilation - 1 into the formula, since elsewhere 0 means none: without dilation the kernel is then lost."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, p, op, d - 1), *sizes)}


@mistake("dil-ignored", applies=dilated)
def dil_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size, output_padding: Size, dilation: Size) -> Answers:
    """Takes the kernel as if it were not dilated."""
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return {"output_size": per_axis(lambda i, k, s, p, op, d: spread(i, k, s, p, op, 1), *sizes)}
