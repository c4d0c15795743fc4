"""Layers and stacks of layers: how any given for them is drawn, and the plain way to their answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.solutions import plain_stacks as plain

Given = dict[str, Any]


def size(rng: random.Random, least: int, most: int) -> Any:
    """One number, or now and then [H, W]."""
    one, other = rng.randint(least, most), rng.randint(least, most)
    return [one, other] if rng.random() < 0.25 else one


def any_layer(rng: random.Random) -> Given:
    groups = rng.choice([1, 1, 2, 3])
    shape = [groups * rng.randint(1, 3), rng.randint(1, 16), rng.randint(1, 16)]
    return {
        "input_shape": rng.choice([shape, [1, *shape], [3, *shape]]), "out_channels": groups * rng.randint(1, 4), "kernel_size": size(rng, 1, 5),
        "stride": size(rng, 1, 3), "padding": size(rng, 0, 2), "dilation": size(rng, 1, 2), "groups": groups,
    }  # fmt: skip


def any_grouped(rng: random.Random) -> Given:
    groups = rng.choice([1, 2, 3, 4])
    return {
        "in_channels": groups * rng.randint(1, 4), "out_channels": groups * rng.randint(1, 4), "kernel_size": size(rng, 1, 5),
        "groups": groups, "bias": rng.random() < 0.5,
    }  # fmt: skip


def any_stack(rng: random.Random) -> Given:
    """Up to seven layers of any kind, one after the other; not all of these torch takes."""

    def conv() -> Given:
        groups = rng.choice([1, 1, 1, 2])
        layer = {"type": "conv2d", "out_channels": 2 * rng.randint(1, 4), "kernel_size": size(rng, 1, 4), "groups": groups}
        layer |= {"bias": False} if rng.random() < 0.3 else {}
        if rng.random() < 0.1:
            return layer | {"padding": rng.choice(["same", "valid"]), "dilation": size(rng, 1, 2)}
        return layer | {"stride": size(rng, 1, 3), "padding": size(rng, 0, 2), "dilation": size(rng, 1, 2)}

    def pool() -> Given:
        layer = {"type": rng.choice(["max_pool2d", "avg_pool2d"]), "kernel_size": size(rng, 1, 3), "padding": rng.choice([0, 0, 1])}
        layer |= {"stride": size(rng, 1, 3)} if rng.random() < 0.6 else {}
        return layer | ({"ceil_mode": rng.random() < 0.7} if rng.random() < 0.5 else {})

    layers = [rng.choice([conv(), conv(), pool(), pool(), {"type": "relu"}, {"type": "batch_norm2d"}]) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.5:
        layers.append({"type": "flatten"} | ({"start_dim": 2} if rng.random() < 0.2 else {}))
        layers += rng.choice([[], [{"type": "linear", "out_features": rng.randint(1, 9), "bias": rng.random() < 0.7}, {"type": "relu"}]])
        layers += rng.choice([[], [{"type": "linear", "out_features": 5}]])
    return {"input_shape": [2 * rng.randint(1, 2), rng.randint(6, 24), rng.randint(6, 24)], "layers": layers}


@dataclass(frozen=True, slots=True)
class Case:
    """An exercise, the plain way."""

    drawn: Callable[[random.Random], Given]
    key: Callable[..., dict[str, Any]]
    wrong: Callable[..., plain.Wrong]


CASES = {
    "layer-shape": Case(any_layer, plain.layer_key, plain.layer_wrong),
    "grouped": Case(any_grouped, plain.grouped_key, plain.grouped_wrong),
    "stack-shapes": Case(any_stack, plain.stack_key, plain.stack_wrong),
    "stack-parameters": Case(any_stack, plain.parameters_key, plain.parameters_wrong_of),
}
