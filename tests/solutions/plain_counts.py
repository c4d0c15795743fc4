"""A second opinion on what is counted of layers: parameters, multiply-adds and receptive fields, in loops, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from tests.solutions.plain import both
from tests.solutions.plain_axes import Wrong, offsets, places

Size = int | list[int]
Layer = tuple[int, int, int]  # kernel, stride, dilation


# T15


def parameters(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> dict[str, int]:
    """Every weight is visited: filter by filter, channel by channel of its group, cell by cell."""
    height, width = both(kernel_size)
    group = out_channels // groups
    weights = 0
    for filter in range(out_channels):
        reads = [channel for channel in range(in_channels) if channel // (in_channels // groups) == filter // group]
        weights += sum(1 for _ in reads for _ in range(height) for _ in range(width))
    biases = sum(1 for _ in range(out_channels) if bias)
    return {"weights": weights, "biases": biases, "total": weights + biases}


def parameters_wrong(in_channels: int, out_channels: int, kernel_size: Size, groups: int, bias: bool) -> Wrong:
    height, width = both(kernel_size)
    right = parameters(in_channels, out_channels, kernel_size, groups, bias)["weights"]
    biases = out_channels if bias else 0
    slices, one = right // (height * width), right // out_channels
    sides = [side for side in (height, width, height + width) if side != height * width]

    def layer(weights: int) -> dict[str, list[Any]]:
        return {"weights": [weights], "total": [weights + biases]}

    return {
        "no-bias": {"biases": [0], "total": [right]},
        "bias-once": {"biases": [1], "total": [right + 1]},
        "cin-ignored": layer(out_channels * height * width),
        "bias-per-slice": {"biases": [slices], "total": [right + slices]},
        "bias-counted": {"biases": [out_channels], "total": [right + out_channels]},
        "k-not-squared": {"weights": [slices * side for side in sides], "total": [slices * side + biases for side in sides]},
        "one-filter": {"weights": [one], "total": [one + 1, one + out_channels] if bias else [one]},
        "groups-ignored": layer(right * groups),
        "divide-twice": layer(right // groups),
        "times-g": layer(right * groups * groups),
    }


# T23


def cost(input_shape: Sequence[int], out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> dict[str, int]:
    """Every output number is visited, and for each of them every weight of its filter."""
    images = prod(input_shape[:-3])
    height, width = (places(*axis) for axis in zip(input_shape[-2:], *map(both, (kernel_size, stride, padding, dilation)), strict=True))
    kernel_height, kernel_width = both(kernel_size)
    activations = macs = 0
    for _ in range(images * out_channels * height * width):
        activations += 1
        for _ in range(input_shape[-3] // groups * kernel_height):
            macs += kernel_width
    return {"macs": macs, "activations": activations}


def cost_wrong(input_shape: Sequence[int], out_channels: int, kernel_size: Size, stride: Size, padding: Size, dilation: Size, groups: int) -> Wrong:
    images, channels, rows, columns = prod(input_shape[:-3]), *input_shape[-3:]
    height, width = (places(*axis) for axis in zip((rows, columns), *map(both, (kernel_size, stride, padding, dilation)), strict=True))
    cells = both(kernel_size)[0] * both(kernel_size)[1]
    one = channels // groups * cells
    outputs = images * out_channels * height * width

    def counted(numbers: int) -> dict[str, list[Any]]:
        return {"macs": [numbers * one], "activations": [numbers]}

    return {
        "flops-2x": {"macs": [outputs * one * 2]},
        "params-only": {"macs": [out_channels * one, out_channels * one + out_channels]},
        "cin-ignored": {"macs": [outputs * cells]},
        "input-size-used": counted(images * out_channels * rows * columns),
        "batch-lost": counted(out_channels * height * width),
        "h-once": counted(images * out_channels * height),
        "channels-kept": counted(images * channels * height * width),
        "groups-ignored": {"macs": [outputs * channels * cells]},
    }


# T24


def seen(layers: Sequence[Layer], cell: int) -> set[int]:
    """The input cells that an output cell depends on, walked back layer by layer."""
    cells = {cell}
    for kernel, stride, dilation in reversed(layers):
        cells = {own * stride + offset for own in cells for offset in offsets(kernel, dilation)}
    return cells


def field(layers: Sequence[Layer]) -> dict[str, int]:
    first, second = seen(layers, 0), seen(layers, 1)
    return {"receptive_field": max(first) - min(first) + 1, "jump": min(second) - min(first)}


def field_wrong(layers: Sequence[Layer]) -> Wrong:
    undilated = [(kernel, stride, 1) for kernel, stride, _ in layers]
    reaches = [offsets(kernel, dilation)[-1] + 1 for kernel, _, dilation in layers]
    kernels = [kernel for kernel, _, _ in layers]
    own, previous, jump = 1, 1, 1
    for n, (_, stride, _) in enumerate(layers):
        jump *= stride
        own += (reaches[n] - 1) * jump
        previous += (reaches[n] - 1) * (layers[n - 1][1] if n else 1)
    return {
        "no-jump": {"receptive_field": [sum(reaches) - len(layers) + 1]},
        "sum-k": {"receptive_field": list(dict.fromkeys([sum(reaches), sum(kernels)]))},
        "own-stride": {"receptive_field": [own]},
        "previous-stride-only": {"receptive_field": [previous], "jump": [layers[-1][1]]},
        "prod-k": {"receptive_field": list(dict.fromkeys([prod(reaches), prod(kernels)]))},
        "strides-added": {"jump": [sum(stride for _, stride, _ in layers)]},
        "dil-ignored": {"receptive_field": [field(undilated)["receptive_field"]]},
    }
