"""Where torch, books and careless references go wrong on whole-number questions; what is refused; numbers known from elsewhere."""

from __future__ import annotations

import random
import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.values import GivenError
from tests.conftest import ROOT
from tests.solutions.plain_axes import fitting, places, pooled, spread
from tests.solutions.plain_counts import field
from tests.solutions.size_cases import CASES, Given


@lru_cache(maxsize=16)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def key(name: str, **values: Any) -> dict[str, Any]:
    return dict(exercise(name).expect(values).key)


# `same` with an even reach: the extra cell comes after


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 8])
def test_same_padding_is_where_torch_puts_it(k: int, d: int) -> None:
    found = key("same-padding", input_size=9, kernel_size=k, dilation=d, mode="same")
    input, kernel = torch.randint(-9, 9, (1, 1, 9, 9)), torch.randint(-9, 9, (1, 1, k, k))
    sides = (found["before"], found["after"]) * 2
    padded = F.conv2d(F.pad(input, sides), kernel, dilation=d)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of even kernels, once
        assert torch.equal(padded, F.conv2d(input, kernel, padding="same", dilation=d))
    assert padded.shape[-1] == found["output_size"] == 9
    if (k - 1) * d % 2:
        moved = F.conv2d(F.pad(input, (found["after"], found["before"]) * 2), kernel, dilation=d)
        assert moved.shape == padded.shape, "the extra cell on the other side gives the same size"
        assert key("same-padding", input_size=9, kernel_size=k, dilation=d, mode="same")["after"] == found["before"] + 1


@pytest.mark.parametrize("k", [256, 257, 258, 300])
def test_large_kernels_are_shared_out_like_small_ones(k: int) -> None:
    # Beyond a reach of 256 the padding is no longer read off real numbers; torch's own layer says the same.
    layer = torch.nn.Conv1d(1, 1, k, padding="same", device="meta")
    found = key("same-padding", input_size=10, kernel_size=k, dilation=1, mode="same")
    assert [found["before"], found["after"]] == layer._reversed_padding_repeated_twice


@given(st.integers(1, 30), st.integers(1, 12))
def test_full_is_numpy_s_full(i: int, k: int) -> None:
    assert key("same-padding", input_size=i, kernel_size=k, dilation=1, mode="full")["output_size"] == len(np.convolve(np.ones(i), np.ones(k), "full"))


@pytest.mark.parametrize("name", ["same-padding", "receptive-field"])
def test_no_stride_is_taken_where_torch_takes_none(name: str) -> None:
    # torch refuses padding="same" with a stride above 1, and the prompt says 1.
    with pytest.raises(GivenError, match="unknown given 'stride'"):
        exercise(name).expect({**CASES[name].drawn(random.Random(0)), "stride": 2})


# Pooling: the last window of ceil_mode, and half a kernel of padding at most


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param((7, 1, 2, 0, 1), 4, id="last-window-begins-in-the-input"),
        pytest.param((6, 1, 2, 0, 1), 3, id="last-window-would-begin-beyond-it"),
        pytest.param((4, 2, 2, 1, 1), 3, id="nothing-left-over"),
        pytest.param((7, 3, 2, 0, 1), 3, id="none-to-add"),
        pytest.param((8, 3, 2, 0, 1), 4, id="one-to-add"),
        pytest.param((9, 2, 4, 1, 1), 3, id="begins-on-the-last-row-but-one"),
        pytest.param((5, 2, 2, 1, 1), 3, id="would-begin-in-the-padding-after-the-input"),
        pytest.param((6, 2, 4, 1, 2), 2, id="would-begin-in-the-padding-after-the-input-dilated"),
    ],
)
def test_the_last_window_of_ceil_mode(sizes: tuple[int, int, int, int, int], expected: int) -> None:
    i, k, s, p, d = sizes
    found = key("pool-size", input_size=i, kernel_size=k, stride=s, padding=p, dilation=d, ceil_mode=True)
    layer = torch.nn.MaxPool2d(k, s, p, d, ceil_mode=True)
    assert found == {"output_size": expected} == {"output_size": layer(torch.zeros(1, 1, i, i)).shape[-1]}
    assert pooled(i, k, s, p, d, True) == expected


