"""Shapes of one layer. Its given holds a shape, sizes that may be null, a truth and a text."""

import torch

from grader.course import Answers, Shape, Size, mistake, pair, reference


def layer_of(channels: int, out_channels: int, kernel_size: Size, padding: Size | None, groups: int, bias: bool) -> torch.nn.Conv2d:
    return torch.nn.Conv2d(channels, out_channels, pair(kernel_size), padding=0 if padding is None else padding, groups=groups, bias=bias, device="meta")


@reference
def shapes(
    input_shape: Shape, out_channels: int, kernel_size: Size, padding: Size | None = None, groups: int = 1, bias: bool = True, mode: str = "zeros"
) -> Answers:
    layer = layer_of(input_shape[-3], out_channels, kernel_size, padding, groups, bias)
    assert mode == layer.padding_mode
    return {"output_shape": layer(torch.zeros(input_shape, device="meta")).shape, "weight_shape": layer.weight.shape}


@mistake("batch-lost", applies=lambda input_shape: len(input_shape) == 4)
def batch_lost(input_shape: Shape, out_channels: int, kernel_size: Size, padding: Size | None, groups: int, bias: bool) -> Answers:
    return {"output_shape": shapes(input_shape, out_channels, kernel_size, padding, groups, bias)["output_shape"][1:]}


@mistake("hw-swapped", applies=lambda input_shape: input_shape[-1] != input_shape[-2])
def hw_swapped(input_shape: Shape, out_channels: int, kernel_size: Size, padding: Size | None, groups: int, bias: bool) -> Answers:
    *rest, height, width = shapes(input_shape, out_channels, kernel_size, padding, groups, bias)["output_shape"]
    return {"output_shape": (*rest, width, height)}


@mistake("groups-ignored", applies=lambda groups: groups > 1)
def groups_ignored(input_shape: Shape, out_channels: int, kernel_size: Size) -> Answers:
    return {"weight_shape": (out_channels, input_shape[-3], *pair(kernel_size))}
