"""A second opinion on every key and wrong method of lesson 1: plain Python, loops and integers, no torch.

Written from descriptions in words, not from `solutions/`: where the two differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

Array = list[list[int]]
Pair = tuple[int, int]


def both(size: int | list[int]) -> Pair:
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def framed(input: Array, top: int, left: int, bottom: int, right: int, fill: Callable[[int, int], int] = lambda row, column: 0) -> Array:
    """The input with cells round it; `fill` says what stands at a row and column outside (counted from the input's corner)."""
    height, width = len(input), len(input[0])
    return [
        [input[row][column] if 0 <= row < height and 0 <= column < width else fill(row, column) for column in range(-left, width + right)]
        for row in range(-top, height + bottom)
    ]


def slide(input: Array, kernel: Array, stride: Pair, rule: Callable[[Array, Array], Any]) -> list[list[Any]]:
    """`rule(window, kernel)` at each place of the kernel."""
    height, width = len(kernel), len(kernel[0])
    return [
        [rule([row[left : left + width] for row in input[top : top + height]], kernel) for left in range(0, len(input[0]) - width + 1, stride[1])]
        for top in range(0, len(input) - height + 1, stride[0])
    ]


def products(window: Array, kernel: Array) -> list[int]:
    return [a * b for window_row, kernel_row in zip(window, kernel, strict=True) for a, b in zip(window_row, kernel_row, strict=True)]


def multiply_add(window: Array, kernel: Array) -> int:
    return sum(products(window, kernel))


def turned(kernel: Array) -> Array:
    return [row[::-1] for row in kernel[::-1]]


def mirrored(kernel: Array) -> Array:
    return [row[::-1] for row in kernel]


def transposed(kernel: Array) -> Array:
    return [list(column) for column in zip(*kernel, strict=True)]


def matrix_product(a: Array, b: Array) -> Array:
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in transposed(b)] for row in a]


def tiled(tables: list[list[Array]]) -> Array:
    """Tables in rows, laid side by side into one."""
    return [[cell for table in line for cell in table[row]] for line in tables for row in range(len(line[0]))]


def product_table(window: Array, kernel: Array) -> Array:
    return [[a * b for a, b in zip(window_row, kernel_row, strict=True)] for window_row, kernel_row in zip(window, kernel, strict=True)]


# Convolution: key and wrong methods, name → answer (or several readings), None where the method leads nowhere.


def convolution(input: Array, kernel: Array, stride: int | list[int], padding: int | list[int]) -> Array:
    rows, columns = both(padding)
    return slide(framed(input, rows, columns, rows, columns), kernel, both(stride), multiply_add)


def convolution_mistakes(input: Array, kernel: Array, stride: int | list[int], padding: int | list[int]) -> dict[str, list[Any]]:
    (down, right), (rows, columns) = both(stride), both(padding)
    padded = framed(input, rows, columns, rows, columns)
    height, width = len(kernel), len(kernel[0])
    edge = framed(input, rows, columns, rows, columns, lambda row, column: input[min(max(row, 0), len(input) - 1)][min(max(column, 0), len(input[0]) - 1)])
    bare = slide(input, kernel, (down, right), multiply_add)
    found: dict[str, list[Any]] = {
        "flip180": [slide(padded, turned(kernel), (down, right), multiply_add)],
        "flip-lr": [slide(padded, mirrored(kernel), (down, right), multiply_add)],
        "kernel-transposed": [slide(padded, transposed(kernel), (down, right), multiply_add)],
        "max-not-sum": [slide(padded, kernel, (down, right), lambda window, kernel: max(products(window, kernel)))],
        "window-sum": [slide(padded, kernel, (down, right), lambda window, _: sum(map(sum, window)))],
        "no-sum": [slide(padded, kernel, (down, right), product_table), tiled(slide(padded, kernel, (down, right), product_table))],
        "mean-not-sum": [slide(padded, kernel, (down, right), lambda window, kernel: Fraction(multiply_add(window, kernel), height * width))],
        "stride-ignored": [slide(padded, kernel, (1, 1), multiply_add)],
        "stride-cols-only": [slide(padded, kernel, (1, right), multiply_add)],
        "stride-offset": [slide([row[right - 1 :] for row in padded[down - 1 :]], kernel, (down, right), multiply_add)],
        "stride-equals-kernel": [slide(padded, kernel, (height, width), multiply_add)],
        "pad-ignored": [bare],
        "pad-topleft": [slide(framed(input, rows, columns, 0, 0), kernel, (down, right), multiply_add)],
        "pad-bottomright": [slide(framed(input, 0, 0, rows, columns), kernel, (down, right), multiply_add)],
        "pad-around-output": [framed(bare, rows, columns, rows, columns) if bare and bare[0] else []],
        "pad-replicate": [slide(edge, kernel, (down, right), multiply_add)],
    }  # fmt: skip
    if height % 2 and width % 2:
        found["centre-only"] = [slide(padded, kernel, (down, right), lambda window, kernel: window[height // 2][width // 2] * kernel[height // 2][width // 2])]
    if height == width:
        found["matmul-not-elementwise"] = [slide(padded, kernel, (down, right), lambda window, kernel: sum(map(sum, matrix_product(window, kernel))))]
    return found


# Sizes: one axis. the rules in their usual letters: n = i + 2p - k.


def places(i: int, k: int, s: int, p: int) -> int:
    """The output's side, counted: every start of the kernel that keeps it inside."""
    return sum(1 for start in range(0, i + 2 * p, s) if start + k <= i + 2 * p)


def up(a: int, b: int) -> int:
    return (a + b - 1) // b


SIZE_RULES: dict[str, Callable[[int, int, int, int], int | Fraction]] = {
    "ceil": lambda i, k, s, p: up(i + 2 * p - k, s) + 1,
    "nearest": lambda i, k, s, p: Fraction(i + 2 * p - k, s).__floor__() + (1 if Fraction(i + 2 * p - k, s) % 1 >= Fraction(1, 2) else 0) + 1,
    "fraction": lambda i, k, s, p: Fraction(i + 2 * p - k, s) + 1,
    "pad-once": lambda i, k, s, p: (i + p - k) // s + 1,
    "pad-ignored": lambda i, k, s, p: (i - k) // s + 1,
    "pad-after": lambda i, k, s, p: (i - k) // s + 1 + 2 * p,
    "no-plus1": lambda i, k, s, p: (i + 2 * p - k) // s,
    "plus1-inside": lambda i, k, s, p: (i + 2 * p - k + 1) // s,
    "stride-ignored": lambda i, k, s, p: i + 2 * p - k + 1,
    "stride-added": lambda i, k, s, p: i + 2 * p - k + s,
    "stride-is-gap": lambda i, k, s, p: (i + 2 * p - k) // (s + 1) + 1,
    "kernel-ignored": lambda i, k, s, p: (i + 2 * p) // s,
    "same-thinking": lambda i, k, s, p: up(i, s),
}


def configurations() -> Iterable[tuple[int, int, int, int]]:
    """All 402 valid configurations of input 4–12, kernel 1–5, stride 1–3, padding 0–2."""
    return ((i, k, s, p) for i in range(4, 13) for k in range(1, 6) for s in range(1, 4) for p in range(3) if k <= i + 2 * p)
