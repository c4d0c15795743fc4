"""T3: the side of the output without padding, stride 1: i - k + 1."""

import torch
import torch.nn.functional as F

from grader.course import Answers, mistake, reference

LARGE = 4096


def several(input_size: int, kernel_size: int) -> bool:
    """The kernel is wider than one cell, and fits more than once."""
    return 1 < kernel_size < input_size


@reference
def output_size_basic(input_size: int, kernel_size: int) -> Answers:
    # The meta device computes shapes without any numbers, but lets a kernel of 0 through and is slow to start.
    device = "meta" if input_size > LARGE and kernel_size > 0 else "cpu"
    output = F.conv1d(torch.zeros(1, 1, input_size, device=device), torch.zeros(1, 1, kernel_size, device=device))
    return {"output_size": output.shape[-1]}


@mistake("no-plus1")
def no_plus1(input_size: int, kernel_size: int) -> Answers:
    """i - k: the first place is forgotten."""
    return {"output_size": input_size - kernel_size}


@mistake("full", applies=lambda kernel_size: kernel_size > 1)
def full(input_size: int, kernel_size: int) -> Answers:
    """i + k - 1: every place where input and kernel touch."""
    return {"output_size": input_size + kernel_size - 1}


@mistake("minus1")
def minus1(input_size: int, kernel_size: int) -> Answers:
    """i - k - 1: the sign of the 1 is turned."""
    return {"output_size": input_size - kernel_size - 1}


@mistake("blocks", applies=several)
def blocks(input_size: int, kernel_size: int) -> Answers:
    """i // k: kernels laid side by side."""
    return {"output_size": input_size // kernel_size}


@mistake("same", applies=lambda kernel_size: kernel_size > 1)
def same(input_size: int) -> Answers:
    """i: the output thought to be as large as the input."""
    return {"output_size": input_size}
