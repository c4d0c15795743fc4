"""Which wrong methods the exercises with arrays recognise, when each could show, and where each looks, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.solutions.array_cases import CASES, Given
from tests.solutions.test_arrays import answers, exercise

# The names of the known wrong methods, and after the bar those added here. Left out of the known ones: `k-plus-d` of T21 says
# how far a kernel reaches and not where its numbers lie; `max-spreads-evenly`, `avg-to-max` and `ties-split` of T29 are about
# pooling; `stride-ignored` of T30 needs a stride.
KNOWN = {
    "true-convolution": "no-flip flip-one-axis kernel-transposed flip-output flip-input | flip180 full-size",
    "bias-relu": "bias-forgotten bias-per-weight relu-before-bias | relu-forgotten abs-for-relu flip180",
    "multi-channel": "first-channel-only channel-mean shared-kernel no-channel-sum bias-per-channel | bias-forgotten flip180",
    "pool-values": "avg-for-max stride1 max-over-channels zero-pad-in-max count-pad-wrong | max-for-avg sum-for-avg rounded pad-ignored stride-equals-kernel ceil-always",
    "dilation-array": "dil-ignored k-times-d dil0 | stride-for-dilation dil-one-axis input-spread flip180",
    "transposed-values": "inverse-expected no-overlap-add kernel-flipped | forward-formula stride-ignored pad-ignored pad-adds pad-once",
    "im2col": "transposed-matrix ci-forgotten i2-columns pixel-major-order | window-by-columns windows-downwards stride-ignored pad-ignored",
    "padding-modes": "reflect-repeats-edge replicate-for-reflect circular-wrong-way zeros | reflect-for-replicate corners-empty axes-swapped one-side",
    "conv-backward": "no-flip-dX stride-not-dilated db-mean | dX-overwritten flip-dW upstream-ignored db-one",
    "compose": "k-sum k-product k-max no-flip | kernels-added kernels-multiplied matrix-product no-full-padding",
}


@pytest.mark.parametrize("name", CASES)
def test_every_wrong_method_of_the_type_is_recognised(name: str) -> None:
    assert sorted(exercise(name).mistakes) == sorted(KNOWN[name].replace("|", "").split())


@pytest.mark.parametrize("name", CASES)
def test_every_wrong_method_earns_between_a_quarter_and_three_quarters(name: str) -> None:
    assert all(Fraction(1, 4) <= policy.credit <= Fraction(3, 4) for policy in exercise(name).mistakes.values())


@pytest.mark.parametrize("name", CASES)
def test_there_are_three_levels(name: str) -> None:
    assert [found.level for found in exercise(name).every_level] == [1, 2, 3]


# When each could show: given, and the wrong methods that do not apply to it.

ONE, TWO, ROW, COLUMN, WIDE = [[2]], [[1, 2], [3, 4]], [[1, 2, 3]], [[1], [2], [3]], [[1, 2, 3], [4, 5, 6]]
FOUR = [[4 * row + column for column in range(4)] for row in range(4)]
POOL = {"input": FOUR, "mode": "max", "kernel_size": 2, "stride": 2, "padding": 0}
AVERAGE, MAXIMUM, PADDED = {"max-for-avg", "sum-for-avg", "rounded", "count-pad-wrong"}, {"avg-for-max", "zero-pad-in-max"}, {"pad-ignored"}
UNFOLD = {"input": [FOUR, FOUR], "kernel_size": 2, "stride": 2, "padding": 1}
BACK = {"input": FOUR, "kernel": TWO, "grad_output": WIDE[:1], "stride": [3, 1]}


@pytest.mark.parametrize(
    ("name", "given", "missing"),
    [
        pytest.param("bias-relu", {"input": FOUR, "kernel": TWO, "bias": 1}, set(), id="relu-all"),
        pytest.param(
            "bias-relu", {"input": FOUR, "kernel": TWO, "bias": 0}, {"relu-before-bias", "bias-forgotten", "bias-per-weight"}, id="relu-without-bias"
        ),
        pytest.param("bias-relu", {"input": FOUR, "kernel": ONE, "bias": 1}, {"bias-per-weight", "flip180"}, id="relu-kernel-of-one"),
        pytest.param("true-convolution", {"input": FOUR, "kernel": TWO}, set(), id="flip-all"),
        pytest.param("true-convolution", {"input": FOUR, "kernel": ROW}, {"flip-one-axis"}, id="a-row-has-one-axis"),
        pytest.param("true-convolution", {"input": TWO, "kernel": TWO}, {"flip-input"}, id="one-output-cell-cannot-be-turned"),
        pytest.param(
            "true-convolution",
            {"input": FOUR, "kernel": ONE},
            {"no-flip", "flip180", "flip-one-axis", "kernel-transposed", "full-size"},
            id="one-number-cannot-be-flipped",
        ),
        pytest.param("multi-channel", {"input": [FOUR, FOUR], "kernel": [TWO, TWO], "bias": 1}, set(), id="channels-all"),
        pytest.param("multi-channel", {"input": [FOUR, FOUR], "kernel": [TWO, TWO]}, {"bias-per-channel", "bias-forgotten"}, id="channels-without-bias"),
        pytest.param(
            "multi-channel",
            {"input": [FOUR], "kernel": [TWO], "bias": 1},
            {"bias-per-channel", "no-channel-sum", "channel-mean", "shared-kernel", "first-channel-only"},
            id="one-channel",
        ),
        pytest.param(
            "pool-values", POOL, {*AVERAGE, *PADDED, "zero-pad-in-max", "stride-equals-kernel", "ceil-always", "max-over-channels"}, id="pool-side-by-side"
        ),
        pytest.param(
            "pool-values",
            {**POOL, "mode": "avg", "kernel_size": 3},
            {*MAXIMUM, *PADDED, "count-pad-wrong", "stride-equals-kernel", "max-over-channels"},
            id="pool-three-of-four-leaves-one-over",
        ),
        pytest.param("pool-values", {**POOL, "kernel_size": 1}, {*AVERAGE, *MAXIMUM, *PADDED, "max-over-channels", "ceil-always"}, id="pool-one-cell"),
        pytest.param("pool-values", {**POOL, "input": [FOUR, FOUR], "padding": 1}, {*AVERAGE, "stride-equals-kernel", "ceil-always"}, id="pool-channels"),
        pytest.param(
            "pool-values",
            {**POOL, "kernel_size": 4},
            {*AVERAGE, *PADDED, "zero-pad-in-max", "stride1", "stride-equals-kernel", "ceil-always", "max-over-channels"},
            id="pool-one-window",
        ),
        # A window that would start in the padding at the end is no window, with ceil_mode either: nothing is left over.
        pytest.param(
            "pool-values", {**POOL, "input": [row[:3] for row in FOUR[:3]], "kernel_size": 2, "stride": 3, "padding": 1}, {*AVERAGE, "max-over-channels", "ceil-always"},
            id="pool-last-window-in-the-padding",
        ),
        pytest.param("dilation-array", {"input": FOUR, "kernel": TWO, "dilation": 2}, set(), id="dilation-all"),
        pytest.param(
            "dilation-array",
            {"input": FOUR, "kernel": TWO},
            {"dil-ignored", "stride-for-dilation", "dil-one-axis", "k-times-d", "input-spread"},
            id="dilation-1-is-none",
        ),
        pytest.param("dilation-array", {"input": FOUR, "kernel": ROW, "dilation": [2, 1]}, {"dil-ignored", "dil-one-axis"}, id="one-row-cannot-be-spread-downwards"),
        pytest.param("dilation-array", {"input": FOUR, "kernel": TWO, "dilation": [1, 3]}, {"dil-one-axis"}, id="dilation-on-one-axis"),
        pytest.param("transposed-values", {"input": TWO, "kernel": WIDE, "stride": 2, "padding": 1}, set(), id="transposed-all"),
        pytest.param(
            "transposed-values", {"input": TWO, "kernel": TWO, "stride": 2}, {"no-overlap-add", "pad-ignored", "pad-adds", "pad-once"}, id="blocks-do-not-overlap"
        ),
        pytest.param("transposed-values", {"input": TWO, "kernel": TWO}, {"stride-ignored", "pad-ignored", "pad-adds", "pad-once"}, id="transposed-stride-1"),
        pytest.param(
            "transposed-values",
            {"input": ROW, "kernel": COLUMN, "padding": [1, 0]},
            {"no-overlap-add", "kernel-flipped", "forward-formula", "stride-ignored"},
            id="padding-leaves-the-kernel-s-centre-only",
        ),
        pytest.param("padding-modes", {"input": WIDE, "padding": [1, 2], "mode": "reflect"}, {"reflect-for-replicate", "circular-wrong-way"}, id="reflect"),
        pytest.param(
            "padding-modes",
            {"input": WIDE, "padding": 1, "mode": "replicate"},
            {"reflect-repeats-edge", "replicate-for-reflect", "circular-wrong-way", "axes-swapped"},
            id="replicate-on-all-sides-alike",
        ),
        pytest.param(
            "padding-modes",
            {"input": WIDE, "padding": [0, 1], "mode": "circular"},
            {"reflect-repeats-edge", "replicate-for-reflect", "reflect-for-replicate", "corners-empty"},
            id="circular-on-one-axis",
        ),
        pytest.param(
            "padding-modes",
            {"input": ONE, "padding": 1, "mode": "circular"},
            {"reflect-repeats-edge", "replicate-for-reflect", "reflect-for-replicate", "circular-wrong-way", "axes-swapped"},
            id="one-cell-all-round",
        ),
        pytest.param("padding-modes", {"input": WIDE, "padding": 0, "mode": "reflect"}, set(KNOWN["padding-modes"].replace("|", "").split()), id="no-padding"),
        pytest.param("conv-backward", {**BACK, "stride": [3, 2], "grad_output": [[1, 2]]}, {"dX-overwritten"}, id="windows-that-do-not-overlap"),
        pytest.param("conv-backward", {**BACK}, {"stride-not-dilated"}, id="a-stride-with-one-window-cannot-be-seen"),
        pytest.param(
            "conv-backward", {"input": TWO, "kernel": TWO, "grad_output": ONE}, {"stride-not-dilated", "dX-overwritten", "db-mean"}, id="one-window"
        ),
        pytest.param("compose", {"kernel_1": TWO, "kernel_2": TWO}, set(), id="compose-all"),
        pytest.param("compose", {"kernel_1": TWO, "kernel_2": WIDE}, {"kernels-added", "kernels-multiplied"}, id="two-shapes-cannot-be-added"),
        pytest.param(
            "compose",
            {"kernel_1": COLUMN, "kernel_2": ROW},
            {"kernels-added", "kernels-multiplied", "matrix-product", "k-product", "k-max"},
            id="column-times-row-is-the-kernel",
        ),
        pytest.param(
            "compose",
            {"kernel_1": TWO, "kernel_2": ONE},
            {"no-flip", "kernels-added", "kernels-multiplied", "matrix-product", "no-full-padding", "k-product", "k-max"},
            id="a-kernel-of-one-number-only-scales",
        ),
        pytest.param("im2col", {**UNFOLD, "padding": [1, 0]}, set(), id="im2col-all"),
        pytest.param("im2col", {**UNFOLD, "input": FOUR, "padding": [1, 0]}, {"ci-forgotten", "pixel-major-order"}, id="im2col-one-channel"),
        pytest.param("im2col", {**UNFOLD, "kernel_size": 1, "stride": 1, "padding": 0}, {"pixel-major-order", "window-by-columns", "i2-columns", "stride-ignored", "pad-ignored"}, id="im2col-of-single-cells"),
        pytest.param("im2col", {"input": ONE, "kernel_size": 1}, set(KNOWN["im2col"].replace("|", "").split()), id="im2col-of-one-number"),
    ],
)  # fmt: skip
def test_when_a_wrong_method_could_show(name: str, given: Given, missing: set[str]) -> None:
    solution = exercise(name).solution
    values = solution.values(given)
    assert solution.key(values), "torch takes it"
    assert {method for method in solution.mistakes if not solution.mistakes[method].fits(values)} == missing


# Where each looks, by hand


@pytest.mark.parametrize(
    ("name", "given", "key", "wrong"),
    [
        pytest.param(
            "bias-relu",
            {"input": [[1, 2, 0]], "kernel": [[1, -2]], "bias": 2},  # sums -3 and 2
            {"output": [[0, 4]]},
            {
                "relu-before-bias": [[[2, 4]]],
                "bias-forgotten": [[[0, 2]]],
                "relu-forgotten": [[[-1, 4]]],
                "bias-per-weight": [[[1, 6]]],
                "abs-for-relu": [[[1, 4]]],
                "flip180": [[[2, 0]]],
            },
            id="bias-relu",
        ),
        pytest.param(
            "true-convolution",
            {"input": [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "kernel": TWO},  # a single 1 copies the kernel in a convolution, and turns it in a correlation
            {"convolution": TWO, "cross_correlation": [[4, 3], [2, 1]]},
            {
                "no-flip": [[[4, 3], [2, 1]]],
                "flip-one-axis": [[[3, 4], [1, 2]], [[2, 1], [4, 3]]],
                "kernel-transposed": [[[4, 2], [3, 1]]],
                "flip-output": [TWO],
                "flip-input": [[[4, 3], [2, 1]]],
                "full-size": [[[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]]],
            },
            id="true-convolution",
        ),
        pytest.param(
            "multi-channel",
            {"input": [[[1, 2]], [[3, 5]]], "kernel": [[[10]], [[100]]], "bias": 7},
            {"output": [[317, 527]]},
            {
                "bias-per-channel": [[[324, 534]]],
                "bias-forgotten": [[[310, 520]]],
                "no-channel-sum": [
                    [[[17, 27]], [[307, 507]]], [[17, 27], [307, 507]], [[17, 27, 307, 507]],
                    [[[10, 20]], [[300, 500]]], [[10, 20], [300, 500]], [[10, 20, 300, 500]],
                ],
                "channel-mean": [[[162, 267]], [[Fraction(317, 2), Fraction(527, 2)]]],
                "shared-kernel": [[[47, 77]]],
                "first-channel-only": [[[17, 27]]],
            },
            id="multi-channel",
        ),
        pytest.param(
            "pool-values",
            {"input": [[-5, -7, 1]], "mode": "max", "kernel_size": [1, 2], "stride": 2, "padding": [0, 1]},
            {"output": [[-5, 1]]},
            {
                "zero-pad-in-max": [[[0, 1]]],
                "pad-ignored": [[[-5]]],
                "stride1": [[[-5, -5, 1, 1]]],
                "avg-for-max": [[[Fraction(-5, 2), -3]]],
            },
            id="max-pool",
        ),
        pytest.param(
            "pool-values",
            {"input": [[-5, -7, 2]], "mode": "avg", "kernel_size": [1, 2], "stride": [1, 3], "padding": [0, 1]},
            {"output": [[Fraction(-5, 2), 1]]},
            {
                "max-for-avg": [[[-5, 2]]],
                "sum-for-avg": [[[-5, 2]]],
                "rounded": [[[-3, 1]], [[-2, 1]], [[-2, 1]]],
                "count-pad-wrong": [[[-5, 2]]],
                "pad-ignored": [[[-6]]],
                "stride-equals-kernel": [[[Fraction(-5, 2), Fraction(-5, 2)]]],
            },
            id="avg-pool",
        ),
        pytest.param(
            "pool-values",
            {"input": [[[1, 2, 3]], [[6, 5, 4]]], "mode": "avg", "kernel_size": [1, 2], "stride": 2},
            {"output": [[[Fraction(3, 2)]], [[Fraction(11, 2)]]]},
            {
                "max-over-channels": [[[Fraction(7, 2)]]],
                "ceil-always": [[[[Fraction(3, 2), 3]], [[Fraction(11, 2), 4]]], [[[Fraction(3, 2), Fraction(3, 2)]], [[Fraction(11, 2), 2]]]],
            },
            id="avg-pool-with-channels",
        ),
        pytest.param(
            "dilation-array",
            {"input": [[1, 2, 3, 4, 5, 6]], "kernel": [[1, 10]], "dilation": [1, 2]},
            {"output": [[31, 42, 53, 64]]},
            {
                "dil-ignored": [[[21, 32, 43, 54, 65]]],
                "dil0": [[[41, 52, 63]]],
                "stride-for-dilation": [[[21, 43, 65]]],
                "k-times-d": [[[31, 42, 53]]],
                "input-spread": [[[1, 20, 2, 30, 3, 40, 4, 50, 5, 60]]],
                "flip180": [[[13, 24, 35, 46]]],
            },
            id="dilation-array",
        ),
        pytest.param(
            "transposed-values",
            {"input": [[1, 2]], "kernel": [[1, 10, 100]], "stride": [1, 2], "padding": 0},
            {"output": [[1, 10, 102, 20, 200]]},
            {
                "no-overlap-add": [[[1, 10, 2, 20, 200]], [[1, 10, 100, 2, 20, 200]]],
                "inverse-expected": [[[1, 0, 2, 0, 0]], [[1, 1, 2, 2]]],
                "kernel-flipped": [[[100, 10, 201, 20, 2]]],
                "stride-ignored": [[[1, 12, 120, 200]]],
            },
            id="transposed-values",
        ),
        pytest.param(
            "transposed-values",
            {"input": [[1, 2]], "kernel": [[1, 10, 100]], "stride": 1, "padding": [0, 1]},
            {"output": [[12, 120]]},
            {
                "pad-ignored": [[[1, 12, 120, 200]]],
                "pad-adds": [[[0, 1, 12, 120, 200, 0]], [[0, 1, 12, 120, 200, 0]]],
                "pad-once": [[[1, 12, 120]], [[12, 120, 200]]],
                "forward-formula": [[[210, 21]]],
            },
            id="transposed-values-with-padding",
        ),
        pytest.param(
            "padding-modes",
            {"input": [[1, 2, 3]], "padding": [0, 2], "mode": "reflect"},
            {"padded": [[3, 2, 1, 2, 3, 2, 1]]},
            {
                "reflect-repeats-edge": [[[2, 1, 1, 2, 3, 3, 2]]],
                "replicate-for-reflect": [[[1, 1, 1, 2, 3, 3, 3]]],
                "zeros": [[[0, 0, 1, 2, 3, 0, 0]]],
                "one-side": [[[3, 2, 1, 2, 3]], [[1, 2, 3, 2, 1]]],
            },
            id="reflect",
        ),
        pytest.param(
            "padding-modes",
            {"input": [[1, 2, 3]], "padding": [0, 2], "mode": "circular"},
            {"padded": [[2, 3, 1, 2, 3, 1, 2]]},
            {"circular-wrong-way": [[[1, 2, 1, 2, 3, 2, 3]], [[3, 2, 1, 2, 3, 2, 1]]]},
            id="circular",
        ),
        pytest.param(
            "padding-modes",
            {"input": [[1, 2, 3]], "padding": [1, 2], "mode": "replicate"},
            {"padded": [[1, 1, 1, 2, 3, 3, 3]] * 3},
            {
                "corners-empty": [[[0, 0, 1, 2, 3, 0, 0], [1, 1, 1, 2, 3, 3, 3], [0, 0, 1, 2, 3, 0, 0]]],
                "axes-swapped": [[[1, 1, 2, 3, 3]] * 5],
            },
            id="replicate",
        ),
        pytest.param(
            "conv-backward",
            {"input": [[1, 2, 3, 4]], "kernel": [[5, 6]], "grad_output": [[1, 10]], "stride": 2},
            {"grad_kernel": [[31, 42]], "grad_input": [[5, 6, 50, 60]], "grad_bias": 11},
            {
                "no-flip-dX": [[[6, 5, 60, 50]]],
                "stride-not-dilated": [[[21, 32, 43]], [[21, 32]], [[5, 56, 60]], [[5, 56, 60, 0]]],
                "flip-dW": [[[42, 31]]],
                "upstream-ignored": [[[4, 6]], [[5, 6, 5, 6]], 2],
                "db-mean": [Fraction(11, 2)],
                "db-one": [1],
            },
            id="conv-backward",
        ),
        pytest.param(
            "conv-backward",
            {"input": [[1, 2, 3, 4]], "kernel": [[5, 6]], "grad_output": [[1, 10, 100]], "stride": 1},
            {"grad_kernel": [[321, 432]], "grad_input": [[5, 56, 560, 600]], "grad_bias": 111},
            {"dX-overwritten": [[[5, 50, 500, 600]]]},
            id="conv-backward-overlap",
        ),
        pytest.param(
            "compose",
            {"kernel_1": [[1, 2]], "kernel_2": [[1, 10]]},
            {"kernel": [[1, 12, 20]], "kernel_size": (1, 3)},
            {
                "no-flip": [[[10, 21, 2]], [[2, 21, 10]]],
                "kernels-added": [[[2, 12]]],
                "kernels-multiplied": [[[1, 20]]],
                "no-full-padding": [[[21]], [[12]]],
                "k-sum": [(2, 4)],
                "k-product": [(1, 4)],
                "k-max": [(1, 2)],
            },
            id="compose",
        ),
        pytest.param("compose", {"kernel_1": TWO, "kernel_2": [[0, 1], [0, 0]]}, {"kernel": [[0, 1, 2], [0, 3, 4], [0, 0, 0]], "kernel_size": 3}, {"matrix-product": [[[0, 1], [0, 3]], [[3, 4], [0, 0]]]}, id="compose-square"),
        pytest.param(
            "im2col",
            {"input": [[[1, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]], "kernel_size": 2},
            {"columns": [[1, 2], [2, 3], [4, 5], [5, 6], [10, 20], [20, 30], [40, 50], [50, 60]], "shape": (8, 2)},
            {
                "transposed-matrix": [[[1, 2, 4, 5, 10, 20, 40, 50], [2, 3, 5, 6, 20, 30, 50, 60]], (2, 8)],
                "ci-forgotten": [[[1, 2], [2, 3], [4, 5], [5, 6]], (4, 2)],
                "pixel-major-order": [[[1, 2], [10, 20], [2, 3], [20, 30], [4, 5], [40, 50], [5, 6], [50, 60]]],
                "window-by-columns": [[[1, 2], [4, 5], [2, 3], [5, 6], [10, 20], [40, 50], [20, 30], [50, 60]]],
                "i2-columns": [(8, 6)],
            },
            id="im2col",
        ),
        pytest.param(
            "im2col",
            {"input": WIDE, "kernel_size": [1, 2], "stride": [1, 1], "padding": 0},
            {"columns": [[1, 2, 4, 5], [2, 3, 5, 6]], "shape": (2, 4)},
            {"windows-downwards": [[[1, 4, 2, 5], [2, 5, 3, 6]]]},
            id="im2col-order-of-windows",
        ),
        pytest.param(
            "im2col",
            {"input": [[1, 2, 3]], "kernel_size": 1, "stride": 2, "padding": [0, 1]},
            {"columns": [[0, 2, 0]], "shape": (1, 3)},
            {"stride-ignored": [[[0, 1, 2, 3, 0]], (1, 5)], "pad-ignored": [[[1, 3]], (1, 2)]},
            id="im2col-stride-and-padding",
        ),
    ],
)  # fmt: skip
def test_where_each_looks(name: str, given: Given, key: dict[str, Any], wrong: dict[str, list[Any]]) -> None:
    assert exercise(name).expect(given).key == key
    for method, expected in wrong.items():
        found = answers(name, given, method)
        assert found is not None
        assert [reading for readings in found.values() for reading in readings] == expected, method
