"""The exercises whose answers are arrays: the plain way of each, and any given that torch takes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.solutions import plain_layers, plain_maps, plain_products
from tests.solutions.plain import both
from tests.solutions.plain_layers import Plain

Given = dict[str, Any]
STRIDES: list[Any] = [1, 1, 2, 3, [1, 2], [3, 1], [2, 3]]
PADDINGS: list[Any] = [0, 0, 1, 2, [0, 1], [2, 1], [1, 0]]


@dataclass(frozen=True, slots=True)
class Case:
    plain: Callable[..., Plain]
    drawn: Callable[[random.Random, int], Given]  # any given, its cells from -high to high
    # Wrong methods that the numbers can hide, however large they are: by their signs, by whole means, or by one maximum for two windows.
    lucky: Callable[[str, Given], bool] = lambda method, given: False


def array(rng: random.Random, high: int, *sides: int) -> Any:
    return rng.randint(-high, high) if not sides else [array(rng, high, *sides[1:]) for _ in range(sides[0])]


def reached(rng: random.Random, sides: tuple[int, int], padding: Any = 0, dilation: Any = 1, most: int = 4) -> tuple[int, int]:
    """Sides of an input that a kernel of these sides fits into."""
    found = ((side - 1) * step + 1 + rng.randint(0, most) - 2 * own for side, step, own in zip(sides, both(dilation), both(padding), strict=True))
    height, width = (max(1, side) for side in found)
    return height, width


def sides(rng: random.Random, most: int = 3) -> tuple[int, int]:
    return rng.randint(1, most), rng.randint(1, most)


def kernel_on_input(rng: random.Random, high: int) -> Given:
    kernel = sides(rng)
    return {"input": array(rng, high, *reached(rng, kernel)), "kernel": array(rng, high, *kernel)}


def biased(rng: random.Random, high: int) -> Given:
    return {**kernel_on_input(rng, high), "bias": rng.randint(-high, high)}


def channels(rng: random.Random, high: int) -> Given:
    kernel, count = sides(rng), rng.randint(1, 3)
    return {
        "input": array(rng, high, count, *reached(rng, kernel)),
        "kernel": array(rng, high, count, *kernel),
        "bias": rng.choice([0, 1, -1]) * rng.randint(1, high),
    }


def pool(rng: random.Random, high: int) -> Given:
    height, width = sides(rng, 4)
    kernel_size: Any = [height, width] if rng.random() < 0.5 else height
    padding: Any = [rng.randint(0, half // 2) for half in both(kernel_size)]
    channel = (rng.randint(1, 3),) if rng.random() < 0.3 else ()
    return {
        "input": array(rng, high, *channel, *reached(rng, both(kernel_size), padding)),
        "mode": rng.choice(["max", "avg"]),
        "kernel_size": kernel_size,
        "stride": rng.choice(STRIDES),
        "padding": padding if padding[0] != padding[1] else padding[0],
    }


def dilated(rng: random.Random, high: int) -> Given:
    kernel, dilation = sides(rng), rng.choice(STRIDES)
    return {"input": array(rng, high, *reached(rng, kernel, dilation=dilation)), "kernel": array(rng, high, *kernel), "dilation": dilation}


def laid_out(rng: random.Random, high: int) -> Given:
    while True:
        input, kernel = sides(rng), sides(rng)
        stride, padding = rng.choice(STRIDES), rng.choice(PADDINGS)
        full = [(i - 1) * s + k - 2 * p for i, s, k, p in zip(input, both(stride), kernel, both(padding), strict=True)]
        if min(full) > 0:
            return {"input": array(rng, high, *input), "kernel": array(rng, high, *kernel), "stride": stride, "padding": padding}


def padded(rng: random.Random, high: int) -> Given:
    mode = rng.choice(["reflect", "replicate", "circular"])
    input = rng.randint(1, 5), rng.randint(1, 5)
    most = [min(3, {"reflect": side - 1, "circular": side, "replicate": 3}[mode]) for side in input]
    own: Any = [rng.randint(0, limit) for limit in most]
    return {"input": array(rng, high, *input), "padding": own if own[0] != own[1] else own[0], "mode": mode}


def backward(rng: random.Random, high: int) -> Given:
    kernel, stride = sides(rng), rng.choice(STRIDES)
    input = reached(rng, kernel)
    places = [(i - k) // s + 1 for i, k, s in zip(input, kernel, both(stride), strict=True)]
    return {"input": array(rng, high, *input), "kernel": array(rng, high, *kernel), "grad_output": array(rng, high, *places), "stride": stride}


def two_kernels(rng: random.Random, high: int) -> Given:
    first = sides(rng)
    second = first if rng.random() < 0.3 else sides(rng)
    return {"kernel_1": array(rng, high, *first), "kernel_2": array(rng, high, *second)}


def unfolded(rng: random.Random, high: int) -> Given:
    kernel_size: Any = rng.choice([1, 2, 3, [1, 2], [2, 3], [3, 1]])
    padding = rng.choice(PADDINGS)
    channel = (rng.randint(1, 3),) if rng.random() < 0.7 else ()
    return {
        "input": array(rng, high, *channel, *reached(rng, both(kernel_size), padding)),
        "kernel_size": kernel_size,
        "stride": rng.choice(STRIDES),
        "padding": padding,
    }


HIDDEN_BY_MAX = ("zero-pad-in-max", "pad-ignored", "stride-equals-kernel")

# Wrong methods that belong to one mode, to equal kernels or to several channels, and lead to something else beyond that.
ELSEWHERE = {
    "pool-values": {"sum-for-avg", "rounded", "zero-pad-in-max", "count-pad-wrong", "max-over-channels"},
    "padding-modes": {"reflect-repeats-edge", "replicate-for-reflect", "reflect-for-replicate", "circular-wrong-way"},
    "compose": {"kernels-added", "kernels-multiplied"},
}

CASES = {
    "bias-relu": Case(plain_layers.bias_relu, biased, lambda method, given: True),
    "true-convolution": Case(plain_layers.true_convolution, kernel_on_input),
    "multi-channel": Case(plain_layers.multi_channel, channels),
    "pool-values": Case(plain_layers.pool_values, pool, lambda method, given: method == "rounded" or (given["mode"] == "max" and method in HIDDEN_BY_MAX)),
    "dilation-array": Case(plain_layers.dilation_array, dilated),
    "transposed-values": Case(plain_maps.transposed_values, laid_out),
    "padding-modes": Case(plain_maps.padding_modes, padded),
    "im2col": Case(plain_maps.im2col, unfolded),
    "conv-backward": Case(plain_products.conv_backward, backward),
    "compose": Case(plain_products.compose, two_kernels),
}
