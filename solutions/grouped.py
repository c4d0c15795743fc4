"""T22: the weight of a layer with groups, [out, in / groups, kH, kW], and how many numbers the layer learns.

Each group of filters reads its own in / groups input channels. With groups = in every filter reads one: depthwise.
"""

from functools import lru_cache
from math import prod

import torch

from grader.course import Answers, Implausible, OneOf, Shape, Size, follow, mistake, pair, reference

Weight = tuple[int, int, int, int]


@lru_cache(maxsize=65_536)
def built(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> tuple[Weight, int]:
    """The shape of the weight and the number of biases, of the layer as torch builds it on the meta device."""
    # torch builds a layer without channels or cells, and refuses it only when it is used.
    if min(in_channels, out_channels, *pair(kernel_size)) < 1:
        raise ValueError("a layer has at least one input channel, one output channel and one cell in its kernel; give numbers from 1")
    layer = torch.nn.Conv2d(in_channels, out_channels, pair(kernel_size), groups=groups, bias=bias, device="meta")
    filters, depth, height, width = layer.weight.shape
    return (filters, depth, height, width), 0 if layer.bias is None else layer.bias.numel()


def answers(weight: Weight, *biases: int) -> Answers:
    """A weight, and the total with so many biases; of several readings the first is the likeliest."""
    totals = tuple(dict.fromkeys(prod(weight) + count for count in biases))
    return {"weight_shape": weight, "total": OneOf(totals) if len(totals) > 1 else totals[0]}


# When each wrong method could show, from the arguments alone.


def several(groups: int) -> bool:
    return groups > 1


def not_depthwise(in_channels: int, groups: int) -> bool:
    return in_channels // groups > 1


def lopsided(in_channels: int, out_channels: int, groups: int) -> bool:
    return in_channels // groups != out_channels


def with_bias(bias: bool) -> bool:
    return bias


def several_biases(out_channels: int, groups: int, bias: bool) -> bool:
    """A bias for each group is one for each output channel where a group has one of these."""
    return bias and out_channels != groups


@reference
def grouped(in_channels: int, out_channels: int, kernel_size: Size, groups: int = 1, bias: bool = True) -> Answers:
    weight, biases = built(in_channels, out_channels, kernel_size, groups, bias)
    return {"weight_shape": weight, "total": prod(weight) + biases}


@follow("total")
def from_weight(weight_shape: Shape, in_channels: int, out_channels: int, kernel_size: Size, bias: bool) -> int:
    """The total that goes with the student's own weight."""
    if len(weight_shape) != 4 or min(weight_shape) < 1:
        raise Implausible("no weight of a layer has this shape")
    if not max(in_channels, out_channels) < prod(weight_shape) <= (in_channels * out_channels) ** 2 * prod(pair(kernel_size)) ** 2:
        raise Implausible("fewer numbers than channels, or far too many")
    return prod(weight_shape) + out_channels * bias


# T22, likeliest first.


@mistake("groups-ignored", applies=several)
def groups_ignored(in_channels: int, out_channels: int, kernel_size: Size, bias: bool) -> Answers:
    """Lets every filter cover all input channels."""
    return answers((out_channels, in_channels, *pair(kernel_size)), out_channels * bias)


@mistake("divide-twice", applies=several)
def divide_twice(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Divides both the input and the output channels: one group, with the biases of all groups or of its own."""
    return answers((out_channels // groups, in_channels // groups, *pair(kernel_size)), out_channels * bias, out_channels // groups * bias)


@mistake("out-divided", applies=several)
def out_divided(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Divides the output channels in place of the input's. As many numbers, so the total is right."""
    return {"weight_shape": (out_channels // groups, in_channels, *pair(kernel_size))}


@mistake("depthwise-assumed", applies=not_depthwise)
def depthwise_assumed(out_channels: int, kernel_size: Size, bias: bool) -> Answers:
    """Lets every filter read one channel, whatever the groups."""
    return answers((out_channels, 1, *pair(kernel_size)), out_channels * bias)


@mistake("times-g", applies=several)
def times_g(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Multiplies by the groups in place of dividing."""
    return answers((out_channels, in_channels * groups, *pair(kernel_size)), out_channels * bias)


@mistake("weight-in-out", applies=lopsided)
def weight_in_out(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Puts the input channels of a filter before the output channels. As many numbers, so the total is right."""
    return {"weight_shape": (in_channels // groups, out_channels, *pair(kernel_size))}


@mistake("no-bias", applies=with_bias)
def no_bias(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Stops at the weight."""
    return {"total": out_channels * (in_channels // groups) * prod(pair(kernel_size))}


@mistake("bias-per-group", applies=several_biases)
def bias_per_group(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Counts one bias for each group."""
    return {"total": out_channels * (in_channels // groups) * prod(pair(kernel_size)) + groups}


@mistake("bias-counted", applies=lambda bias: not bias)
def bias_counted(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Counts biases in a layer that has none."""
    return {"total": out_channels * (in_channels // groups) * prod(pair(kernel_size)) + out_channels}
