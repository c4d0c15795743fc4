"""A second opinion on layers that give one value per window: plain Python, loops and integers, no torch.

Every function returns the key and the wrong methods: part → answer, and name → part → readings. A wrong method that leads
nowhere has an empty table among its readings, or none at all. Written from descriptions in words, not from `solutions/`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.solutions.plain import Array, Pair, both, mirrored, multiply_add, products, slide, transposed, turned

Maps = list[Array]
Readings = dict[str, dict[str, list[Any]]]
Plain = tuple[dict[str, Any], Readings]


def output(key: Any, **mistakes: list[Any]) -> Plain:
    """An exercise with the one part `output`; hyphens of names are written as underscores."""
    return {"output": key}, {name.replace("_", "-"): {"output": readings} for name, readings in mistakes.items()}


def each(rule: Callable[..., Any], *tables: Any) -> Any:
    if not isinstance(tables[0], list):
        return rule(*tables)
    return [each(rule, *items) for items in zip(*tables, strict=True)]


# T12


def bias_relu(input: Array, kernel: Array, bias: int) -> Plain:
    sums = slide(input, kernel, (1, 1), multiply_add)

    def relu(table: Array) -> Array:
        return each(lambda cell: cell if cell > 0 else 0, table)  # type: ignore[no-any-return]

    with_bias = each(lambda cell: cell + bias, sums)
    return output(
        relu(with_bias),
        relu_before_bias=[each(lambda cell: cell + bias, relu(sums))],
        bias_forgotten=[relu(sums)],
        relu_forgotten=[with_bias],
        bias_per_weight=[relu(slide(input, kernel, (1, 1), lambda window, kernel: sum(product + bias for product in products(window, kernel))))],
        abs_for_relu=[each(lambda cell: -cell if cell < 0 else cell, with_bias)],
        flip180=[relu(each(lambda cell: cell + bias, slide(input, turned(kernel), (1, 1), multiply_add)))],
    )


# T10


def true_convolution(input: Array, kernel: Array) -> Plain:
    """Cell (r, c) of a convolution adds kernel[a][b] · input[r - a][c - b], in the places where all of these lie inside."""
    height, width, below, right = len(input), len(input[0]), len(kernel) - 1, len(kernel[0]) - 1

    def at(row: int, column: int) -> int:
        return input[row][column] if 0 <= row < height and 0 <= column < width else 0

    def cell(row: int, column: int) -> int:
        return sum(kernel[a][b] * at(row - a, column - b) for a in range(below + 1) for b in range(right + 1))

    full = [[cell(row, column) for column in range(width + right)] for row in range(height + below)]
    convolution = [row[right:width] for row in full[below:height]]
    correlation = slide(input, kernel, (1, 1), multiply_add)
    upside_down = kernel[::-1]
    wrong: dict[str, list[Any]] = {
        "no-flip": [correlation],
        "flip-one-axis": [slide(input, mirrored(kernel), (1, 1), multiply_add), slide(input, upside_down, (1, 1), multiply_add)],
        "kernel-transposed": [slide(input, transposed(kernel), (1, 1), multiply_add)],
        "flip-output": [turned(correlation)],
        "flip-input": [slide(turned(input), kernel, (1, 1), multiply_add)],
        "full-size": [full],
    }
    mistakes: Readings = {name: {"convolution": readings} for name, readings in wrong.items()}
    return {"convolution": convolution, "cross_correlation": correlation}, {**mistakes, "flip180": {"cross_correlation": [convolution]}}


# T13


def multi_channel(input: Maps, kernel: Maps, bias: int) -> Plain:
    apart = [slide(one, own, (1, 1), multiply_add) for one, own in zip(input, kernel, strict=True)]
    total = each(lambda *cells: sum(cells), *apart)
    biased = [each(lambda cell: cell + bias, one) for one in apart]

    def forms(maps: Maps) -> list[Any]:
        return [maps, [row for one in maps for row in one], [[cell for row in rows for cell in row] for rows in zip(*maps, strict=True)]]

    count = len(input)
    return output(
        each(lambda cell: cell + bias, total),
        bias_per_channel=[each(lambda *cells: sum(cell + bias for cell in cells), *apart)],
        bias_forgotten=[total],
        no_channel_sum=[*forms(biased), *(forms(apart) if bias else [])],
        channel_mean=[each(lambda cell: Fraction(cell, count) + bias, total), *([each(lambda cell: Fraction(cell + bias, count), total)] if bias else [])],
        shared_kernel=[each(lambda *cells: sum(cells) + bias, *(slide(one, kernel[0], (1, 1), multiply_add) for one in input))],
        first_channel_only=[biased[0]],
        flip180=[each(lambda *cells: sum(cells) + bias, *(slide(one, turned(own), (1, 1), multiply_add) for one, own in zip(input, kernel, strict=True)))],
    )


# T16


def starts(side: int, reach: int, step: int, padding: int, *, last: bool = False) -> list[int]:
    """Where windows start along an axis, 0 being the first row of the padding.

    Args:
        last: with one more that sticks out, where something is left over and it starts before the padding at the end.
    """
    found = list(range(0, side + 2 * padding - reach + 1, step))
    if last and (side + 2 * padding - reach) % step and found[-1] + step < side + padding:
        found.append(found[-1] + step)
    return found


def pooled(
    input: Array, kernel_size: Any, stride: Any, padding: Any, rule: Callable[[list[int], int], Any], *, fill: bool = False, last: bool = False
) -> list[list[Any]]:
    """`rule(cells of the input in the window, how many cells of the padded input there are)` for each window.

    Args:
        fill: take the padding for zeros of the input.
    """
    (height, width), (down, right), (rows, columns) = both(kernel_size), both(stride), both(padding)
    high, wide = len(input), len(input[0])

    def window(top: int, left: int) -> Any:
        places = [(r, c) for r in range(top, min(top + height, high + 2 * rows)) for c in range(left, min(left + width, wide + 2 * columns))]
        inside = [input[r - rows][c - columns] for r, c in places if 0 <= r - rows < high and 0 <= c - columns < wide]
        return rule(inside + [0] * (len(places) - len(inside)) if fill else inside, len(places))

    return [[window(top, left) for left in starts(wide, width, right, columns, last=last)] for top in starts(high, height, down, rows, last=last)]


def half_up(value: Fraction) -> int:
    low = value.numerator // value.denominator
    return low + 1 if value - low >= Fraction(1, 2) else low


def toward_zero(value: Fraction) -> int:
    low = abs(value.numerator) // value.denominator
    return low if value > 0 else -low


def pool_values(input: Any, mode: str, kernel_size: Any, stride: Any, padding: Any) -> Plain:
    area = both(kernel_size)[0] * both(kernel_size)[1]
    maps: Maps = input if isinstance(input[0][0], list) else [input]

    def mean(cells: list[int], _: int) -> Fraction:
        return Fraction(sum(cells), area)

    def largest(cells: list[int], _: int) -> int:
        return max(cells)

    rule: Callable[[list[int], int], Any] = largest if mode == "max" else mean

    def pool(rule: Callable[[list[int], int], Any], kernel_size: Any = kernel_size, stride: Any = stride, padding: Any = padding, **how: bool) -> Any:
        found = [pooled(one, kernel_size, stride, padding, rule, **how) for one in maps]
        return found if maps is input else found[0]

    average = pool(mean)
    found: dict[str, list[Any]] = {
        "avg-for-max": [average],
        "max-for-avg": [pool(largest)],
        "sum-for-avg": [pool(lambda cells, _: sum(cells))],
        "rounded": [each(lambda cell: cell.numerator // cell.denominator, average), each(toward_zero, average), each(half_up, average)],
        "zero-pad-in-max": [pool(largest, fill=True)],
        "count-pad-wrong": [pool(lambda cells, _: Fraction(sum(cells), len(cells)))],
        "pad-ignored": [pool(rule, padding=0)],
        "stride1": [pool(rule, stride=1)],
        "stride-equals-kernel": [pool(rule, stride=kernel_size)],
        "ceil-always": [pool(largest, last=True)] if mode == "max" else [pool(lambda cells, count: Fraction(sum(cells), count), last=True), pool(mean, last=True)],
    }  # fmt: skip
    if len(maps) > 1:
        found["max-over-channels"] = [each(max, *pool(largest)) if mode == "max" else each(lambda *cells: sum(cells) / len(maps), *average)]
    return output(pool(rule), **{name.replace("-", "_"): readings for name, readings in found.items()})


# T21


def at_distance(input: Array, kernel: Array, dilation: Pair, stride: Pair = (1, 1)) -> Array:
    """kernel[a][b] meets the input a · dilation rows below and b · dilation columns right of the window's corner."""
    (down, right), (height, width) = dilation, (len(kernel), len(kernel[0]))
    last_row, last_column = len(input) - (height - 1) * down, len(input[0]) - (width - 1) * right
    return [
        [sum(kernel[a][b] * input[row + a * down][column + b * right] for a in range(height) for b in range(width)) for column in range(0, last_column, stride[1])]
        for row in range(0, last_row, stride[0])
    ]  # fmt: skip


def with_gaps(array: Array, down: int, right: int, *, after: bool) -> Array:
    """An array with zeros between neighbours, and if wanted as many after the last ones."""
    height, width = (len(array) - 1) * down + (down if after else 1), (len(array[0]) - 1) * right + (right if after else 1)
    return [[array[r // down][c // right] if r % down == 0 and c % right == 0 else 0 for c in range(width)] for r in range(height)]


def dilation_array(input: Array, kernel: Array, dilation: Any) -> Plain:
    down, right = both(dilation)
    return output(
        at_distance(input, kernel, (down, right)),
        dil_ignored=[slide(input, kernel, (1, 1), multiply_add)],
        dil0=[at_distance(input, kernel, (down + 1, right + 1))],
        stride_for_dilation=[slide(input, kernel, (down, right), multiply_add)],
        dil_one_axis=[at_distance(input, kernel, (1, right)), at_distance(input, kernel, (down, 1))],
        k_times_d=[slide(input, with_gaps(kernel, down, right, after=True), (1, 1), multiply_add)],
        input_spread=[slide(with_gaps(input, down, right, after=False), kernel, (1, 1), multiply_add)],
        flip180=[at_distance(input, turned(kernel), (down, right))],
    )
