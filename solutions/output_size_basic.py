"""T3: the side of the output without padding, stride 1: i - k + 1. Sizes may be [H, W]; so is the answer then."""

import torch
import torch.nn.functional as F

from grader.course import Answers, Size, mistake, pair, per_axis, reference

LARGE = 4096


def side(input_size: int, kernel_size: int) -> int:
    # The meta device computes shapes without any numbers, but lets a kernel of 0 through and is slow to start.
    device = "meta" if input_size > LARGE and kernel_size > 0 else "cpu"
    return F.conv1d(torch.zeros(1, 1, input_size, device=device), torch.zeros(1, 1, kernel_size, device=device)).shape[-1]


def several(input_size: Size, kernel_size: Size) -> bool:
    """The kernel is wider than one cell, and fits more than once."""
    return any(1 < k < i for i, k in zip(pair(input_size), pair(kernel_size), strict=True))


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


@reference
def output_size_basic(input_size: Size, kernel_size: Size) -> Answers:
    return {"output_size": per_axis(side, input_size, kernel_size)}


@mistake("no-plus1")
def no_plus1(input_size: Size, kernel_size: Size) -> Answers:
    """i - k: the first place is forgotten."""
    return {"output_size": per_axis(lambda i, k: i - k, input_size, kernel_size)}


@mistake("full", applies=wide)
def full(input_size: Size, kernel_size: Size) -> Answers:
    """i + k - 1: every place where input and kernel touch."""
    return {"output_size": per_axis(lambda i, k: i + k - 1, input_size, kernel_size)}


@mistake("minus1")
def minus1(input_size: Size, kernel_size: Size) -> Answers:
    """i - k - 1: the sign of the 1 is turned."""
    return {"output_size": per_axis(lambda i, k: i - k - 1, input_size, kernel_size)}


@mistake("blocks", applies=several)
def blocks(input_size: Size, kernel_size: Size) -> Answers:
    """i // k: kernels laid side by side."""
    return {"output_size": per_axis(lambda i, k: i // k, input_size, kernel_size)}


@mistake("same", applies=wide)
def same(input_size: Size, kernel_size: Size) -> Answers:
    """i: the output thought to be as large as the input."""
    return {"output_size": per_axis(lambda i, k: i, input_size, kernel_size)}
