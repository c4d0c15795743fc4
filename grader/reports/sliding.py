"""A window that slides over an input, worked out in plain Python: what convolution, ReLU after it, pooling and im2col give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeGuard

from grader.course.values import shape

Rows = Sequence[Sequence[Any]]
Pair = tuple[int, int]
Window = list[int | None]  # the numbers a window sees, channel by channel; None: padding
Rule = Callable[[Window, Sequence[int]], Any]
"""What one window gives: takes its numbers and the kernel's."""


@dataclass(frozen=True)
class Sliding:
    """A window that slides over the channels of an input. Without a kernel it is a pool's."""

    channels: Sequence[Rows]
    kernels: Sequence[Rows] | None
    size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    bias: int

    @property
    def padded(self) -> list[list[list[int | None]]]:
        """The channels with their padding, which is None."""
        down, across = self.padding
        framed = []
        for rows in self.channels:
            empty: list[list[int | None]] = [[None] * (len(rows[0]) + 2 * across) for _ in range(down)]
            framed.append([*empty, *([None] * across + list(row) + [None] * across for row in rows), *empty])
        return framed

    @property
    def reach(self) -> Pair:
        height, width = (dilation * (size - 1) + 1 for dilation, size in zip(self.dilation, self.size, strict=True))
        return height, width

    def output(self, rule: Rule) -> list[list[Any]]:
        """What a rule for one window gives everywhere: it takes the window's numbers, all channels, and the kernel's."""
        padded, (height, width) = self.padded, self.reach
        return [
            [rule(self.window(padded, top, left), self.weights) for left in range(0, len(padded[0][0]) - width + 1, self.stride[1])]
            for top in range(0, len(padded[0]) - height + 1, self.stride[0])
        ]

    def window(self, padded: Sequence[Rows], top: int, left: int) -> Window:
        places = [(top + r * self.dilation[0], left + c * self.dilation[1]) for r in range(self.size[0]) for c in range(self.size[1])]
        return [rows[r][c] for rows in padded for r, c in places]

    @property
    def rules(self) -> dict[str, Rule]:
        """What may have been done with each window: a convolution with or without ReLU, a maximum or a mean."""
        if self.kernels is not None:
            return {"convolution": self._convolution, "relu": lambda cells, weights: max(0, self._convolution(cells, weights))}
        return {"max": _maximum, "avg": _mean} if len(self.channels) == 1 else {}

    @property
    def first(self) -> tuple[Window, list[int]]:
        """What the first window sees, and the kernel's numbers."""
        return self.window(self.padded, 0, 0), self.weights

    @property
    def weights(self) -> list[int]:
        return [weight for kernel in self.kernels or () for row in kernel for weight in row]

    @property
    def columns(self) -> list[list[int]]:
        """Each window as a column, as im2col has it."""
        windows = [cells for row in self.output(lambda cells, _: [cell or 0 for cell in cells]) for cells in row]
        return [list(row) for row in zip(*windows, strict=True)]

    def _convolution(self, cells: Window, weights: Sequence[int]) -> int:
        return self.bias + sum((cell or 0) * weight for cell, weight in zip(cells, weights, strict=True))


def sliding(given: Mapping[str, Any]) -> Sliding | None:
    """The window that this given describes, by torch's names; None where it describes none, or one that does not fit."""
    channels, kernels = _planes(given.get("input")), _planes(given.get("kernel"))
    sizes = [size_pair(given.get(name, default)) for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))]
    window = size_pair(given.get("kernel_size")) if kernels is None else (len(kernels[0]), len(kernels[0][0]))
    bias = given.get("bias", 0)
    if channels is None or window is None or None in sizes or (kernels is not None and len(kernels) != len(channels)) or type(bias) is not int:
        return None
    stride, padding, dilation = (size for size in sizes if size is not None)
    if min(*stride, *dilation, *window) < 1 or min(padding) < 0:
        return None
    found = Sliding(channels, kernels, window, stride, padding, dilation, bias)
    fits = all(reach <= side for reach, side in zip(found.reach, (len(found.padded[0]), len(found.padded[0][0])), strict=True))
    return found if fits else None


def is_matrix(array: Any) -> TypeGuard[list[list[Any]]]:
    return isinstance(array, list) and len(shape(array) or ()) == 2 and bool(array[0])


def size_pair(size: Any) -> Pair | None:
    """A size as (H, W); None where it is said in another way, as `same` is."""
    pair = tuple(size) if isinstance(size, list) else (size, size)
    return (pair[0], pair[1]) if len(pair) == 2 and all(type(side) is int for side in pair) else None


def _planes(array: Any) -> Sequence[Rows] | None:
    """An array as its channels: one where it has two axes."""
    sides = len(shape(array) or ()) if isinstance(array, list) else 0
    return [array] if sides == 2 else array if sides == 3 else None


def _maximum(cells: Window, _: Sequence[int]) -> int:
    return max((cell for cell in cells if cell is not None), default=0)


def _mean(cells: Window, _: Sequence[int]) -> int | Fraction:
    return _plain(Fraction(sum(cell or 0 for cell in cells), len(cells)))


def _plain(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value
