"""T23: what a convolution layer costs: multiply-adds (one multiplication and one addition count once), and the numbers it puts out.

An input shape is [N, C, H, W], or [C, H, W] without a batch, which torch takes too. The whole batch is counted, biases are not.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from grader.course import Answers, Implausible, OneOf, Shape, Size, follow, mistake, pair, reference


class Layer(NamedTuple):
    """A layer laid over an input, in numbers."""

    batch: int
    in_channels: int
    height: int
    width: int
    out_channels: int
    out_height: int
    out_width: int
    filter: int  # weights of one filter: in / groups · kh · kw
    kernel: int  # cells of one kernel: kh · kw
    groups: int

    @property
    def activations(self) -> int:
        return self.batch * self.out_channels * self.out_height * self.out_width

    @property
    def macs(self) -> int:
        return self.activations * self.filter


@lru_cache(maxsize=65_536)
def laid(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Layer:
    """The layer as torch builds it and lays it over the input, on the meta device: no number is computed."""
    for k, s, p, d in zip(*map(pair, (kernel_size, stride, padding, dilation)), strict=True):
        if min(k, s, p + 1, d) < 1:  # the meta device lets some of these through; the real one says what is wrong
            F.conv1d(torch.zeros(1, 1, 1), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d)
    if len(input_shape) not in (3, 4):
        raise ValueError(f"the input has {len(input_shape)} axes; give [N, C, H, W], or [C, H, W] without a batch")
    channels = input_shape[-3]
    if min(channels, out_channels) < 1:
        raise ValueError("a layer has at least one input channel and one output channel; give numbers from 1")
    layer = torch.nn.Conv2d(channels, out_channels, pair(kernel_size), pair(stride), pair(padding), pair(dilation), groups, device="meta")
    output = layer(torch.empty(input_shape, device="meta"))
    batch, (rows, columns) = math.prod(input_shape[:-3]), input_shape[-2:]
    height, width = output.shape[-2:]
    one = layer.weight[0]
    return Layer(batch, channels, rows, columns, out_channels, height, width, one.numel(), one[0].numel(), groups)


# When each wrong method could show, from the arguments alone. Each takes all arguments of the layer.


def several_places(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> bool:
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return layer.batch * layer.out_height * layer.out_width > 1


def several_columns(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> bool:
    return laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).out_width > 1


def changes_size(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> bool:
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return (layer.out_height, layer.out_width) != (layer.height, layer.width)


def several_channels(input_shape: Shape, groups: int) -> bool:
    return input_shape[-3] // groups > 1


def batched(input_shape: Shape) -> bool:
    return len(input_shape) == 4 and input_shape[0] > 1


def channels_change(input_shape: Shape, out_channels: int) -> bool:
    return input_shape[-3] != out_channels


def grouped(groups: int) -> bool:
    return groups > 1


@reference
def cost(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1) -> Answers:
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"macs": layer.macs, "activations": layer.activations}


@follow("macs")
def from_activations(
    activations: int, input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int
) -> int:
    """The multiply-adds that go with the student's own number of outputs: each takes one filter."""
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    most = layer.batch * max(out_channels, layer.in_channels) * (layer.height + 2 * pair(padding)[0]) * (layer.width + 2 * pair(padding)[1])
    if not out_channels < activations <= most:
        raise Implausible("one place or none, or more than the padded input has")
    return activations * layer.filter


# T23, likeliest first.


@mistake("flops-2x")
def flops_2x(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Counts multiplications and additions apart: FLOPs."""
    return {"macs": 2 * laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).macs}


@mistake("params-only", applies=several_places)
def params_only(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Counts the weights, with or without the biases: each is used at every place of the kernel."""
    weights = out_channels * laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).filter
    return {"macs": OneOf((weights, weights + out_channels))}


@mistake("cin-ignored", applies=several_channels)
def cin_ignored(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Takes each filter for a single kernel."""
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"macs": layer.activations * layer.kernel}


@mistake("input-size-used", applies=changes_size)
def input_size_used(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Lets the kernel stand at every cell of the input."""
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    wrong = layer._replace(out_height=layer.height, out_width=layer.width)
    return {"macs": wrong.macs, "activations": wrong.activations}


@mistake("batch-lost", applies=batched)
def batch_lost(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Counts one image of the batch."""
    wrong = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)._replace(batch=1)
    return {"macs": wrong.macs, "activations": wrong.activations}


@mistake("h-once", applies=several_columns)
def h_once(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Multiplies by the height of the output and forgets its width."""
    wrong = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)._replace(out_width=1)
    return {"macs": wrong.macs, "activations": wrong.activations}


@mistake("channels-kept", applies=channels_change)
def channels_kept(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Lets the output have as many channels as the input."""
    layer = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    wrong = layer._replace(out_channels=layer.in_channels)
    return {"macs": wrong.macs, "activations": wrong.activations}


@mistake("groups-ignored", applies=grouped)
def groups_ignored(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Lets every filter cover all input channels."""
    return {"macs": laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).macs * groups}
