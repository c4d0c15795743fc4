"""T10: convolution as mathematics and image processing define it, beside what deep learning calls by that name.

A convolution turns the kernel by 180 degrees before it is laid on; cross-correlation, which `F.conv2d` computes, takes
it as written. Turning both input and kernel is left out below: it gives the cross-correlation turned by 180 degrees on
every input, the same as `flip-output`.
"""

import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, check_rows, mistake, reference


def correlated(input: Tensor, kernel: Tensor) -> Tensor:
    return F.conv2d(input[None, None], kernel[None, None])[0, 0]


def turned(array: Tensor) -> Tensor:
    return array.flip(-2, -1)


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def two_axes(kernel: Tensor) -> bool:
    """A single row or column has one axis to flip, and flipping it is right."""
    return min(kernel.shape) > 1


def several(input: Tensor, kernel: Tensor) -> bool:
    """An output of one cell looks the same when it is turned."""
    return input.shape != kernel.shape


@reference
def true_convolution(input: Tensor, kernel: Tensor) -> Answers:
    check_rows(input=input, kernel=kernel)
    return {"convolution": correlated(input, turned(kernel)), "cross_correlation": correlated(input, kernel)}


@mistake("no-flip", applies=wide)
def no_flip(input: Tensor, kernel: Tensor) -> Answers:
    """Lays the kernel on as written: the cross-correlation."""
    return {"convolution": correlated(input, kernel)}


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor) -> Answers:
    """Turns the kernel for the cross-correlation: the two names are exchanged."""
    return {"cross_correlation": correlated(input, turned(kernel))}


@mistake("flip-one-axis", applies=two_axes)
def flip_one_axis(input: Tensor, kernel: Tensor) -> Answers:
    """Mirrors the kernel left to right, or top to bottom, but not both."""
    return {"convolution": OneOf((correlated(input, kernel.flip(-1)), correlated(input, kernel.flip(-2))))}


@mistake("kernel-transposed", applies=wide)
def kernel_transposed(input: Tensor, kernel: Tensor) -> Answers:
    """Swaps rows and columns instead of turning."""
    return {"convolution": correlated(input, kernel.T)}


@mistake("flip-output", applies=lambda input, kernel: wide(kernel) or several(input, kernel))
def flip_output(input: Tensor, kernel: Tensor) -> Answers:
    """Turns the result of the cross-correlation. Where that is one cell, nothing is turned, as in `no-flip`."""
    return {"convolution": turned(correlated(input, kernel))}


@mistake("flip-input", applies=several)
def flip_input(input: Tensor, kernel: Tensor) -> Answers:
    """Turns the input instead of the kernel, which gives the convolution turned by 180 degrees."""
    return {"convolution": correlated(turned(input), kernel)}


@mistake("full-size", applies=wide)
def full_size(input: Tensor, kernel: Tensor) -> Answers:
    """Takes every place where kernel and input touch, as signal processing does by default."""
    rows, columns = kernel.shape[0] - 1, kernel.shape[1] - 1
    return {"convolution": correlated(F.pad(input, (columns, columns, rows, rows)), turned(kernel))}
