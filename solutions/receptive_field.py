"""T24: how much of the input one output cell of a stack of layers sees, and how far apart the views of two neighbours lie.

The key comes from torch's own gradient: with kernels of ones, exactly those input cells have one that the output cell depends on.
Dilated kernels leave cells out in between; the field reaches from the first to the last.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F

from grader.course import Answers, Layers, OneOf, mistake, pair, reference

LARGE = 2048  # cells of the input up to which the gradient is taken
MOST = 10**12

Axis = tuple[tuple[int, int, int], ...]
"""One axis of the stack: (kernel, stride, dilation) for each layer."""


def axes(layers: Layers) -> tuple[Axis, ...]:
    """Both axes where any argument is [H, W], else one."""
    arguments = [_arguments(number, layer) for number, layer in enumerate(layers)]
    count = 2 if any(isinstance(size, tuple) for sizes in arguments for size in sizes) else 1
    return tuple(tuple((pair(k)[axis], pair(s)[axis], pair(d)[axis]) for k, s, d in arguments) for axis in range(count))


def _arguments(number: int, layer: Any) -> tuple[Any, Any, Any]:
    for name, value in layer.items():
        if name not in ("kernel_size", "stride", "dilation"):
            raise ValueError(f"layers[{number}] has '{name}'; give kernel_size, stride and dilation")
        if isinstance(value, (bool, str)):
            raise ValueError(f"layers[{number}].{name} is {value!r}; give an int or [H, W]")
    if "kernel_size" not in layer:
        raise ValueError(f"layers[{number}] has no kernel_size; give one")
    return layer["kernel_size"], layer.get("stride", 1), layer.get("dilation", 1)


def each(layers: Layers, rule: Callable[[Axis], int]) -> int | tuple[int, ...]:
    """A rule for one axis, used on both where any argument is [H, W]."""
    found = tuple(rule(axis) for axis in axes(layers))
    return found[0] if len(found) == 1 else found


def jumps(axis: Axis) -> list[int]:
    """How many input cells lie between neighbours before each layer, and after the last."""
    found = [1]
    for _, stride, _ in axis:
        found.append(found[-1] * stride)
    return found


def reach(axis: Axis) -> int:
    """The receptive field by the formula: each layer adds d(k - 1) of its own cells, which lie `jumps` apart in the input."""
    return 1 + sum(d * (k - 1) * jump for (k, _, d), jump in zip(axis, jumps(axis), strict=False))


@lru_cache(maxsize=16_384)
def field(axis: Axis) -> tuple[int, int]:
    """(receptive field, jump) of one axis, from torch's gradient; from the formula where the input would be large."""
    for k, s, d in axis:
        if min(k, s, d) < 1:
            F.conv1d(torch.zeros(1, 1, 1), torch.zeros(1, 1, k), stride=s, dilation=d)  # says what is wrong
    length = 2  # the smallest input that gives two output cells
    for k, s, d in reversed(axis):
        length = (length - 1) * s + d * (k - 1) + 1
    if length > MOST:
        raise ValueError(f"the field is larger than any image, {str(length)[:3]}… cells or more; give smaller layers")
    if length > LARGE:
        return reach(axis), jumps(axis)[-1]
    input = torch.zeros(1, 1, length, dtype=torch.float64, requires_grad=True)
    output = input
    for k, s, d in axis:
        output = F.conv1d(output, torch.ones(1, 1, k, dtype=torch.float64), stride=s, dilation=d)
    first, second = (torch.autograd.grad(output[0, 0, cell], input, retain_graph=True)[0].nonzero()[:, -1] for cell in (0, 1))
    return int(first[-1] - first[0]) + 1, int(second[0] - first[0])


# When each wrong method could show, from the arguments alone.


def several(layers: Layers) -> bool:
    return len(layers) > 1


def strides_matter(layers: Layers) -> bool:
    """A wide kernel comes after a stride."""
    return any(jump > 1 and k > 1 for axis in axes(layers) for (k, _, _), jump in zip(axis, jumps(axis), strict=False))


def strided_and_wide(layers: Layers) -> bool:
    return any(s > 1 and k > 1 for axis in axes(layers) for k, s, _ in axis)


def earlier_strides(layers: Layers) -> bool:
    """A stride before the last layer, so that the jump is more than the last layer's own."""
    return any(jumps(axis)[-2] > 1 for axis in axes(layers))


def dilated(layers: Layers) -> bool:
    return any(d > 1 and k > 1 for axis in axes(layers) for k, _, d in axis)


@reference
def receptive_field(layers: Layers) -> Answers:
    return {"receptive_field": each(layers, lambda axis: field(axis)[0]), "jump": each(layers, lambda axis: field(axis)[1])}


# T24, likeliest first.


@mistake("no-jump", applies=strides_matter)
def no_jump(layers: Layers) -> Answers:
    """Adds k − 1 for each layer, as if no layer had a stride."""
    return {"receptive_field": each(layers, lambda axis: 1 + sum(d * (k - 1) for k, _, d in axis))}


@mistake("sum-k", applies=several)
def sum_k(layers: Layers) -> Answers:
    """Adds the kernels, dilated or not."""
    plain, wide = each(layers, lambda axis: sum(k for k, _, _ in axis)), each(layers, lambda axis: sum(d * (k - 1) + 1 for k, _, d in axis))
    return {"receptive_field": OneOf((plain,) if plain == wide else (wide, plain))}


@mistake("own-stride", applies=strided_and_wide)
def own_stride(layers: Layers) -> Answers:
    """Takes each layer's own stride into its jump: the jump is updated first."""
    return {"receptive_field": each(layers, lambda axis: 1 + sum(d * (k - 1) * jump for (k, _, d), jump in zip(axis, jumps(axis)[1:], strict=True)))}


@mistake("previous-stride-only", applies=earlier_strides)
def previous_stride_only(layers: Layers) -> Answers:
    """Multiplies by the stride of the layer before, in place of all layers before. With two layers the field is right that way."""
    answers: Answers = {"jump": each(layers, lambda axis: axis[-1][1])}
    if any(k > 1 and last != jump for axis in axes(layers) for k, last, jump in _with_strides(axis)):
        answers["receptive_field"] = each(
            layers, lambda axis: 1 + sum(d * (k - 1) * last for (k, _, d), (_, last, _) in zip(axis, _with_strides(axis), strict=True))
        )
    return answers


def _with_strides(axis: Axis) -> list[tuple[int, int, int]]:
    """For each layer its kernel, the stride of the layer before, and the product of all strides before."""
    return [(k, axis[n - 1][1] if n else 1, jump) for n, ((k, _, _), jump) in enumerate(zip(axis, jumps(axis), strict=False))]


@mistake("prod-k", applies=several)
def prod_k(layers: Layers) -> Answers:
    """Multiplies the kernels, dilated or not."""
    plain, wide = each(layers, lambda axis: math.prod(k for k, _, _ in axis)), each(layers, lambda axis: math.prod(d * (k - 1) + 1 for k, _, d in axis))
    return {"receptive_field": OneOf((plain,) if plain == wide else (wide, plain))}


@mistake("strides-added", applies=several)
def strides_added(layers: Layers) -> Answers:
    """Adds the strides to find the jump."""
    return {"jump": each(layers, lambda axis: sum(s for _, s, _ in axis))}


@mistake("dil-ignored", applies=dilated)
def dil_ignored(layers: Layers) -> Answers:
    """Takes the kernels as if they were not dilated."""
    return {"receptive_field": each(layers, lambda axis: reach(tuple((k, s, 1) for k, s, _ in axis)))}
