"""Shapes along a stack of layers. Its given holds layers."""

from collections.abc import Mapping
from typing import Any

import torch

from grader.course import Answers, Layers, Shape, mistake, reference


def module_of(layer: Mapping[str, Any]) -> torch.nn.Module:
    arguments = {name: value for name, value in layer.items() if name != "type"}
    kinds: dict[str, type[torch.nn.Module]] = {"conv2d": torch.nn.Conv2d, "max_pool2d": torch.nn.MaxPool2d, "relu": torch.nn.ReLU}
    if layer["type"] == "flatten":
        return torch.nn.Flatten(0)
    if layer["type"] not in kinds:
        raise ValueError(f"there is no layer {layer['type']}; use {', '.join(kinds)} or flatten")
    return kinds[layer["type"]](**arguments)


@reference
def shapes(input_shape: Shape, layers: Layers) -> Answers:
    value = torch.zeros(input_shape)
    found: Answers = {}
    for number, layer in enumerate(layers, start=1):
        value = module_of(layer)(value)
        found[f"layer_{number}"] = tuple(value.shape)
    return {**found, "flattened": value.numel()}


@mistake("side-only", applies=lambda layers: layers[-1]["type"] == "flatten")
def side_only(input_shape: Shape, layers: Layers) -> Answers:
    before = shapes(input_shape, layers)[f"layer_{len(layers) - 1}"]
    return {f"layer_{len(layers)}": (before[0] * before[1],), "flattened": before[0] * before[1]}