def test_the_rule_for_the_last_window_matters() -> None:
    sizes = [(i, k, s, p, d) for i in range(4, 13) for k in range(1, 5) for s in range(1, 6) for p in range(k // 2 + 1) for d in (1, 2) if d * (k - 1) < i]
    dropped = 0
    for i, k, s, p, d in sizes:
        n = i + 2 * p - d * (k - 1) - 1
        right = key("pool-size", input_size=i, kernel_size=k, stride=s, padding=p, dilation=d, ceil_mode=True)["output_size"]
        assert right in (-(-n // s), -(-n // s) + 1)
        dropped += right == -(-n // s)
    assert 0.05 < dropped / len(sizes) < 0.5


def test_the_stride_that_is_not_given_is_the_kernel() -> None:
    for i in range(5, 30):
        for k in range(1, 5):
            given = {"input_size": i, "kernel_size": k, "padding": k // 2}
            assert key("pool-size", **given) == key("pool-size", **given, stride=None) == key("pool-size", **given, stride=k)


# Transposed: output padding below stride or dilation; it is the way back


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.integers(1, 3), st.data())
def test_transposed_is_the_way_back(i: int, k: int, s: int, p: int, d: int, data: st.DataObject) -> None:
    op = data.draw(st.integers(0, s - 1))
    if spread(i, k, s, p, op, d) < 1:
        return
    there = key("transposed-size", input_size=i, kernel_size=k, stride=s, padding=p, output_padding=op, dilation=d)["output_size"]
    assert places(there, k, s, p, d) == i
    # Among the sizes that lead back to i, the output padding says which: all of them, in order.
    assert {size for size in range(1, 60) if places(size, k, s, p, d) == i} >= {there}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"stride": 1, "dilation": 3, "output_padding": 2}, 18, id="below-the-dilation"),
        pytest.param({"stride": 3, "dilation": 1, "output_padding": 2}, 32, id="below-the-stride"),
    ],
)
def test_output_padding_below_stride_or_dilation(changed: Given, expected: int) -> None:
    assert key("transposed-size", **{"input_size": 10, "kernel_size": 3, "padding": 0, **changed}) == {"output_size": expected}


# Rows a window sees, against the gradient of a real convolution


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_the_rows_a_window_sees_are_those_with_a_gradient(seed: int) -> None:
    values = CASES["which-cells"].drawn(random.Random(seed))
    i, k, s, p = (values[name] for name in ("input_size", "kernel_size", "stride", "padding"))
    input = torch.zeros(1, 1, i, dtype=torch.float64, requires_grad=True)
    output = F.conv1d(input, torch.ones(1, 1, k, dtype=torch.float64), stride=s, padding=p)
    (gradient,) = torch.autograd.grad(output[0, 0, values["row"]], input)
    rows = gradient[0, 0].nonzero()[:, 0].tolist()
    found = key("which-cells", **values)
    assert (found["first_row"], found["last_row"]) == (rows[0], rows[-1])
    wide = torch.zeros(1, 1, i + 2 * p, dtype=torch.float64, requires_grad=True)
    (used,) = torch.autograd.grad(F.conv1d(wide, torch.ones(1, 1, k, dtype=torch.float64), stride=s).sum(), wide)
    assert found["unused"] == i + 2 * p - 1 - used[0, 0].nonzero()[-1, 0].item()


# Receptive fields: beyond the sizes whose gradient is taken


@pytest.mark.parametrize(
    "layers",
    [
        pytest.param([(3, 2, 1)] * 9, id="a-gradient-over-1535-cells"),
        pytest.param([(3, 2, 1)] * 11, id="a-formula-over-6143-cells"),
        pytest.param([(2, 1, 1)] * 64, id="64-layers"),
        pytest.param([(5, 3, 2), (3, 1, 4), (2, 5, 1), (7, 2, 3)] * 2, id="a-formula-with-dilation"),
    ],
)
def test_large_receptive_fields_are_walked_back(layers: list[tuple[int, int, int]]) -> None:
    named = [dict(zip(("kernel_size", "stride", "dilation"), layer, strict=True)) for layer in layers]
    assert key("receptive-field", layers=named) == field(layers)


def test_arguments_left_out_of_a_layer_are_torch_s_defaults() -> None:
    assert key("receptive-field", layers=[{"kernel_size": 3}, {"kernel_size": 5}]) == {"receptive_field": 7, "jump": 1}


# Cost: torch's own counter


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_cost_is_half_of_torch_s_flops(seed: int) -> None:
    values = CASES["cost"].drawn(random.Random(seed))
    layer = torch.nn.Conv2d(
        values["input_shape"][-3], values["out_channels"], values["kernel_size"], values["stride"], values["padding"], values["dilation"],
        values["groups"], bias=False, device="meta",
    )  # fmt: skip
    shape = values["input_shape"] if len(values["input_shape"]) == 4 else [1, *values["input_shape"]]
    with FlopCounterMode(display=False) as counter:
        output = layer(torch.empty(shape, device="meta"))
    assert key("cost", **values) == {"macs": counter.get_total_flops() // 2, "activations": output.numel()}


# Inverse: values up to 1000, also large ones


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"ask": "input_size", "output_size": 112, "kernel_size": 7, "stride": 2, "padding": 3}, (223, 224), id="resnet-s-first-layer"),
        pytest.param({"ask": "padding", "output_size": 63, "input_size": 63, "kernel_size": 7, "stride": 1}, (3,), id="padding-that-keeps-63"),
        pytest.param({"ask": "kernel_size", "output_size": 55, "input_size": 227, "stride": 4, "padding": 0}, (8, 9, 10, 11), id="alexnet"),
        pytest.param({"ask": "stride", "output_size": 55, "input_size": 227, "kernel_size": 11, "padding": 0}, (4,), id="alexnet-stride"),
        pytest.param({"ask": "stride", "output_size": 1, "input_size": 5, "kernel_size": 3, "padding": 0}, tuple(range(3, 1001)), id="one-place-any-stride"),
        pytest.param({"ask": "input_size", "output_size": 997, "kernel_size": 3, "stride": 1, "padding": 0}, (999,), id="near-the-end-of-the-range"),
        pytest.param({"ask": "input_size", "output_size": 333, "kernel_size": 3, "stride": 3, "padding": 0}, (999, 1000), id="cut-off-at-the-end"),
        pytest.param({"ask": "input_size", "output_size": [3, 3], "kernel_size": [3, 4], "stride": 2, "padding": 0}, (8,), id="on-both-axes"),
    ],
)
def test_values_that_lead_to_an_output(values: Given, expected: tuple[int, ...]) -> None:
    assert key("inverse-size", **values) == {"values": expected}
    if not any(isinstance(value, list) for value in values.values()):
        ask, output = values["ask"], values["output_size"]
        sizes = {name: value for name, value in values.items() if name not in ("ask", "output_size")}
        assert fitting(ask, output, sizes, 1000) == list(expected)


