"""Where torch surprises, and what it refuses: each of these would be wrong without some care in the solution."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from grader.course.values import MAX_VALUE, GivenError
from tests.solutions.array_cases import Given
from tests.solutions.test_arrays import exercise

TWO, ROW = [[1, 2], [3, 4]], [[1, 2, 3]]


def key(name: str, **given: Any) -> dict[str, Any]:
    return dict(exercise(name).expect(given).key)


# Averages


@pytest.mark.parametrize(
    ("input", "kernel_size", "expected"),
    [
        pytest.param([[1, 2], [2, 0]], 2, Fraction(5, 4), id="integers-are-not-cut-off"),
        pytest.param([[-1, -2], [-2, 0]], 2, Fraction(-5, 4), id="nor-negative-ones-rounded-up"),
        pytest.param([[1, 0, 0]] * 3, 3, Fraction(1, 3), id="a-third-is-a-third"),
        pytest.param([[MAX_VALUE, MAX_VALUE, 1 - MAX_VALUE]] * 3, 3, Fraction(MAX_VALUE + 1, 3), id="large-numbers"),
        pytest.param([[MAX_VALUE - 1] * 5] * 5, 5, MAX_VALUE - 1, id="sums-beyond-single-precision"),
        pytest.param([[4, 0], [0, 0]], 2, 1, id="a-whole-average-is-an-integer"),
    ],
)
def test_averages_are_exact(input: Any, kernel_size: int, expected: Any) -> None:
    found = key("pool-values", input=input, mode="avg", kernel_size=kernel_size, stride=1)["output"]
    assert found == [[expected]]
    assert type(found[0][0]) is type(expected)


def test_torch_cuts_integer_averages_off() -> None:
    """The reason for that care, and the wrong method of one who trusts it."""
    assert F.avg_pool2d(torch.tensor([[[-1, -2], [-2, 0]]]), 2).tolist() == [[[-1]]]
    expected = exercise("pool-values").expect({"input": [[-1, -2], [-2, 0]], "mode": "avg", "kernel_size": 2, "stride": 1, "padding": 0})
    assert [[-1]] in expected.mistakes["rounded"]["output"]


def test_an_average_counts_the_zeros_of_the_padding() -> None:
    given: Given = {"input": [[8, 8], [8, 8]], "mode": "avg", "kernel_size": 2, "stride": 1, "padding": 1}
    assert key("pool-values", **given)["output"] == [[2, 4, 2], [4, 8, 4], [2, 4, 2]]
    assert exercise("pool-values").expect(given).mistakes["count-pad-wrong"]["output"] == ([[8] * 3] * 3,)


def test_padding_never_wins_a_maximum() -> None:
    assert key("pool-values", input=[[-3, -1]], mode="max", kernel_size=2, stride=2, padding=1)["output"] == [[-3, -1]]


def test_equal_numbers_in_a_window_give_that_number() -> None:
    assert key("pool-values", input=[[7, 7], [7, 7]], mode="max", kernel_size=2, stride=1)["output"] == [[7]]


@pytest.mark.parametrize("mode", ["max", "avg"])
@pytest.mark.parametrize(
    "stride", [pytest.param({}, id="left-out"), pytest.param({"stride": None}, id="null"), pytest.param({"stride": [2, 3]}, id="the-kernel-s")]
)
def test_pooling_without_a_stride_moves_by_its_kernel(mode: str, stride: dict[str, Any]) -> None:
    given = {"input": [[row * column % 5 for column in range(7)] for row in range(5)], "mode": mode, "kernel_size": [2, 3], "padding": [1, 0]}
    pools: dict[str, Any] = {"max": F.max_pool2d, "avg": F.avg_pool2d}
    referee = pools[mode](torch.tensor([given["input"]], dtype=torch.float64), (2, 3), None, (1, 0))
    output = key("pool-values", **given, **stride)["output"]
    assert torch.allclose(torch.tensor([[float(cell) for cell in row] for row in output], dtype=torch.float64), referee[0])
    assert "stride-equals-kernel" not in exercise("pool-values").expect({**given, **stride}).mistakes
    assert exercise("pool-values").complete({**given, **stride}) == {**given, "stride": [2, 3]}, "words and prompt name it"


# Order of axes and of weights


def test_rows_of_padding_come_before_columns() -> None:
    """`F.pad` has them the other way round."""
    assert key("padding-modes", input=ROW, padding=[0, 1], mode="replicate")["padded"] == [[1, 1, 2, 3, 3]]
    assert key("padding-modes", input=ROW, padding=[1, 0], mode="replicate")["padded"] == [[1, 2, 3]] * 3


def test_a_transposed_convolution_lays_the_kernel_down_as_written() -> None:
    kernel = [[1, 2, 3], [4, 5, 6]]
    assert key("transposed-values", input=[[1]], kernel=kernel)["output"] == kernel
    assert key("transposed-values", input=[[1, 0]], kernel=kernel, stride=[1, 3])["output"] == [[1, 2, 3, 0, 0, 0], [4, 5, 6, 0, 0, 0]]


def test_a_transposed_convolution_is_the_input_gradient_of_a_convolution() -> None:
    kernel, upstream = [[1, -2, 0], [3, 1, 2]], [[1, 2], [-1, 3]]
    back = key("conv-backward", input=[[0] * 5] * 4, kernel=kernel, grad_output=upstream, stride=2)
    assert back["grad_input"] == key("transposed-values", input=upstream, kernel=kernel, stride=2)["output"]


def test_one_composed_layer_does_what_the_two_do() -> None:
    kernel_1, kernel_2 = [[1, -2], [3, 5]], [[2, 0, 1], [-1, 4, 7]]
    composed = torch.tensor(key("compose", kernel_1=kernel_1, kernel_2=kernel_2)["kernel"])
    input = (torch.arange(42) * 37 % 23 - 11).reshape(1, 1, 6, 7)
    first, second = (torch.tensor(kernel)[None, None] for kernel in (kernel_1, kernel_2))
    assert torch.equal(F.conv2d(input, composed[None, None]), F.conv2d(F.conv2d(input, first), second))


# Floating point on the way


def test_unfold_takes_integers_here_and_gives_them_back() -> None:
    with pytest.raises(RuntimeError, match="not implemented for"):
        F.unfold(torch.ones(1, 1, 2, 2, dtype=torch.int64), 2)
    columns = key("im2col", input=[[MAX_VALUE, -MAX_VALUE]], kernel_size=1)["columns"]
    assert columns == [[MAX_VALUE, -MAX_VALUE]]
    assert all(type(cell) is int for row in columns for cell in row)


def test_gradients_are_exact_beyond_single_precision() -> None:
    found = key("conv-backward", input=[[MAX_VALUE - 1]], kernel=[[MAX_VALUE - 3]], grad_output=[[4099]])
    assert found == {"grad_kernel": [[4099 * (MAX_VALUE - 1)]], "grad_input": [[4099 * (MAX_VALUE - 3)]], "grad_bias": 4099}
    assert float(torch.tensor(4099 * (MAX_VALUE - 1), dtype=torch.float32)) != 4099 * (MAX_VALUE - 1)


def test_gradients_that_double_precision_cannot_hold_are_refused() -> None:
    full = [[MAX_VALUE] * 100] * 100
    with pytest.raises(GivenError) as caught:
        exercise("conv-backward").expect({"input": full, "kernel": [[1]], "grad_output": full})
    assert str(caught.value) == "torch refuses these values: the sums may exceed 2^53, beyond which float64 is not exact; give smaller numbers"


def test_gradients_come_where_gradients_are_switched_off() -> None:
    with torch.no_grad():
        assert key("conv-backward", input=[[2]], kernel=[[3]], grad_output=[[5]]) == {"grad_kernel": [[10]], "grad_input": [[15]], "grad_bias": 5}


def test_rows_that_no_window_reaches_have_no_gradient() -> None:
    assert key("conv-backward", input=[[1, 1, 1, 1]], kernel=[[1, 1]], grad_output=[[5]], stride=3)["grad_input"] == [[5, 5, 0, 0]]


# What torch refuses


POOL = {"input": TWO, "mode": "max", "kernel_size": 2, "stride": 1, "padding": 0}
CONV = {"input": TWO, "kernel": [[1]]}
TRANSPOSED = {"input": TWO, "kernel": TWO, "stride": 1, "padding": 0}
PAD = {"input": TWO, "padding": 1, "mode": "reflect"}
BACK = {"input": TWO, "kernel": [[1]], "grad_output": TWO, "stride": 1}
UNFOLD = {"input": TWO, "kernel_size": 1, "stride": 1, "padding": 0}


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        pytest.param("bias-relu", {**CONV, "kernel": [ROW], "bias": 1}, "the kernel has 3 axes; give rows of numbers, [H][W]", id="relu-kernel-with-channels"),
        pytest.param("bias-relu", {**CONV, "kernel": ROW, "bias": 1}, "Calculated padded input size per channel: (2 x 2)", id="relu-kernel-too-large"),
        pytest.param("true-convolution", {**CONV, "kernel": ROW}, "Calculated padded input size per channel: (2 x 2)", id="flip-kernel-too-large"),
        pytest.param("true-convolution", {**CONV, "input": [1]}, "the input has 1 axes; give rows of numbers, [H][W]", id="flip-one-axis-only"),
        pytest.param("multi-channel", CONV, "the input has 2 axes; give channels of rows of numbers, [C][H][W]", id="no-channels"),
        pytest.param("multi-channel", {"input": [TWO, TWO], "kernel": [TWO]}, "Given groups=1, weight of size [1, 1, 2, 2]", id="channels-do-not-match"),
        pytest.param("pool-values", {**POOL, "padding": 2}, "pad should be at most half of effective kernel size", id="max-pool-padding"),
        pytest.param("pool-values", {**POOL, "mode": "avg", "padding": 2}, "pad should be at most half of", id="avg-pool-padding"),
        pytest.param("pool-values", {**POOL, "kernel_size": 3}, "Given input size: (1x2x2). Calculated output size", id="pool-window-too-large"),
        pytest.param("pool-values", {**POOL, "stride": 0}, "stride should not be zero", id="pool-stride-0"),
        pytest.param("pool-values", {**POOL, "padding": -1}, "pad must be non-negative", id="pool-padding-negative"),
        pytest.param("pool-values", {**POOL, "mode": "min"}, "there is no mode 'min'; write max or avg", id="pool-mode"),
        pytest.param("pool-values", {**POOL, "input": [1, 2]}, "the input has 1 axes; give rows of numbers, [H][W] or [C][H][W]", id="pool-one-axis"),
        pytest.param("pool-values", {**POOL, "input": [[]]}, "the input has no cells; give rows of numbers", id="pool-empty"),
        pytest.param("padding-modes", {**PAD, "input": [[]]}, "the input has no cells; give rows of numbers", id="mode-empty"),
        pytest.param(
            "pool-values",
            {**POOL, "kernel_size": 10**6, "padding": 500_000},
            "the padded input has more than 1000000 cells; give less padding",
            id="pool-padding-of-a-million",
        ),
        pytest.param("dilation-array", {**CONV, "dilation": 0}, "dilation should be greater than zero", id="dilation-0"),
        pytest.param(
            "dilation-array", {"input": TWO, "kernel": TWO, "dilation": 2}, "Calculated padded input size per channel: (2 x 2)", id="dilation-too-large"
        ),
        pytest.param("transposed-values", {**TRANSPOSED, "stride": 0}, "non-positive stride is not supported", id="transposed-stride-0"),
        pytest.param("transposed-values", {**TRANSPOSED, "padding": -1}, "negative padding is not supported", id="transposed-padding-negative"),
        pytest.param("transposed-values", {**TRANSPOSED, "padding": 2}, "Given input size per channel: (2 x 2). Calculated output", id="nothing-left"),
        pytest.param(
            "transposed-values", {**TRANSPOSED, "stride": 10**6}, "the output has more than 1000000 cells; give a smaller stride", id="stride-of-a-million"
        ),
        pytest.param("padding-modes", {**PAD, "padding": 2}, "Argument #4: Padding size should be less than the corresponding", id="reflect-beyond-the-input"),
        pytest.param(
            "padding-modes", {**PAD, "padding": 3, "mode": "circular"}, "Padding value causes wrapping around more than once", id="circular-twice-round"
        ),
        pytest.param("padding-modes", {**PAD, "padding": [1, -1]}, "negative padding is not supported", id="mode-padding-negative"),
        pytest.param("padding-modes", {**PAD, "mode": "zeros"}, "there is no mode 'zeros'; write reflect, replicate, circular", id="mode-unknown"),
        pytest.param(
            "padding-modes",
            {**PAD, "padding": 10**6, "mode": "replicate"},
            "the padded input has more than 1000000 cells; give less padding",
            id="mode-padding-of-a-million",
        ),
        pytest.param("conv-backward", {**BACK, "grad_output": ROW}, "Mismatch in shape: grad_output[0] has a shape of", id="gradient-of-another-shape"),
        pytest.param("conv-backward", {**BACK, "stride": 0}, "non-positive stride is not supported", id="backward-stride-0"),
        pytest.param("conv-backward", {**BACK, "input": [TWO]}, "the input has 3 axes; give rows of numbers, [H][W]", id="backward-with-channels"),
        pytest.param("compose", {"kernel_1": [1], "kernel_2": TWO}, "kernel_1 has 1 axes; give rows of numbers, [H][W]", id="compose-one-axis"),
        pytest.param("compose", {"kernel_1": TWO, "kernel_2": [[]]}, "kernel_2 has no cells; give rows of numbers", id="compose-empty"),
        pytest.param("im2col", {**UNFOLD, "kernel_size": 3}, "Given input with spatial size (2, 2), kernel_size=(3, 3)", id="unfold-kernel-too-large"),
        pytest.param("im2col", {**UNFOLD, "stride": 0}, "stride should be greater than zero", id="unfold-stride-0"),
        pytest.param("im2col", {**UNFOLD, "padding": -1}, "padding should be non-negative", id="unfold-padding-negative"),
        pytest.param("im2col", {**UNFOLD, "kernel_size": 0}, "kernel size should be greater than zero", id="unfold-kernel-0"),
        pytest.param(
            "im2col", {**UNFOLD, "padding": 10**6}, "the matrix has more than 1000000 cells; give a smaller input or kernel", id="matrix-of-a-million"
        ),
        pytest.param(
            "im2col",
            {**UNFOLD, "padding": 10**6, "stride": 10**6},
            "the padded input has more than 1000000 cells; give less padding",
            id="unfold-padding-of-a-million",
        ),
    ],
)
def test_what_torch_refuses_is_refused_with_its_reason(name: str, given: Given, reason: str) -> None:
    with pytest.raises(GivenError) as caught:
        exercise(name).expect(given)
    assert str(caught.value).startswith(f"torch refuses these values: {reason}")
    assert "; " in str(caught.value), "and how to put it right"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        pytest.param("transposed-values", {**TRANSPOSED, "stride": 400_000, "input": [[1], [2]], "kernel": [[1]]}, id="transposed-far-apart"),
        pytest.param("pool-values", {**POOL, "stride": 10**6, "kernel_size": 1}, id="pool-stride-of-a-million"),
        pytest.param("dilation-array", {**CONV, "dilation": 10**6}, id="dilation-of-a-million"),
        pytest.param("im2col", {**UNFOLD, "stride": 10**6, "padding": 400}, id="unfold-stride-of-a-million"),
        pytest.param("padding-modes", {**PAD, "mode": "replicate", "padding": [0, 200_000]}, id="a-long-padding"),
    ],
)
def test_large_arguments_that_torch_takes_cost_no_more_than_they_must(name: str, given: Given) -> None:
    """An instructor's slip of the finger neither fills the memory nor hangs."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = exercise(name).expect(given)
        assert expected.key
        assert expected.mistakes is not None
