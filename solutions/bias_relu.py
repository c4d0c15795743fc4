"""T12: a convolution layer with one bias, then ReLU.

`F.conv2d` computes cross-correlation: the kernel is laid on the input as it is written. The bias is one number for the
whole map, added to every sum; ReLU comes last.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, check_rows, mistake, reference


def summed(input: Tensor, kernel: Tensor, bias: int) -> Tensor:
    """The layer before ReLU."""
    return F.conv2d(input[None, None], kernel[None, None], torch.tensor([bias]))[0, 0]


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def biased(bias: int) -> bool:
    return bias != 0


@reference
def bias_relu(input: Tensor, kernel: Tensor, bias: int = 0) -> Answers:
    check_rows(input=input, kernel=kernel)
    return {"output": F.relu(summed(input, kernel, bias))}


@mistake("relu-before-bias", applies=biased)
def relu_before_bias(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Cuts off the negative sums first, and adds the bias afterwards."""
    return {"output": F.relu(summed(input, kernel, 0)) + bias}


@mistake("bias-forgotten", applies=biased)
def bias_forgotten(input: Tensor, kernel: Tensor) -> Answers:
    """No bias at all."""
    return {"output": F.relu(summed(input, kernel, 0))}


@mistake("relu-forgotten")
def relu_forgotten(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Stops before ReLU."""
    return {"output": summed(input, kernel, bias)}


@mistake("bias-per-weight", applies=lambda kernel, bias: wide(kernel) and biased(bias))
def bias_per_weight(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Adds the bias to every product, so that it counts as often as the kernel has cells."""
    return {"output": F.relu(summed(input, kernel, bias * kernel.numel()))}


@mistake("abs-for-relu")
def abs_for_relu(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Drops the minus sign of negative sums instead of writing 0."""
    return {"output": summed(input, kernel, bias).abs()}


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """The kernel turned by 180 degrees: convolution as image processing defines it."""
    return {"output": F.relu(summed(input, kernel.flip(-2, -1), bias))}