# Numbers known from elsewhere


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param("parameter-count", {"in_channels": 3, "out_channels": 100, "kernel_size": 5}, {"weights": 7500, "biases": 100, "total": 7600}, id="course-quiz-7600"),
        pytest.param("parameter-count", {"in_channels": 1, "out_channels": 6, "kernel_size": 5}, {"weights": 150, "biases": 6, "total": 156}, id="lenet-c1"),
        pytest.param("parameter-count", {"in_channels": 96, "out_channels": 256, "kernel_size": 5, "groups": 2}, {"weights": 307200, "biases": 256, "total": 307456}, id="alexnet-conv2"),
        pytest.param("parameter-count", {"in_channels": 32, "out_channels": 32, "kernel_size": 3, "groups": 32, "bias": False}, {"weights": 288, "biases": 0, "total": 288}, id="mobilenet-depthwise"),
        pytest.param("transposed-size", {"input_size": 128, "kernel_size": 4, "stride": 4}, {"output_size": 512}, id="128-to-512-not-509"),
        pytest.param("transposed-size", {"input_size": 7, "kernel_size": 4, "stride": 2, "padding": 1}, {"output_size": 14}, id="dcgan-doubles"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 3}] * 3}, {"receptive_field": 7, "jump": 1}, id="three-3x3-see-7"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 7, "stride": 2}, {"kernel_size": 3, "stride": 2}]}, {"receptive_field": 11, "jump": 4}, id="resnet-stem"),
        pytest.param("cost", {"input_shape": [1, 3, 227, 227], "out_channels": 96, "kernel_size": 11, "stride": 4}, {"macs": 105_415_200, "activations": 290_400}, id="alexnet-conv1"),
        pytest.param("pool-size", {"input_size": 55, "kernel_size": 3, "stride": 2}, {"output_size": 27}, id="alexnet-pool"),
        pytest.param("pool-size", {"input_size": 25, "kernel_size": 2, "ceil_mode": True}, {"output_size": 13}, id="25-to-13"),
        pytest.param("dilation", {"input_size": 7, "kernel_size": 3, "dilation": 2}, {"effective_kernel": 5, "output_size": 3}, id="arithmetic-guide"),
        pytest.param("which-cells", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1, "row": 2, "col": 0}, {"unused": 1, "first_row": 3, "last_row": 5}, id="arithmetic-guide-odd"),
        pytest.param("same-padding", {"input_size": 5, "kernel_size": 4, "dilation": 1, "mode": "same"}, {"before": 1, "after": 2, "output_size": 5}, id="even-kernel"),
    ],
)  # fmt: skip
def test_numbers_known_from_elsewhere(name: str, values: Given, expected: dict[str, int]) -> None:
    assert key(name, **values) == expected


