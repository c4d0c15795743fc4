"""T14: the shapes of a convolution layer's output and of its weight.

An input is [N, C, H, W], or [C, H, W] without a batch, and the output has the same axes. The weight is
[out, in / groups, kH, kW]. Of the wrong methods known for output shapes, `channels_kept` is `c-out-is-c-in` here.
"""

from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from grader.course import Answers, OneOf, Shape, Size, mistake, pair, reference


class Laid(NamedTuple):
    """A layer laid over an input: the two shapes asked for, and (n, s, p, d(k - 1)) of each axis, n cells to move in."""

    output: tuple[int, ...]
    weight: tuple[int, int, int, int]
    axes: tuple[tuple[int, int, int, int], ...]

    def with_sides(self, sides: tuple[int, ...]) -> tuple[int, ...]:
        """The output with other sides; torch would give none where one is below 1."""
        if min(sides) < 1:
            raise ValueError("no place is left")
        return (*self.output[:-2], *sides)

    def with_channels(self, channels: int) -> tuple[int, ...]:
        return (*self.output[:-3], channels, *self.output[-2:])


@lru_cache(maxsize=65_536)
def laid(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Laid:
    """The layer as torch builds it and lays it over the input, on the meta device: no number is computed."""
    sizes = list(zip(*map(pair, (kernel_size, stride, padding, dilation)), strict=True))
    for k, s, p, d in sizes:
        if min(k, s, p + 1, d) < 1:  # the meta device lets some of these through; the real one says what is wrong
            F.conv1d(torch.zeros(1, 1, 1), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d)
    if len(input_shape) not in (3, 4):
        raise ValueError(f"the input has {len(input_shape)} axes; give [N, C, H, W], or [C, H, W] without a batch")
    if min(*input_shape, out_channels) < 1:
        raise ValueError("input and layer have at least one of everything; give numbers from 1")
    layer = torch.nn.Conv2d(input_shape[-3], out_channels, pair(kernel_size), pair(stride), pair(padding), pair(dilation), groups, device="meta")
    output = layer(torch.empty(input_shape, device="meta"))
    axes = tuple((i + 2 * p - d * (k - 1) - 1, s, p, d * (k - 1)) for i, (k, s, p, d) in zip(input_shape[-2:], sizes, strict=True))
    filters, channels, height, width = layer.weight.shape
    return Laid(tuple(output.shape), (filters, channels, height, width), axes)


# When each wrong method could show, from the arguments alone.


def batched(input_shape: Shape) -> bool:
    return len(input_shape) == 4


def axes_differ(input_shape: Shape, kernel_size: Size, stride: Size, padding: Size, dilation: Size) -> bool:
    return len({*zip(input_shape[-2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True)}) > 1


def channels_change(input_shape: Shape, out_channels: int) -> bool:
    return input_shape[-3] != out_channels


def several_channels(input_shape: Shape) -> bool:
    """Once n filters are n."""
    return input_shape[-3] > 1


def weight_is_lopsided(input_shape: Shape, out_channels: int, groups: int) -> bool:
    return input_shape[-3] // groups != out_channels or (groups > 1 and input_shape[-3] != out_channels)


def leaves_a_rest(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> bool:
    return any(n % s for n, s, _, _ in laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).axes)


def strided(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> bool:
    return any(s > 1 and n > 0 for n, s, _, _ in laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).axes)


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def dilated(kernel_size: Size, dilation: Size) -> bool:
    return any(k > 1 and d > 1 for k, d in zip(pair(kernel_size), pair(dilation), strict=True))


def grouped(groups: int) -> bool:
    return groups > 1


@reference
def layer_shape(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1) -> Answers:
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.output, "weight_shape": found.weight}


# T14: axes in another order, lost or mixed up.


@mistake("hw-swapped", applies=axes_differ)
def hw_swapped(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Writes width before height; in the weight too, where the kernel is oblong."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    answers: Answers = {"output_shape": (*found.output[:-2], found.output[-1], found.output[-2])}
    if found.weight[2] != found.weight[3]:
        answers["weight_shape"] = (*found.weight[:2], found.weight[3], found.weight[2])
    return answers


@mistake("nhwc")
def nhwc(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Puts the channels last, as TensorFlow does; in the weight [kH, kW, in, out]."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    *batch, channels, height, width = found.output
    filters, depth, *kernel = found.weight
    return {"output_shape": (*batch, height, width, channels), "weight_shape": (*kernel, depth, filters)}


@mistake("batch-lost", applies=batched)
def batch_lost(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Leaves the batch out."""
    return {"output_shape": laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).output[1:]}


@mistake("batch-added", applies=lambda input_shape: not batched(input_shape))
def batch_added(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Gives the output of an input without a batch a batch of one."""
    return {"output_shape": (1, *laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).output)}


@mistake("c-out-is-c-in", applies=channels_change)
def c_out_is_c_in(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Lets the output have as many channels as the input."""
    return {"output_shape": laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).with_channels(input_shape[-3])}


@mistake("c-product", applies=several_channels)
def c_product(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """One output channel for each pair of an input channel and a filter."""
    channels = input_shape[-3] * out_channels
    return {"output_shape": laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).with_channels(channels)}


@mistake("weight-in-out", applies=weight_is_lopsided)
def weight_in_out(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Puts the input channels first; with groups perhaps as a transposed convolution has it, [in, out / groups, kH, kW]."""
    filters, depth, *kernel = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups).weight
    readings = [(depth, filters, *kernel)] if depth != filters else []
    readings += [(input_shape[-3], filters // groups, *kernel)] if groups > 1 and input_shape[-3] != filters else []
    return {"weight_shape": OneOf(tuple(readings))}


@mistake("groups-ignored", applies=grouped)
def groups_ignored(input_shape: Shape, out_channels: int, kernel_size: Size) -> Answers:
    """Lets every filter cover all input channels."""
    return {"weight_shape": (out_channels, input_shape[-3], *pair(kernel_size))}


# The rules of one axis, on both.


@mistake("stride-ignored", applies=strided)
def stride_ignored(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Moves by one cell."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.with_sides(tuple(n + 1 for n, _, _, _ in found.axes))}


@mistake("pad-once", applies=padded)
def pad_once(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Adds the padding on one side."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.with_sides(tuple((n - p) // s + 1 for n, s, p, _ in found.axes))}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Leaves the padding out."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.with_sides(tuple((n - 2 * p) // s + 1 for n, s, p, _ in found.axes))}


@mistake("no-plus1")
def no_plus1(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Counts the steps, not the places."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.with_sides(tuple(n // s for n, s, _, _ in found.axes))}


@mistake("ceil", applies=leaves_a_rest)
def ceil(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Rounds a last part of a step up."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    return {"output_shape": found.with_sides(tuple(-(-n // s) + 1 for n, s, _, _ in found.axes))}


@mistake("dil-ignored", applies=dilated)
def dil_ignored(input_shape: Shape, out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Answers:
    """Takes the kernel as if it were not dilated."""
    found = laid(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)
    sides = ((n + reach - (k - 1)) // s + 1 for (n, s, _, reach), k in zip(found.axes, pair(kernel_size), strict=True))
    return {"output_shape": found.with_sides(tuple(sides))}
