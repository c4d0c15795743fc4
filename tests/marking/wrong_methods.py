"""The right method and every wrong one of lesson 1 in plain Python: a second opinion beside the torch solutions.

Written from descriptions of the wrong methods in words, without a look at torch: loops over lists, and integers.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

Table = list[list[int]]
Given = dict[str, Any]
Window = tuple[int, int]


def pairs(size: Any) -> tuple[int, int]:
    return (size[0], size[1]) if isinstance(size, (list, tuple)) else (size, size)


def framed(table: Table, top: int, bottom: int, left: int, right: int) -> Table:
    """Zeros round a table."""
    width = len(table[0]) + left + right
    return [[0] * width for _ in range(top)] + [[0] * left + row + [0] * right for row in table] + [[0] * width for _ in range(bottom)]


def replicated(table: Table, rows: int, columns: int) -> Table:
    wide = [row[:1] * columns + row + row[-1:] * columns for row in table]
    return wide[:1] * rows + wide + wide[-1:] * rows


def products(table: Table, kernel: Table, row: int, column: int) -> Table:
    return [[table[row + r][column + c] * kernel[r][c] for c in range(len(kernel[0]))] for r in range(len(kernel))]


def total(table: Table) -> int:
    return sum(sum(row) for row in table)


def slide(table: Table, kernel: Table, down: int = 1, right: int = 1, each: Callable[[Table, Table, int, int], Any] | None = None) -> list[list[Any]]:
    """What each window gives: the sum of its products, or what `each` says."""
    rows, columns = len(table) - len(kernel) + 1, len(table[0]) - len(kernel[0]) + 1
    window = each or (lambda t, k, r, c: total(products(t, k, r, c)))
    return [[window(table, kernel, r, c) for c in range(0, columns, right)] for r in range(0, rows, down)]


def cut(table: Table, kernel: Table, row: int, column: int) -> Table:
    return [line[column : column + len(kernel[0])] for line in table[row : row + len(kernel)]]


def matrix_product(a: Table, b: Table) -> Table:
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def turned(kernel: Table) -> Table:
    return [row[::-1] for row in kernel[::-1]]


def mirrored(kernel: Table) -> Table:
    return [row[::-1] for row in kernel]


def transposed(kernel: Table) -> Table:
    return [list(column) for column in zip(*kernel, strict=True)]


def convolve(given: Given, kernel: Table | None = None, each: Callable[[Table, Table, int, int], Any] | None = None) -> list[list[Any]]:
    (rows, columns), (down, right) = pairs(given.get("padding", 0)), pairs(given.get("stride", 1))
    return slide(framed(given["input"], rows, rows, columns, columns), kernel or given["kernel"], down, right, each)


def unpadded(given: Given) -> Table:
    return convolve({**given, "padding": 0})


def blocks_of_products(given: Given) -> Table:
    """The products of all windows side by side, as they would be drawn on paper."""
    tables = convolve(given, each=products)
    return [[cell for table in line for cell in table[row]] for line in tables for row in range(len(given["kernel"]))]


def shifted(given: Given) -> Table:
    (rows, columns), (down, right) = pairs(given.get("padding", 0)), pairs(given.get("stride", 1))
    table = framed(given["input"], rows, rows, columns, columns)
    return slide([row[right - 1 :] for row in table[down - 1 :]], given["kernel"], down, right)


def one_side(given: Given, *, top_left: bool) -> Table:
    (rows, columns), (down, right) = pairs(given["padding"]), pairs(given.get("stride", 1))
    table = framed(given["input"], rows, 0, columns, 0) if top_left else framed(given["input"], 0, rows, 0, columns)
    return slide(table, given["kernel"], down, right)


def zeros_round_output(given: Given) -> Table:
    rows, columns = pairs(given["padding"])
    return framed(unpadded(given), rows, rows, columns, columns)


def edge_repeated(given: Given) -> Table:
    return slide(replicated(given["input"], *pairs(given["padding"])), given["kernel"], *pairs(given.get("stride", 1)))


def mean(given: Given) -> list[list[Fraction]]:
    return [[Fraction(cell, len(given["kernel"]) * len(given["kernel"][0])) for cell in row] for row in convolve(given)]


def middle(kernel: Table) -> Window:
    return len(kernel) // 2, len(kernel[0]) // 2


TURNED: dict[str, Callable[[Given], Any]] = {
    "flip180": lambda g: convolve(g, turned(g["kernel"])),
    "flip-lr": lambda g: convolve(g, mirrored(g["kernel"])),
    "kernel-transposed": lambda g: convolve(g, transposed(g["kernel"])),
}
ARRAYS: dict[str, Callable[[Given], Any]] = {
    **TURNED,
    "window-sum": lambda g: convolve(g, each=lambda t, k, r, c: total(cut(t, k, r, c))),
    "no-sum": blocks_of_products,
    "matmul-not-elementwise": lambda g: convolve(g, each=lambda t, k, r, c: total(matrix_product(cut(t, k, r, c), k))),
    "mean-not-sum": mean,
    "max-not-sum": lambda g: convolve(g, each=lambda t, k, r, c: max(max(row) for row in products(t, k, r, c))),
    "centre-only": lambda g: convolve(g, each=lambda t, k, r, c: t[r + middle(k)[0]][c + middle(k)[1]] * k[middle(k)[0]][middle(k)[1]]),
    "stride-ignored": lambda g: convolve({**g, "stride": 1}),
    "stride-cols-only": lambda g: convolve({**g, "stride": [1, pairs(g["stride"])[1]]}),
    "stride-offset": shifted,
    "stride-equals-kernel": lambda g: convolve({**g, "stride": [len(g["kernel"]), len(g["kernel"][0])]}),
    "pad-ignored": unpadded,
    "pad-topleft": lambda g: one_side(g, top_left=True),
    "pad-bottomright": lambda g: one_side(g, top_left=False),
    "pad-around-output": zeros_round_output,
    "pad-replicate": edge_repeated,
}
WINDOW: dict[str, Callable[[Given], Any]] = {
    "sum-only": lambda g: total(g["input"]),
    "products-only": lambda g: products(g["input"], g["kernel"], 0, 0),
    "flip180": lambda g: total(products(g["input"], turned(g["kernel"]), 0, 0)),
    "matmul": lambda g: matrix_product(g["input"], g["kernel"]),
    "max-product": lambda g: max(max(row) for row in products(g["input"], g["kernel"], 0, 0)),
}
BASIC: dict[str, Callable[[Given], Any]] = {
    "no-plus1": lambda g: g["input_size"] - g["kernel_size"],
    "minus1": lambda g: g["input_size"] - g["kernel_size"] - 1,
    "full": lambda g: g["input_size"] + g["kernel_size"] - 1,
    "same": lambda g: g["input_size"],
    "blocks": lambda g: floor(g["input_size"] / g["kernel_size"]),
}
SIZE: dict[str, Callable[[int, int, int, int], Any]] = {
    "ceil": lambda i, k, s, p: ceil(Fraction(i + 2 * p - k, s)) + 1,
    "nearest": lambda i, k, s, p: floor(Fraction(i + 2 * p - k, s) + Fraction(1, 2)) + 1,
    "fraction": lambda i, k, s, p: Fraction(i + 2 * p - k, s) + 1,
    "pad-once": lambda i, k, s, p: floor(Fraction(i + p - k, s)) + 1,
    "pad-ignored": lambda i, k, s, p: floor(Fraction(i - k, s)) + 1,
    "pad-after": lambda i, k, s, p: floor(Fraction(i - k, s)) + 1 + 2 * p,
    "no-plus1": lambda i, k, s, p: floor(Fraction(i + 2 * p - k, s)),
    "plus1-inside": lambda i, k, s, p: floor(Fraction(i + 2 * p - k + 1, s)),
    "stride-ignored": lambda i, k, s, p: i + 2 * p - k + 1,
    "stride-added": lambda i, k, s, p: i + 2 * p - k + s,
    "stride-is-gap": lambda i, k, s, p: floor(Fraction(i + 2 * p - k, s + 1)) + 1,
    "kernel-ignored": lambda i, k, s, p: floor(Fraction(i + 2 * p, s)),
    "same-thinking": lambda i, k, s, p: ceil(Fraction(i, s)),
}
PADDED: dict[str, Callable[[int, int, int, int], int]] = {"pad-once": lambda i, k, s, p: i + p, "pad-ignored": lambda i, k, s, p: i}
FORMULAS = {
    "ceil": "ceil((i + 2p - k) / s) + 1",
    "nearest": "floor((i + 2p - k) / s + 1/2) + 1",
    "fraction": "(i + 2p - k) / s + 1",
    "pad-once": "(i - k + p) / s + 1",
    "pad-ignored": "floor((i - k) / s) + 1",
    "pad-after": "floor((i - k) / s) + 1 + 2p",
    "no-plus1": "floor((i + 2p - k) / s)",
    "plus1-inside": "(i + 2p - k + 1) // s",
    "stride-ignored": "i + 2p - k + 1",
    "stride-added": "i + 2p - k + s",
    "stride-is-gap": "floor((i + 2p - k) / (s + 1)) + 1",
    "kernel-ignored": "floor((i + 2p) / s)",
    "same-thinking": "ceil(i / s)",
}
RIGHT_FORMULA = "floor((i + 2p - k) / s) + 1"


def size_arguments(given: Given) -> list[tuple[int, int, int, int]]:
    """(i, k, s, p) of each axis; one where no size is [H, W]."""
    names = ("input_size", "kernel_size", "stride", "padding")
    values = [given.get(name, 1 if name == "stride" else 0) for name in names]
    axes = [tuple(pairs(value)[axis] for value in values) for axis in (0, 1)]
    return axes if any(isinstance(value, (list, tuple)) for value in values) else axes[:1]  # type: ignore[return-value]


def per_axis(rule: Callable[[int, int, int, int], Any], given: Given) -> Any:
    found = [rule(*axis) for axis in size_arguments(given)]
    return found[0] if len(found) == 1 else tuple(found)


def right(exercise: str, given: Given) -> dict[str, Any]:
    """The right answers to an exercise's parts."""
    match exercise:
        case "one-window":
            return {"value": total(products(given["input"], given["kernel"], 0, 0))}
        case "output-size-basic":
            return {"output_size": given["input_size"] - given["kernel_size"] + 1}
        case "output-size":
            side = per_axis(lambda i, k, s, p: floor(Fraction(i + 2 * p - k, s)) + 1, given)
            return {"padded_size": per_axis(lambda i, k, s, p: i + 2 * p, given), "output_size": side}
        case "size-formula":
            return {"output_size": RIGHT_FORMULA}
    return {"output": convolve(given)}


def wrong(exercise: str, name: str, given: Given) -> dict[str, Any]:
    """What a student with this wrong method writes: only the parts it changes."""
    match exercise:
        case "one-window":
            return {"value": WINDOW[name](given)}
        case "output-size-basic":
            return {"output_size": BASIC[name](given)}
        case "output-size" if name == "hw-swapped":
            return {part: answer[::-1] for part, answer in right(exercise, given).items() if isinstance(answer, tuple)}
        case "output-size":
            found = {"padded_size": per_axis(PADDED[name], given)} if name in PADDED else {}
            return {**found, "output_size": per_axis(SIZE[name], given)}
        case "size-formula":
            return {"output_size": FORMULAS[name]}
    return {"output": ARRAYS[name](given)}