@pytest.mark.parametrize(
    ("name", "values", "mistake", "expected"),
    [
        pytest.param("parameter-count", {"in_channels": 3, "out_channels": 100, "kernel_size": 5}, "cin-ignored", {"weights": (2500,), "total": (2600,)}, id="published-2600"),
        pytest.param("parameter-count", {"in_channels": 3, "out_channels": 100, "kernel_size": 5}, "no-bias", {"biases": (0,), "total": (7500,)}, id="distractor-7500"),
        pytest.param("transposed-size", {"input_size": 128, "kernel_size": 4, "stride": 4}, "dil0", {"output_size": (509,)}, id="issue-509"),
        pytest.param("same-padding", {"input_size": 63, "kernel_size": 7, "dilation": 1, "mode": "same"}, "pad-k-minus-1", {"before": (6,), "after": (6,)}, id="distractor-k-minus-1"),
        pytest.param("same-padding", {"input_size": 5, "kernel_size": 4, "dilation": 1, "mode": "same"}, "pad-k-half-even", {"before": (2,), "output_size": (6,)}, id="half-an-even-kernel"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 3, "stride": 2}] * 3}, "previous-stride-only", {"receptive_field": (11,), "jump": (2,)}, id="misprinted-formula"),
        pytest.param("cost", {"input_shape": [1, 3, 227, 227], "out_channels": 96, "kernel_size": 11, "stride": 4}, "flops-2x", {"macs": (210_830_400,)}, id="flops"),
        pytest.param("dilation", {"input_size": 20, "kernel_size": 4, "dilation": 2}, "dil0", {"effective_kernel": (10,), "output_size": (11,)}, id="0-means-none"),
    ],
)  # fmt: skip
def test_mistakes_known_from_elsewhere(name: str, values: Given, mistake: str, expected: dict[str, tuple[int, ...]]) -> None:
    assert exercise(name).expect(values).mistakes[mistake] == expected


# What is refused: small, and large enough for the meta device, which lets bad values through

