"""T21: the output of a dilated convolution. Dilation 1 is the plain one; d leaves d - 1 cells between two of the kernel.

Of the wrong methods known for dilated sizes, `k-plus-d` (a reach of k + d) cannot apply here: it says how far the kernel
reaches, and not where its numbers lie, so no output follows from it.
"""

import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, check_rows, mistake, pair, reference


def dilated(input: Tensor, kernel: Tensor, dilation: Size, stride: Size = 1) -> Tensor:
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, dilation=dilation)[0, 0]


def spread(array: Tensor, step: Size) -> Tensor:
    """The array with step - 1 zeros after every cell, the last ones included."""
    down, right = pair(step)
    found = array.new_zeros(array.shape[0] * down, array.shape[1] * right)
    found[::down, ::right] = array
    return found


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def apart(kernel: Tensor, dilation: Size) -> tuple[bool, bool]:
    """Whether cells of the kernel are moved apart, downwards and to the right."""
    down, right = pair(dilation)
    return down > 1 and kernel.shape[0] > 1, right > 1 and kernel.shape[1] > 1


def any_apart(kernel: Tensor, dilation: Size) -> bool:
    return any(apart(kernel, dilation))


def moves(input: Tensor, kernel: Tensor, dilation: Size) -> bool:
    """A step of the window can be seen where the dilation is above 1, and more than one window of the undilated kernel fits."""
    axes = zip(input.shape, kernel.shape, pair(dilation), strict=True)
    return any(step > 1 and side > reach for side, reach, step in axes)


@reference
def dilation_array(input: Tensor, kernel: Tensor, dilation: Size = 1) -> Answers:
    check_rows(input=input, kernel=kernel)
    return {"output": dilated(input, kernel, dilation)}


@mistake("dil-ignored", applies=any_apart)
def dil_ignored(input: Tensor, kernel: Tensor) -> Answers:
    """Lays the kernel on without gaps."""
    return {"output": dilated(input, kernel, 1)}


@mistake("dil0", applies=wide)
def dil0(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """Leaves d cells between two of the kernel, as if dilation 0 were the plain convolution."""
    down, right = pair(dilation)
    return {"output": dilated(input, kernel, (down + 1, right + 1))}


@mistake("stride-for-dilation", applies=moves)
def stride_for_dilation(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """Moves the kernel by the dilation instead of spreading it."""
    return {"output": dilated(input, kernel, 1, stride=dilation)}


@mistake("dil-one-axis", applies=lambda kernel, dilation: all(apart(kernel, dilation)))
def dil_one_axis(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """Spreads the kernel along its rows only, or along its columns only."""
    down, right = pair(dilation)
    return {"output": OneOf((dilated(input, kernel, (1, right)), dilated(input, kernel, (down, 1))))}


@mistake("k-times-d", applies=lambda dilation: max(pair(dilation)) > 1)
def k_times_d(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """Writes zeros after the last cell of the kernel too: a reach of k·d, and places lost at the end."""
    return {"output": dilated(input, spread(kernel, dilation), 1)}


@mistake("input-spread", applies=lambda input, dilation: any(step > 1 and side > 1 for side, step in zip(input.shape, pair(dilation), strict=True)))
def input_spread(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """Spreads the input instead of the kernel."""
    down, right = pair(dilation)
    if input.numel() * down * right > 1_000_000:
        raise ValueError("too large to spread")
    return {"output": dilated(spread(input, dilation)[: 1 - down or None, : 1 - right or None], kernel, 1)}


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor, dilation: Size) -> Answers:
    """The kernel turned by 180 degrees: convolution as image processing defines it."""
    return {"output": dilated(input, kernel.flip(-2, -1), dilation)}
