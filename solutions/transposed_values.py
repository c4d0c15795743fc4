"""T26: the output of a transposed convolution.

Each cell of the input lays the whole kernel, times itself, on the output; where these overlap they add up. The stride
says how far apart they are laid, and padding cuts rows and columns off the result. torch's weight is [in][out][h][w]
here, the other way round than in `conv2d`; with one channel each there is nothing to exchange.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, check_rows, mistake, pair, reference

MAX_CELLS = 1_000_000  # of the output: an instructor's slip of the finger must not fill the memory


def transposed(input: Tensor, kernel: Tensor, stride: Size, padding: Size = 0) -> Tensor:
    return F.conv_transpose2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]


def cut(full: Tensor, padding: Size) -> Tensor:
    """An array without as many outer rows and columns.

    Raises:
        ValueError: nothing would be left.
    """
    rows, columns = pair(padding)
    if 2 * rows >= full.shape[0] or 2 * columns >= full.shape[1]:
        raise ValueError("the padding cuts everything off")
    return full[rows : full.shape[0] - rows, columns : full.shape[1] - columns]


# Wrong rules, each as a function of the same arguments.


def overwritten(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Tensor:
    """A cell keeps the number that is laid on it last."""
    (down, right), (height, width) = pair(stride), kernel.shape
    full = transposed(input, kernel, stride)
    for row in range(input.shape[0]):
        for column in range(input.shape[1]):
            full[row * down : row * down + height, column * right : column * right + width] = input[row, column] * kernel
    return cut(full, padding)


def spread(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Tensor:
    """The numbers of the input where their kernels start, zeros elsewhere."""
    corner = torch.zeros_like(kernel)
    corner[0, 0] = 1
    return transposed(input, corner, stride, padding)


def forward(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Tensor:
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]


def turned(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Tensor:
    return transposed(input, kernel.flip(-2, -1), stride, padding)


# When each wrong method could show, from the arguments alone.


def numbered(array: Tensor) -> Tensor:
    """An array of the same sides, its numbers made from their places alone and without any pattern."""
    return ((torch.arange(array.numel()) * 7919 + 4421) % 9973 + 1).reshape(array.shape)


def told_apart(rule: Callable[[Tensor, Tensor, Size, Size], Tensor], input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    """Whether a wrong rule changes anything that the padding does not cut off, whatever the numbers are."""
    if not padded(padding):
        return True
    own, weights = numbered(input), numbered(kernel)
    try:
        return not torch.equal(rule(own, weights, stride, padding), transposed(own, weights, stride, padding))
    except (RuntimeError, ValueError):
        return True  # it leads nowhere, and is left out for that


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def overlaps(input: Tensor, kernel: Tensor, stride: Size) -> bool:
    """Two kernels meet in a cell, on an axis where the input has more than one."""
    return any(side > 1 and step < reach for side, reach, step in zip(input.shape, kernel.shape, pair(stride), strict=True))


def steps(input: Tensor, stride: Size) -> bool:
    return any(side > 1 and step > 1 for side, step in zip(input.shape, pair(stride), strict=True))


def overlap_shows(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    return overlaps(input, kernel, stride) and told_apart(overwritten, input, kernel, stride, padding)


def kernel_shows(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    return told_apart(spread, input, kernel, stride, padding)


def forward_shows(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    return (wide(kernel) or steps(input, stride) or padded(padding)) and told_apart(forward, input, kernel, stride, padding)


def turning_shows(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    return wide(kernel) and told_apart(turned, input, kernel, stride, padding)


@reference
def transposed_values(input: Tensor, kernel: Tensor, stride: Size = 1, padding: Size = 0) -> Answers:
    check_rows(input=input, kernel=kernel)
    down, right = pair(stride)
    if input.numel() and ((input.shape[0] - 1) * down + kernel.shape[0]) * ((input.shape[1] - 1) * right + kernel.shape[1]) > MAX_CELLS:
        raise ValueError(f"the output has more than {MAX_CELLS} cells; give a smaller stride")
    return {"output": transposed(input, kernel, stride, padding)}


@mistake("no-overlap-add", applies=overlap_shows)
def no_overlap_add(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Where kernels overlap the later one is written over the earlier; or they are laid side by side, and nothing overlaps."""
    found = overwritten(input, kernel, stride, padding)
    if input.numel() * kernel.numel() > MAX_CELLS:
        return {"output": found}
    return {"output": OneOf((found, transposed(input, kernel, (kernel.shape[0], kernel.shape[1]))))}


@mistake("inverse-expected", applies=kernel_shows)
def inverse_expected(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Expects the data back: the input's own numbers, spread over the larger map, or each repeated over its block."""
    found = spread(input, kernel, stride, padding)
    if not steps(input, stride):
        return {"output": found}
    down, right = pair(stride)
    return {"output": OneOf((found, input.repeat_interleave(down, 0).repeat_interleave(right, 1)))}


@mistake("forward-formula", applies=forward_shows)
def forward_formula(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Slides the kernel over the input: the forward convolution."""
    return {"output": forward(input, kernel, stride, padding)}


@mistake("kernel-flipped", applies=turning_shows)
def kernel_flipped(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Turns the kernel by 180 degrees before it is laid on."""
    return {"output": turned(input, kernel, stride, padding)}


@mistake("stride-ignored", applies=steps)
def stride_ignored(input: Tensor, kernel: Tensor, padding: Size) -> Answers:
    """Lays the kernels one cell apart."""
    return {"output": transposed(input, kernel, 1, padding)}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input: Tensor, kernel: Tensor, stride: Size) -> Answers:
    """Cuts nothing off."""
    return {"output": transposed(input, kernel, stride)}


@mistake("pad-adds", applies=padded)
def pad_adds(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Puts zeros round the output, or round the input, as padding does in a convolution."""
    rows, columns = pair(padding)
    if (input.shape[0] + 2 * rows) * (input.shape[1] + 2 * columns) * kernel.numel() * pair(stride)[0] * pair(stride)[1] > MAX_CELLS:
        raise ValueError("too large")
    frame = (columns, columns, rows, rows)
    return {"output": OneOf((F.pad(transposed(input, kernel, stride), frame), transposed(F.pad(input, frame), kernel, stride)))}


@mistake("pad-once", applies=padded)
def pad_once(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Cuts rows and columns off on one side only."""
    rows, columns = pair(padding)
    full = transposed(input, kernel, stride)
    return {"output": OneOf((full[: full.shape[0] - rows, : full.shape[1] - columns], full[rows:, columns:]))}