ROWS: Given = {"input_size": 10, "kernel_size": 3, "stride": 2, "padding": 1, "row": 1, "col": 0}
NAMED: Given = {"input_size": 10, "kernel_size": 3, "dilation": 1, "mode": "same"}
DILATED: Given = {"input_size": 10, "kernel_size": 3, "dilation": 2, "stride": 2, "padding": 1}
SPREAD: Given = {"input_size": 10, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 1}
POOL: Given = {"input_size": 10, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1, "ceil_mode": False}
COUNT: Given = {"in_channels": 4, "out_channels": 6, "kernel_size": 3}
COST: Given = {"input_shape": [2, 4, 8, 9], "out_channels": 6, "kernel_size": 3}
INVERSE: Given = {"ask": "input_size", "output_size": 5, "kernel_size": 3, "stride": 2, "padding": 1}
KERNEL, STRIDE, PADDING, DILATION = "kernel size should be greater than zero", "non-positive stride", "negative padding", "dilation"
SIDES: list[tuple[str, Given, list[tuple[Given, str]]]] = [
    ("which-cells", ROWS, [({"kernel_size": 0}, KERNEL), ({"stride": 0}, STRIDE), ({"padding": -1}, PADDING)]),
    ("same-padding", NAMED, [({"kernel_size": 0}, KERNEL), ({"dilation": 0}, DILATION), ({"dilation": -1}, "negative")]),
    ("dilation", DILATED, [({"stride": 0}, STRIDE), ({"padding": -1}, PADDING), ({"dilation": 0}, DILATION)]),
    ("transposed-size", SPREAD, [({"kernel_size": 0}, KERNEL), ({"stride": 0}, STRIDE), ({"padding": -1}, PADDING), ({"dilation": 0}, DILATION)]),
    ("transposed-size", SPREAD, [({"output_padding": 2}, "output padding must be smaller"), ({"output_padding": -1}, "negative output_padding")]),
    ("pool-size", POOL, [({"padding": 2}, "pad should be at most half"), ({"padding": 2, "dilation": 3}, "half of kernel size")]),
    ("pool-size", POOL, [({"stride": 0}, "stride should not be zero"), ({"padding": -1}, "pad must be non-negative"), ({"dilation": 0, "padding": 0}, "dilation")]),
    ("inverse-size", {"ask": "padding", "output_size": 5, "input_size": 9, "kernel_size": 3, "stride": 2}, [({"kernel_size": 0}, KERNEL), ({"stride": 0}, STRIDE)]),
    ("inverse-size", {"ask": "stride", "output_size": 5, "input_size": 9, "kernel_size": 3, "padding": 1}, [({"kernel_size": 0}, KERNEL), ({"padding": -1}, PADDING)]),
]  # fmt: skip


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [pytest.param(name, {**base, **changed}, reason, id=f"{name}-{changed}") for name, base, rows in SIDES for changed, reason in rows],
)
def test_values_torch_refuses_at_any_size(name: str, values: Given, reason: str, large: bool) -> None:
    with pytest.raises(GivenError, match=f"^torch refuses these values: .*{reason}"):
        exercise(name).expect({**values, "input_size": 900_000 if large else values["input_size"]})


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        pytest.param("which-cells", {**ROWS, "row": 5}, "the output has 5 cells along this axis, counted from 0, and none is number 5; give another row or col", id="no-such-row"),
        pytest.param("which-cells", {**ROWS, "row": -1}, "the output has 5 cells along this axis, counted from 0, and none is number -1; give another row or col", id="negative-row"),
        pytest.param("which-cells", {**ROWS, "padding": 4, "row": 0}, "the window lies in the padding and sees no input; give another row or col", id="only-padding"),
        pytest.param("which-cells", {**ROWS, "kernel_size": 13}, "Calculated padded input size per channel: (12). Kernel size: (13).", id="kernel-too-large"),
        pytest.param("same-padding", {**NAMED, "mode": "half"}, "there is no mode 'half'; give same, full or valid", id="no-such-mode"),
        pytest.param("same-padding", {**NAMED, "mode": "valid", "kernel_size": 11}, "Calculated padded input size per channel: (10). Kernel size: (11).", id="valid-kernel-too-large"),
        pytest.param("dilation", {**DILATED, "kernel_size": 7}, "Calculated padded input size per channel: (12). Kernel size: (13).", id="reach-too-large"),
        pytest.param("transposed-size", {**SPREAD, "padding": 11}, "Given input size per channel: (1 x 10). Calculated output size per channel: (1 x 0).", id="all-cut-off"),
        pytest.param("transposed-size", {**SPREAD, "stride": [2, 1]}, "output padding must be smaller than either stride or dilation", id="on-one-axis"),
        pytest.param("parameter-count", {**COUNT, "groups": 3}, "in_channels must be divisible by groups", id="groups-must-divide-in"),
        pytest.param("parameter-count", {**COUNT, "groups": 4}, "out_channels must be divisible by groups", id="groups-must-divide-out"),
        pytest.param("parameter-count", {**COUNT, "groups": 0}, "groups must be a positive integer", id="no-groups"),
        pytest.param("parameter-count", {**COUNT, "kernel_size": [3, 0]}, "a layer has at least one input channel, one output channel and one cell in its kernel; give numbers from 1", id="empty-kernel"),
        pytest.param("cost", {**COST, "groups": 3}, "in_channels must be divisible by groups", id="cost-groups"),
        pytest.param("cost", {**COST, "stride": [1, 0]}, "non-positive stride", id="cost-stride"),
        pytest.param("cost", {**COST, "padding": -1}, "negative padding", id="cost-padding"),
        pytest.param("cost", {**COST, "kernel_size": 0}, "kernel size should be greater than zero", id="cost-kernel"),
        pytest.param("cost", {**COST, "kernel_size": 9}, "Calculated padded input size per channel: (8 x 9). Kernel size: (9 x 9).", id="cost-kernel-too-large"),
        pytest.param("cost", {**COST, "input_shape": [8, 9]}, "the input has 2 axes; give [N, C, H, W], or [C, H, W] without a batch", id="cost-two-axes"),
        pytest.param("cost", {**COST, "out_channels": 0}, "a layer has at least one input channel and one output channel; give numbers from 1", id="cost-no-channels"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 0}]}, "kernel size should be greater than zero", id="field-kernel"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 3}, {"kernel_size": 3, "stride": 0}]}, "non-positive stride", id="field-stride"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 3, "dilation": 0}]}, "dilation should be greater than zero", id="field-dilation"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 3, "padding": 1}]}, "layers[0] has 'padding'; give kernel_size, stride and dilation", id="field-unknown"),
        pytest.param("receptive-field", {"layers": [{"stride": 2}]}, "layers[0] has no kernel_size; give one", id="field-no-kernel"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": "3"}]}, "layers[0].kernel_size is '3'; give an int or [H, W]", id="field-text"),
        pytest.param("receptive-field", {"layers": [{"kernel_size": 99, "stride": 99}] * 64}, "the field is larger than any image", id="field-beyond"),
        pytest.param("inverse-size", {**INVERSE, "ask": "dilation"}, "'dilation' cannot be asked for; give input_size, kernel_size, stride or padding", id="no-such-size"),
        pytest.param("inverse-size", {**INVERSE, "input_size": 9}, "input_size is given and asked for; leave it out", id="given-and-asked"),
        pytest.param("inverse-size", {**INVERSE, "ask": "stride"}, "input_size is missing; give all sizes but the one asked for", id="not-given"),
        pytest.param("inverse-size", {**INVERSE, "output_size": 0}, "an output has at least one cell, not 0; give a larger output_size", id="no-output"),
        pytest.param("inverse-size", {**INVERSE, "output_size": 900}, "no input_size from 1 to 1000 gives this output; give other sizes", id="beyond-the-range"),
    ],
)  # fmt: skip
def test_values_that_are_refused(name: str, values: Given, message: str) -> None:
    with pytest.raises(GivenError) as caught:
        exercise(name).expect(values)
    assert str(caught.value).startswith(f"torch refuses these values: {message}")


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param("which-cells", {"input_size": 10**6, "kernel_size": 5, "stride": 2, "padding": 10**6, "row": 500_000}, {"unused": 1, "first_row": 0, "last_row": 4}, id="rows"),
        pytest.param("same-padding", {"input_size": 10**6, "kernel_size": 1000, "dilation": 3, "mode": "same"}, {"before": 1498, "after": 1499, "output_size": 10**6}, id="same"),
        pytest.param("dilation", {"input_size": 10**6, "kernel_size": 3, "dilation": 10**6, "stride": 1, "padding": 10**6}, {"effective_kernel": 2 * 10**6 + 1, "output_size": 10**6}, id="dilation"),
        pytest.param("transposed-size", {"input_size": 10**6, "kernel_size": 10**6, "stride": 10**6, "dilation": 10**6}, {"output_size": 2 * (10**6 - 1) * 10**6 + 1}, id="transposed"),
        pytest.param("pool-size", {"input_size": 10**6, "kernel_size": 3, "stride": 2, "padding": 1}, {"output_size": 500_000}, id="pool"),
        pytest.param("cost", {"input_shape": [100, 100, 10**4, 10**4], "out_channels": 10, "kernel_size": 1}, {"macs": 10**13, "activations": 10**11}, id="cost"),
    ],
)  # fmt: skip
def test_the_largest_sizes_are_exact(name: str, values: Given, expected: dict[str, int]) -> None:
    assert key(name, **values) == expected
