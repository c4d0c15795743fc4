"""T29: the gradients of a convolution, from autograd.

With output = conv2d(input, kernel, bias, stride) and the gradient of the loss by the output given:
the kernel's gradient is the input's windows, each times its cell of grad_output, added up; the input's is every cell of
grad_output laying the whole kernel back where it came from; the bias reaches every output cell, so its gradient is the sum.

Autograd takes no integers, so it runs on float64, where whole numbers are exact up to 2^53. Of the wrong methods known
for gradients, `max_spreads_evenly`, `avg_to_max` and `ties_split` cannot apply: they are about pooling, and there is none here.
"""

from fractions import Fraction

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, check_rows, mistake, pair, reference

EXACT = 2**53


def gradients(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size) -> tuple[Tensor, Tensor, Tensor]:
    """By input, kernel and bias."""
    with torch.enable_grad():
        leaves = [array.double().requires_grad_() for array in (input, kernel, torch.zeros(1))]
        output = F.conv2d(leaves[0][None, None], leaves[1][None, None], leaves[2], stride=stride)
        by_input, by_kernel, by_bias = torch.autograd.grad(output, leaves, grad_output.double()[None, None])
    return by_input.to(torch.int64), by_kernel.to(torch.int64), by_bias.to(torch.int64)


def laid_back(grad_output: Tensor, kernel: Tensor, stride: Size, input: Tensor) -> Tensor:
    """Every cell of grad_output lays the kernel on the input's grid; rows and columns that no window reached stay 0."""
    return widened(F.conv_transpose2d(grad_output[None, None], kernel[None, None], stride=stride)[0, 0], input)


def widened(array: Tensor, input: Tensor) -> Tensor:
    """An array with zeros below and on the right, in the size of the input."""
    return F.pad(array, (0, input.shape[1] - array.shape[1], 0, input.shape[0] - array.shape[0]))


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def several(grad_output: Tensor) -> bool:
    return grad_output.numel() > 1


def steps(grad_output: Tensor, stride: Size) -> bool:
    """A stride above 1, on an axis with more than one window."""
    return any(step > 1 and places > 1 for step, places in zip(pair(stride), grad_output.shape, strict=True))


def overlaps(kernel: Tensor, grad_output: Tensor, stride: Size) -> bool:
    """Two windows share a cell of the input."""
    return any(step < side and places > 1 for step, side, places in zip(pair(stride), kernel.shape, grad_output.shape, strict=True))


@reference
def conv_backward(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size = 1) -> Answers:
    arrays = {"input": input, "kernel": kernel, "grad_output": grad_output}
    check_rows(**arrays)
    if grad_output.numel():
        seen, weight, upstream = (int(array.abs().max()) if array.numel() else 0 for array in arrays.values())
        if max(seen, weight) * upstream * grad_output.numel() > EXACT:
            raise ValueError("the sums may exceed 2^53, beyond which float64 is not exact; give smaller numbers")
    by_input, by_kernel, by_bias = gradients(input, kernel, grad_output, stride)
    return {"grad_kernel": by_kernel, "grad_input": by_input, "grad_bias": int(by_bias)}


@mistake("no-flip-dX", applies=wide)
def no_flip_dX(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size) -> Answers:
    """Slides the kernel as written over grad_output with zeros round it; it has to be turned by 180 degrees for that."""
    return {"grad_input": laid_back(grad_output, kernel.flip(-2, -1), stride, input)}


@mistake("stride-not-dilated", applies=steps)
def stride_not_dilated(input: Tensor, kernel: Tensor, grad_output: Tensor) -> Answers:
    """Takes the cells of grad_output side by side, as with stride 1; what comes out has other sides, or is fitted to the right ones."""
    by_kernel = F.conv2d(input[None, None], grad_output[None, None])[0, 0]
    by_input = F.conv_transpose2d(grad_output[None, None], kernel[None, None])[0, 0]
    height, width = kernel.shape
    return {"grad_kernel": OneOf((by_kernel, by_kernel[:height, :width])), "grad_input": OneOf((by_input, widened(by_input, input)))}


@mistake("dX-overwritten", applies=overlaps)
def dX_overwritten(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size) -> Answers:
    """Where windows overlap the last one counts, instead of all added up."""
    down, right = pair(stride)
    height, width = kernel.shape
    found = torch.zeros_like(input)
    for row in range(grad_output.shape[0]):
        for column in range(grad_output.shape[1]):
            found[row * down : row * down + height, column * right : column * right + width] = grad_output[row, column] * kernel
    return {"grad_input": found}


@mistake("flip-dW", applies=wide)
def flip_dW(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size) -> Answers:
    """Turns the kernel's gradient by 180 degrees; the turning belongs to the input's gradient."""
    return {"grad_kernel": gradients(input, kernel, grad_output, stride)[1].flip(-2, -1)}


@mistake("upstream-ignored")
def upstream_ignored(input: Tensor, kernel: Tensor, grad_output: Tensor, stride: Size) -> Answers:
    """Leaves grad_output out, as if it were 1 everywhere."""
    by_input, by_kernel, by_bias = gradients(input, kernel, torch.ones_like(grad_output), stride)
    return {"grad_kernel": by_kernel, "grad_input": by_input, "grad_bias": int(by_bias)}


@mistake("db-mean", applies=several)
def db_mean(grad_output: Tensor) -> Answers:
    """The mean of grad_output instead of its sum."""
    return {"grad_bias": Fraction(int(grad_output.sum()), grad_output.numel())}


@mistake("db-one")
def db_one() -> Answers:
    """Stops at the derivative of one output cell by the bias."""
    return {"grad_bias": 1}
