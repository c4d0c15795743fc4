"""T13: several input channels, a kernel for each, one output map.

Every channel is cross-correlated with its own kernel, the maps are added up cell by cell, and the bias comes once.
"""

from fractions import Fraction

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, mistake, reference


def layer(input: Tensor, kernel: Tensor, bias: int) -> Tensor:
    """One output map of [C][H][W] and [C][h][w]. The axis that `conv2d` has for output channels is put on here."""
    return F.conv2d(input[None], kernel[None], torch.tensor([bias]))[0, 0]


def maps(input: Tensor, kernel: Tensor) -> Tensor:
    """The map of each channel on its own, [C][H][W]."""
    return F.conv2d(input[None], kernel[:, None], groups=len(kernel))[0]


def several(input: Tensor) -> bool:
    return len(input) > 1


def biased(bias: int) -> bool:
    return bias != 0


def wide(kernel: Tensor) -> bool:
    return kernel[0].numel() > 1


@reference
def multi_channel(input: Tensor, kernel: Tensor, bias: int = 0) -> Answers:
    for name, array in (("input", input), ("kernel", kernel)):
        if array.ndim != 3:
            raise ValueError(f"the {name} has {array.ndim} axes; give channels of rows of numbers, [C][H][W]")
    return {"output": layer(input, kernel, bias)}


@mistake("bias-per-channel", applies=lambda input, bias: several(input) and biased(bias))
def bias_per_channel(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Adds the bias to each channel's map before they are added up."""
    return {"output": layer(input, kernel, bias * len(input))}


@mistake("no-channel-sum", applies=several)
def no_channel_sum(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """One map per channel: kept apart, or written under one another, or side by side; with the bias on each or without."""
    found = [maps(input, kernel) + added for added in dict.fromkeys((bias, 0))]
    return {"output": OneOf(tuple(form for table in found for form in (table, torch.cat(tuple(table)), torch.cat(tuple(table), 1))))}


@mistake("channel-mean", applies=several)
def channel_mean(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Averages the channels' maps instead of adding them up; the bias after that, or averaged with them."""
    total = layer(input, kernel, 0).tolist()
    outside, inside = ([[Fraction(cell, len(input)) + added for cell in row] for row in total] for added in (bias, Fraction(bias, len(input))))
    return {"output": OneOf((outside, inside) if biased(bias) else (outside,))}


@mistake("shared-kernel", applies=several)
def shared_kernel(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """The first channel's kernel on all channels."""
    return {"output": layer(input, kernel[:1].expand_as(kernel), bias)}


@mistake("first-channel-only", applies=several)
def first_channel_only(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """The other channels are left out."""
    return {"output": layer(input[:1], kernel[:1], bias)}


@mistake("bias-forgotten", applies=biased)
def bias_forgotten(input: Tensor, kernel: Tensor) -> Answers:
    """No bias at all."""
    return {"output": layer(input, kernel, 0)}


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor, bias: int) -> Answers:
    """Each kernel turned by 180 degrees: convolution as image processing defines it."""
    return {"output": layer(input, kernel.flip(-2, -1), bias)}
