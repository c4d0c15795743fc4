"""A second opinion on gradients and composed kernels, product by product: plain Python, loops and integers, no torch.

The shape of what is returned is that of `plain_layers`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.solutions.plain import Array, Pair, both, matrix_product, multiply_add, slide, turned
from tests.solutions.plain_layers import Plain, Readings, each
from tests.solutions.plain_maps import laid, trimmed, zeros

# T29


def gradients(input: Array, kernel: Array, grad_output: Array, stride: Pair) -> tuple[Array, Array]:
    """By kernel and input: each product input · kernel that went into an output cell takes that cell's gradient."""
    by_kernel, by_input = zeros(len(kernel), len(kernel[0])), zeros(len(input), len(input[0]))
    for row, line in enumerate(grad_output):
        for column, upstream in enumerate(line):
            for a in range(len(kernel)):
                for b in range(len(kernel[0])):
                    r, c = row * stride[0] + a, column * stride[1] + b
                    by_kernel[a][b] += upstream * input[r][c]
                    by_input[r][c] += upstream * kernel[a][b]
    return by_kernel, by_input


def filled_up(array: Array, height: int, width: int) -> Array:
    return [line + [0] * (width - len(line)) for line in array] + zeros(height - len(array), width)


def conv_backward(input: Array, kernel: Array, grad_output: Array, stride: Any) -> Plain:
    steps, height, width = both(stride), len(input), len(input[0])
    by_kernel, by_input = gradients(input, kernel, grad_output, steps)
    upstream = [cell for line in grad_output for cell in line]
    ones = [[1] * len(line) for line in grad_output]
    kernel_of_ones, input_of_ones = gradients(input, kernel, ones, steps)
    close_kernel = slide(input, grad_output, (1, 1), multiply_add)
    close_input = laid(grad_output, kernel, (1, 1))
    mistakes: Readings = {
        "no-flip-dX": {"grad_input": [gradients(input, turned(kernel), grad_output, steps)[1]]},
        "stride-not-dilated": {
            "grad_kernel": [close_kernel, trimmed(close_kernel, 0, 0, len(close_kernel) - len(kernel), len(close_kernel[0]) - len(kernel[0]))],
            "grad_input": [close_input, filled_up(close_input, height, width)],
        },
        "dX-overwritten": {"grad_input": [filled_up(laid(grad_output, kernel, steps, lambda old, new: new), height, width)]},
        "flip-dW": {"grad_kernel": [turned(by_kernel)]},
        "upstream-ignored": {"grad_kernel": [kernel_of_ones], "grad_input": [input_of_ones], "grad_bias": [len(upstream)]},
        "db-mean": {"grad_bias": [Fraction(sum(upstream), len(upstream))]},
        "db-one": {"grad_bias": [1]},
    }
    return {"grad_kernel": by_kernel, "grad_input": by_input, "grad_bias": sum(upstream)}, mistakes


# T30


def collected(kernel_1: Array, kernel_2: Array, row: Callable[[int, int], int], column: Callable[[int, int], int]) -> Array:
    """Every product of a cell of each, in the row and column that their own lead to."""
    found = zeros(len(kernel_1) + len(kernel_2) - 1, len(kernel_1[0]) + len(kernel_2[0]) - 1)
    for a, line_1 in enumerate(kernel_1):
        for b, weight_1 in enumerate(line_1):
            for c, line_2 in enumerate(kernel_2):
                for d, weight_2 in enumerate(line_2):
                    found[row(a, c)][column(b, d)] += weight_1 * weight_2
    return found


def compose(kernel_1: Array, kernel_2: Array) -> Plain:
    (high_1, wide_1), (high_2, wide_2) = (len(kernel_1), len(kernel_1[0])), (len(kernel_2), len(kernel_2[0]))

    def size(rule: Callable[[int, int], int]) -> Any:
        found = rule(high_1, high_2), rule(wide_1, wide_2)
        return found[0] if high_1 == wide_1 and high_2 == wide_2 else found

    larger, smaller = (kernel_1, kernel_2) if high_1 * wide_1 >= high_2 * wide_2 else (kernel_2, kernel_1)
    found: dict[str, list[Any]] = {
        "no-flip": [
            collected(kernel_1, kernel_2, lambda a, c: a + high_2 - 1 - c, lambda b, d: b + wide_2 - 1 - d),
            collected(kernel_1, kernel_2, lambda a, c: high_1 - 1 - a + c, lambda b, d: wide_1 - 1 - b + d),
        ],
        "no-full-padding": [slide(larger, smaller, (1, 1), multiply_add), slide(larger, turned(smaller), (1, 1), multiply_add)],
    }
    if (high_1, wide_1) == (high_2, wide_2):
        found["kernels-added"] = [each(lambda a, b: a + b, kernel_1, kernel_2)]
        found["kernels-multiplied"] = [each(lambda a, b: a * b, kernel_1, kernel_2)]
    if wide_1 == high_2:
        found["matrix-product"] = [matrix_product(kernel_1, kernel_2), *([matrix_product(kernel_2, kernel_1)] if wide_2 == high_1 > 1 else [])]
    sizes = {"k-sum": size(lambda a, b: a + b), "k-product": size(lambda a, b: a * b), "k-max": size(max)}
    mistakes: Readings = {name: {"kernel": readings} for name, readings in found.items()}
    mistakes |= {name: {"kernel_size": [answer]} for name, answer in sizes.items()}
    key = collected(kernel_1, kernel_2, lambda a, c: a + c, lambda b, d: b + d)
    return {"kernel": key, "kernel_size": size(lambda a, b: a + b - 1)}, mistakes
