"""T15: how many numbers a convolution layer learns: out · in / groups · kh · kw weights, and one bias for each output channel.

Of the wrong methods known for such questions, `times-HW` and `untied-bias` cannot apply: no size of a feature map is given.
`depthwise-assumed` (each filter sees one channel) is `cin-ignored` here, the same numbers by another thought.
"""

import torch

from grader.course import Answers, Implausible, OneOf, Size, follow, mistake, pair, reference


def area(kernel_size: Size) -> int:
    height, width = pair(kernel_size)
    return height * width


def counted(weights: int, biases: int) -> Answers:
    return {"weights": weights, "total": weights + biases}


# When each wrong method could show, from the arguments alone.


def with_bias(bias: bool) -> bool:
    return bias


def several_biases(out_channels: int, bias: bool) -> bool:
    return bias and out_channels > 1


def several_channels(in_channels: int, groups: int) -> bool:
    """A filter covers more than one channel."""
    return in_channels // groups > 1


def one_kernel_each(in_channels: int, groups: int, bias: bool) -> bool:
    return bias and in_channels // groups > 1


def grouped(groups: int) -> bool:
    return groups > 1


@reference
def parameter_count(in_channels: int, out_channels: int, kernel_size: Size, groups: int = 1, bias: bool = True) -> Answers:
    # torch builds a layer without channels or cells, and refuses it only when it is used.
    if min(in_channels, out_channels, *pair(kernel_size)) < 1:
        raise ValueError("a layer has at least one input channel, one output channel and one cell in its kernel; give numbers from 1")
    # On the meta device the layer takes no memory for its numbers.
    layer = torch.nn.Conv2d(in_channels, out_channels, pair(kernel_size), groups=groups, bias=bias, device="meta")
    weights, biases = layer.weight.numel(), 0 if layer.bias is None else layer.bias.numel()
    return {"weights": weights, "biases": biases, "total": weights + biases}


@follow("total")
def from_parts(weights: int, biases: int, in_channels: int, bias: bool) -> int:
    """The total that goes with the student's own weights and biases."""
    if weights < in_channels or biases < 0:
        raise Implausible("fewer weights than input channels, or a negative number of biases")
    if bias and not biases:
        raise Implausible("nothing is left to add, so the question has become easier")
    return weights + biases


@mistake("no-bias", applies=with_bias)
def no_bias(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Stops at the weights."""
    return {"biases": 0, "total": out_channels * (in_channels // groups) * area(kernel_size)}


@mistake("bias-once", applies=several_biases)
def bias_once(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Counts one bias for the whole layer."""
    return {"biases": 1, "total": out_channels * (in_channels // groups) * area(kernel_size) + 1}


@mistake("cin-ignored", applies=several_channels)
def cin_ignored(out_channels: int, kernel_size: Size, bias: bool) -> Answers:
    """Takes each filter for a single kernel: the input channels are left out."""
    return counted(out_channels * area(kernel_size), out_channels * bias)


@mistake("bias-per-slice", applies=one_kernel_each)
def bias_per_slice(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Counts one bias for each kernel, that is for each channel of each filter."""
    slices = out_channels * (in_channels // groups)
    return {"biases": slices, "total": slices * (area(kernel_size) + 1)}


@mistake("bias-counted", applies=lambda bias: not bias)
def bias_counted(in_channels: int, out_channels: int, kernel_size: Size, groups: int) -> Answers:
    """Counts biases in a layer that has none."""
    return {"biases": out_channels, "total": out_channels * (in_channels // groups) * area(kernel_size) + out_channels}


@mistake("k-not-squared", applies=lambda kernel_size: area(kernel_size) > 1)
def k_not_squared(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Multiplies by one side of the kernel, or by the sum of both, in place of their product. With a side of 2 the sum would be right."""
    channels, biases = out_channels * (in_channels // groups), out_channels * bias
    height, width = pair(kernel_size)
    readings = [side for side in dict.fromkeys((height, width, height + width)) if side != height * width]
    return {"weights": OneOf(tuple(channels * side for side in readings)), "total": OneOf(tuple(channels * side + biases for side in readings))}


@mistake("one-filter", applies=lambda out_channels: out_channels > 1)
def one_filter(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Counts the weights of a single filter, with one bias or with all."""
    weights = in_channels // groups * area(kernel_size)
    return {"weights": weights, "total": OneOf((weights + 1, weights + out_channels)) if bias else weights}


@mistake("groups-ignored", applies=grouped)
def groups_ignored(in_channels: int, out_channels: int, kernel_size: Size, bias: bool) -> Answers:
    """Lets every filter cover all input channels."""
    return counted(out_channels * in_channels * area(kernel_size), out_channels * bias)


@mistake("divide-twice", applies=grouped)
def divide_twice(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Divides both the input and the output channels by the groups: the weights of one group."""
    return counted((out_channels // groups) * (in_channels // groups) * area(kernel_size), out_channels * bias)


@mistake("times-g", applies=grouped)
def times_g(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Answers:
    """Multiplies by the groups in place of dividing."""
    return counted(out_channels * in_channels * groups * area(kernel_size), out_channels * bias)
