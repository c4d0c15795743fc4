"""A second opinion on what lays numbers out: transposed convolutions, padding, im2col.

Plain Python, loops and integers, no torch; the shape of what is returned is that of `plain_layers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.solutions.plain import Array, Pair, both, framed, multiply_add, slide, transposed, turned
from tests.solutions.plain_layers import Plain, Readings, output


def zeros(height: int, width: int) -> Array:
    return [[0] * width for _ in range(height)]


# T26


def laid(input: Array, kernel: Array, stride: Pair, meet: Callable[[int, int], int] = lambda old, new: old + new) -> Array:
    """Every cell of the input lays the kernel, times itself; `meet` says what becomes of a cell that has a number already."""
    found = zeros((len(input) - 1) * stride[0] + len(kernel), (len(input[0]) - 1) * stride[1] + len(kernel[0]))
    for row, line in enumerate(input):
        for column, number in enumerate(line):
            for a, weights in enumerate(kernel):
                for b, weight in enumerate(weights):
                    r, c = row * stride[0] + a, column * stride[1] + b
                    found[r][c] = meet(found[r][c], number * weight)
    return found


def trimmed(array: Array, top: int, left: int, bottom: int, right: int) -> Array:
    return [row[left : len(row) - right] for row in array[top : len(array) - bottom]]


def transposed_values(input: Array, kernel: Array, stride: Any, padding: Any) -> Plain:
    (down, right), (rows, columns), (height, width) = both(stride), both(padding), (len(kernel), len(kernel[0]))
    full = laid(input, kernel, (down, right))

    def cut(array: Array) -> Array:
        return trimmed(array, rows, columns, rows, columns)

    corner = [[1 if (a, b) == (0, 0) else 0 for b in range(width)] for a in range(height)]
    blocks = [[number for number in line for _ in range(right)] for line in input for _ in range(down)]
    moved = any(side > 1 and step > 1 for side, step in zip((len(input), len(input[0])), (down, right), strict=True))
    return output(
        cut(full),
        no_overlap_add=[cut(laid(input, kernel, (down, right), lambda old, new: new)), laid(input, kernel, (height, width))],
        inverse_expected=[cut(laid(input, corner, (down, right))), *([blocks] if moved else [])],
        forward_formula=[slide(framed(input, rows, columns, rows, columns), kernel, (down, right), multiply_add)],
        kernel_flipped=[cut(laid(input, turned(kernel), (down, right)))],
        stride_ignored=[cut(laid(input, kernel, (1, 1)))],
        pad_ignored=[full],
        pad_adds=[framed(full, rows, columns, rows, columns), laid(framed(input, rows, columns, rows, columns), kernel, (down, right))],
        pad_once=[trimmed(full, 0, 0, rows, columns), trimmed(full, rows, columns, 0, 0)],
    )


# T28


def reflect(place: int, side: int) -> int:
    return -place if place < 0 else 2 * (side - 1) - place if place >= side else place


def replicate(place: int, side: int) -> int:
    return min(max(place, 0), side - 1)


def circular(place: int, side: int) -> int:
    return place % side


def symmetric(place: int, side: int) -> int:
    return -place - 1 if place < 0 else 2 * side - 1 - place if place >= side else place


MODES: dict[str, Callable[[int, int], int]] = {"reflect": reflect, "replicate": replicate, "circular": circular}


def padded(input: Array, padding: Pair, rule: Callable[[int, int, int], int]) -> Array:
    """`rule(place, side, padding)` names the cell of an axis that stands at a place outside (or inside) of it."""
    height, width, (rows, columns) = len(input), len(input[0]), padding
    return [[input[rule(r, height, rows)][rule(c, width, columns)] for c in range(-columns, width + columns)] for r in range(-rows, height + rows)]


def near_side(place: int, side: int, padding: int) -> int:
    """The rows above the input are its own first ones, those below its own last ones, in their order."""
    return place + padding if place < 0 else place - padding if place >= side else place


def far_side_turned(place: int, side: int, padding: int) -> int:
    """As circular, but each block of rows outside stands in turned order."""
    if 0 <= place < side:
        return place
    block = range(-padding, 0) if place < 0 else range(side, side + padding)
    return block[padding - 1 - block.index(place)] % side


def padding_modes(input: Array, padding: Any, mode: str) -> Plain:
    height, width, (rows, columns) = len(input), len(input[0]), both(padding)
    own = MODES[mode]
    key = padded(input, (rows, columns), lambda place, side, _: own(place, side))

    def outside(row: int, column: int) -> bool:
        return not 0 <= row - rows < height and not 0 <= column - columns < width

    found: dict[str, list[Any]] = {
        "zeros": [framed(input, rows, columns, rows, columns)],
        "corners-empty": [[[0 if outside(r, c) else cell for c, cell in enumerate(line)] for r, line in enumerate(key)]],
        "one-side": [trimmed(key, 0, 0, rows, columns), trimmed(key, rows, columns, 0, 0)],
        "replicate-for-reflect": [padded(input, (rows, columns), lambda place, side, _: replicate(place, side))],
    }
    most = {"reflect": (height - 1, width - 1), "circular": (height, width), "replicate": (rows + columns,) * 2}[mode]
    fits = columns <= most[0] and rows <= most[1]
    found["axes-swapped"] = [padded(input, (columns, rows), lambda place, side, _: own(place, side)) if fits else []]
    if rows < height and columns < width:
        found["reflect-for-replicate"] = [padded(input, (rows, columns), lambda place, side, _: reflect(place, side))]
    if rows <= height and columns <= width:
        found["reflect-repeats-edge"] = [padded(input, (rows, columns), lambda place, side, _: symmetric(place, side))]
        near = [padded(input, (rows, columns), near_side)] if 0 < rows < height or 0 < columns < width else []
        turned_far = [padded(input, (rows, columns), far_side_turned)] if max(rows, columns) > 1 else []
        found["circular-wrong-way"] = [*near, *turned_far]
    return {"padded": key}, {name: {"padded": readings} for name, readings in found.items()}


# T27


def windows(maps: list[Array], size: Pair, stride: Pair, padding: Pair) -> list[list[list[Array]]]:
    """For each place downwards and to the right, the window of every channel."""
    (height, width), (rows, columns) = size, padding
    frames = [framed(one, rows, columns, rows, columns) for one in maps]
    return [
        [[[line[left : left + width] for line in frame[top : top + height]] for frame in frames] for left in range(0, len(frames[0][0]) - width + 1, stride[1])]
        for top in range(0, len(frames[0]) - height + 1, stride[0])
    ]


def by_rows(window: list[Array]) -> list[int]:
    return [cell for one in window for line in one for cell in line]


def matrix(places: list[list[list[Array]]], read: Callable[[list[Array]], list[int]] = by_rows) -> Array:
    """A column for each window, read by a rule."""
    return transposed([read(window) for line in places for window in line])


def im2col(input: Any, kernel_size: Any, stride: Any, padding: Any) -> Plain:
    maps: list[Array] = input if isinstance(input[0][0], list) else [input]
    size, steps, frame = both(kernel_size), both(stride), both(padding)
    places = windows(maps, size, steps, frame)
    key = matrix(places)

    def answers(array: Array) -> dict[str, list[Any]]:
        """Both parts; sides that come out right are no mistake."""
        sides = (len(array), len(array[0])) if array else (0, 0)
        return {"columns": [array]} if sides == (len(key), len(key[0])) else {"columns": [array], "shape": [sides]}

    def by_place(window: list[Array]) -> list[int]:
        return [one[a][b] for a in range(size[0]) for b in range(size[1]) for one in window]

    def by_columns(window: list[Array]) -> list[int]:
        return [one[a][b] for one in window for b in range(size[1]) for a in range(size[0])]

    mistakes: Readings = {
        "transposed-matrix": answers(transposed(key)),
        "ci-forgotten": answers(matrix(windows(maps[:1], size, steps, frame))),
        "pixel-major-order": {"columns": [matrix(places, by_place)]},
        "window-by-columns": {"columns": [matrix(places, by_columns)]},
        "windows-downwards": {"columns": [matrix([[line[column] for line in places] for column in range(len(places[0]))])]},
        "i2-columns": {"shape": [(len(key), len(maps[0]) * len(maps[0][0]))]},
        "stride-ignored": answers(matrix(windows(maps, size, (1, 1), frame))),
        "pad-ignored": answers(matrix(windows(maps, size, steps, (0, 0)))),
    }
    return {"columns": key, "shape": (len(key), len(key[0]))}, mistakes
