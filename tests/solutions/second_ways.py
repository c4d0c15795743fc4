"""For each exercise of the bank: any question torch takes, and a way to its answer without torch.

The ways are those of the `plain` modules: loops, counting, and what a reader says. Nothing of `solutions/` is used.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.code.programs import RIGHT
from tests.solutions import array_cases, size_cases, stack_cases
from tests.solutions.plain import both, convolution, products
from tests.solutions.plain_axes import places
from tests.solutions.plain_choices import FALSE, TRUE, Kernel, by_arithmetic, by_moments

Given = dict[str, Any]
Key = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SecondWay:
    """How the answers to an exercise are found again."""

    drawn: Callable[[random.Random], Given]  # any given; torch may refuse some
    key: Callable[..., Key]


@dataclass(frozen=True, slots=True)
class SecondProgram:
    """A code exercise: any arguments that its function takes, and the function again, in plain loops."""

    drawn: Callable[[random.Random], Given]
    function: Callable[..., Any]


# Lesson 1


def _window(rng: random.Random) -> Given:
    height, width = array_cases.sides(rng, 4)
    return {"input": array_cases.array(rng, 99, height, width), "kernel": array_cases.array(rng, 99, height, width)}


def _convolution(rng: random.Random) -> Given:
    """Rectangular inputs and kernels, strides and paddings per axis."""
    kernel, padding = array_cases.sides(rng, 4), rng.choice(array_cases.PADDINGS)
    return {
        "input": array_cases.array(rng, 9, *array_cases.reached(rng, kernel, padding)), "kernel": array_cases.array(rng, 9, *kernel),
        "stride": rng.choice(array_cases.STRIDES), "padding": padding,
    }  # fmt: skip


def _convolved(input: Any, kernel: Any, stride: Any = 1, padding: Any = 0) -> Key:
    return {"output": convolution(input, kernel, stride, padding)}


def _sizes(rng: random.Random) -> Given:
    k, s, p = rng.randint(1, 11), rng.randint(1, 6), rng.randint(0, 5)
    return {"input_size": rng.randint(max(1, k - 2 * p), 60), "kernel_size": k, "stride": s, "padding": p}


def _counted(input_size: Any, kernel_size: Any, stride: Any, padding: Any) -> Key:
    """One number for each answer, or one for each axis where a size is [H, W]."""
    sizes = (input_size, kernel_size, stride, padding)
    axes = tuple(zip(*map(both, sizes), strict=True))
    found = {"padded_size": tuple(i + 2 * p for i, _, _, p in axes), "output_size": tuple(places(*axis) for axis in axes)}
    return found if any(isinstance(size, list) for size in sizes) else {part: answer[0] for part, answer in found.items()}


def _basic_sizes(rng: random.Random) -> Given:
    k = rng.randint(1, 70)
    return {"input_size": rng.randint(k, 120), "kernel_size": k}


# First course


def _fitting(ask: str, output_size: int, **sizes: int) -> Key:
    """Every value from 1 (of a padding, 0) to 1000, all of them tried at once."""
    tried = np.arange(0 if ask == "padding" else 1, 1001)
    i, k, s, p = (tried if name == ask else sizes[name] for name in ("input_size", "kernel_size", "stride", "padding"))
    moves = i + 2 * p - k
    return {"values": tuple(tried[(moves >= 0) & (moves // s == output_size - 1)].tolist())}


SEEN: tuple[Kernel, ...] = (
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    [[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], [[1, 0, -1]], [[1, 2, 1]], [[-1, 8, -1], [-1, 1, -1], [-1, -2, -1]],
)  # fmt: skip
EFFECTS = [
    "brighter-right", "brighter-left", "brighter-down", "brighter-up", "brighter-down-right", "brighter-down-left", "brighter-up-right",
    "brighter-up-left", "blur", "sharpen", "all-edges", "identity", "shift-left", "shift-right", "shift-up", "shift-down", "emboss",
]  # fmt: skip


def _kernel(rng: random.Random) -> Given:
    """A kernel that is known, turned, mirrored, made stronger where it sums to 0, and with zeros round it."""
    kernel = np.array(rng.choice(SEEN))
    strength = rng.randint(1, 30) if kernel.sum() == 0 else 1
    kernel = np.pad(np.rot90(kernel.T if rng.random() < 0.5 else kernel, rng.randrange(4)) * strength, rng.randint(0, 2))
    return {"kernel": kernel.tolist(), "options": rng.sample(EFFECTS, len(EFFECTS))}


def _statements(rng: random.Random) -> Given:
    return {"statements": rng.sample(sorted(TRUE | FALSE), rng.randint(2, 9))}


def _faulty_code(rng: random.Random) -> Given:
    """A few lines with one number that torch refuses."""
    batch, channels, out = rng.randint(2, 9), rng.randint(2, 6), rng.randint(7, 20)
    height, width, kernel = rng.randint(4, 9), rng.randint(4, 9), rng.randint(2, 3)
    data = f"x = torch.zeros({batch}, {channels}, {height}, {width})"
    features = out * (height - kernel + 1) * (width - kernel + 1)
    match rng.randrange(4):
        case 0:
            lines = [data, f"conv = torch.nn.Conv2d({channels + rng.choice([-1, 1, 2])}, {out}, kernel_size={kernel})", "y = conv(x)"]
        case 1:
            lines = [data, f"conv = torch.nn.Conv2d({channels}, {out}, kernel_size={min(height, width) + rng.randint(1, 5)})", "y = conv(x)"]
        case 2:
            head = f"head = torch.nn.Linear({features + rng.randint(1, 99)}, 10)"
            lines = [data, f"conv = torch.nn.Conv2d({channels}, {out}, kernel_size={kernel})", head, "y = head(conv(x).flatten(1))"]
        case _:
            head = f"head = torch.nn.Linear({features}, 10)"
            lines = [data, f"conv = torch.nn.Conv2d({channels}, {out}, kernel_size={kernel})", head, f"y = head(conv(x).flatten({rng.choice([0, 2])}))"]
    return {"code": "\n".join(lines)}


def _put_right(code: str, error: str = "") -> Key:
    return dict(zip(("argument", "fix"), by_arithmetic(code), strict=True))


def _array(name: str) -> SecondWay:
    case = array_cases.CASES[name]
    return SecondWay(lambda rng: case.drawn(rng, 9), lambda **given: case.plain(**given)[0])


def _size(name: str) -> SecondWay:
    return SecondWay(size_cases.CASES[name].drawn, size_cases.CASES[name].key)


SECOND_WAYS: dict[str, SecondWay] = {
    "one-window": SecondWay(_window, lambda input, kernel: {"value": sum(products(input, kernel))}),
    **dict.fromkeys(("conv-array", "conv-stride", "conv-padding"), SecondWay(_convolution, _convolved)),
    "output-size-basic": SecondWay(_basic_sizes, lambda input_size, kernel_size: {"output_size": places(input_size, kernel_size)}),
    "output-size": SecondWay(_sizes, _counted),
    **{name: _size(name) for name in size_cases.CASES},
    "inverse-size": SecondWay(size_cases.CASES["inverse-size"].drawn, _fitting),
    **{name: _array(name) for name in array_cases.CASES},
    **{name: SecondWay(case.drawn, case.key) for name, case in stack_cases.CASES.items()},
    "kernel-effect": SecondWay(_kernel, lambda kernel, options: {"effect": by_moments(kernel)}),
    "shape-debug": SecondWay(_faulty_code, _put_right),
    "concepts": SecondWay(_statements, lambda statements: {"choices": TRUE & set(statements)}),
}


# Code exercises


def _ints(rng: random.Random, *shape: int) -> Any:
    return np.array([rng.randint(-9, 9) for _ in range(int(np.prod(shape)))], dtype=np.int64).reshape(shape)


def _call_output_size(rng: random.Random) -> Given:
    k, s, p, d = rng.randint(1, 7), rng.randint(1, 5), rng.randint(0, 4), rng.randint(1, 3)
    return {"i": rng.randint(max(1, d * (k - 1) + 1 - 2 * p), 40), "k": k, "s": s, "p": p, "d": d}


def _call_conv2d(rng: random.Random) -> Given:
    kernel, padding = array_cases.sides(rng, 4), rng.randint(0, 3)
    return {"x": _ints(rng, *array_cases.reached(rng, kernel, padding)), "w": _ints(rng, *kernel), "stride": rng.randint(1, 3), "padding": padding}


def _layer(rng: random.Random, groups: int, dilation: int) -> tuple[Given, Any]:
    """Input, filters, stride and padding, and the shape of what comes out."""
    batch, own, filters, kernel = rng.randint(1, 2), rng.randint(1, 2), groups * rng.randint(1, 2), array_cases.sides(rng)
    stride, padding = rng.randint(1, 3), rng.randint(0, 2)
    sides = array_cases.reached(rng, kernel, padding, dilation, most=3)
    out = (places(i, k, stride, padding, dilation) for i, k in zip(sides, kernel, strict=True))
    given = {"x": _ints(rng, batch, groups * own, *sides), "w": _ints(rng, filters, own, *kernel), "stride": stride, "padding": padding}
    return given, (batch, filters, *out)


def _call_channels(rng: random.Random) -> Given:
    groups, dilation = rng.randint(1, 3), rng.randint(1, 3)
    given, _ = _layer(rng, groups, dilation)
    return {**given, "b": _ints(rng, len(given["w"])) if rng.random() < 0.5 else None, "dilation": dilation, "groups": groups}


def _call_backward(rng: random.Random) -> Given:
    """Multiples of 1/128: their sums are exact in any order."""
    given, out = _layer(rng, 1, 1)
    return {**given, "x": given["x"] / 128, "w": given["w"] / 128, "dout": _ints(rng, *out) / 128}


def _call_max_pool2d(rng: random.Random) -> Given:
    kernel = rng.randint(1, 4)
    padding = rng.randint(0, kernel // 2)
    return {
        "x": _ints(rng, *array_cases.reached(rng, both(kernel), padding)), "kernel_size": kernel,
        "stride": rng.choice([None, 1, 2, 3]), "padding": padding,
    }  # fmt: skip


def _call_im2col(rng: random.Random) -> Given:
    kernel, padding = rng.randint(1, 3), rng.randint(0, 2)
    x = _ints(rng, rng.randint(1, 3), *array_cases.reached(rng, both(kernel), padding))
    return {"x": x, "kernel_size": kernel, "stride": rng.randint(1, 3), "padding": padding}


def _call_transposed(rng: random.Random) -> Given:
    while True:
        input, kernel, stride, padding = array_cases.sides(rng), array_cases.sides(rng), rng.randint(1, 3), rng.randint(0, 2)
        given = {"x": _ints(rng, *input), "w": _ints(rng, *kernel), "stride": stride, "padding": padding, "output_padding": rng.randrange(stride)}
        if all((i - 1) * stride + k - 2 * padding + given["output_padding"] > 0 for i, k in zip(input, kernel, strict=True)):
            return given


def _program(name: str) -> Callable[..., Any]:
    """The function of the right program of plain loops."""
    names: dict[str, Any] = {}
    exec(RIGHT[name], names)  # noqa: S102 - a program of ours
    return names[name.removeprefix("code-").replace("-channels", "").replace("-", "_")]  # type: ignore[no-any-return]


CALLS: dict[str, Callable[[random.Random], Given]] = {
    "code-output-size": _call_output_size, "code-conv2d": _call_conv2d, "code-conv2d-channels": _call_channels, "code-max-pool2d": _call_max_pool2d,
    "code-im2col": _call_im2col, "code-conv-transpose2d": _call_transposed, "code-conv2d-backward": _call_backward,
}  # fmt: skip
SECOND_PROGRAMS = {name: SecondProgram(drawn, _program(name)) for name, drawn in CALLS.items()}
