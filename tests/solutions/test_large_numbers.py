"""Sums above 2^24: single precision would round them (9 · 4097² comes out 13 off), and no key may."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from grader.course.course import Course

SIDE = 4097
SUM = 9 * SIDE**2  # 151,068,681, odd: it has no neighbour of single precision
FULL = [[SIDE] * 3] * 3


def test_single_precision_would_be_wrong() -> None:
    full = torch.full((1, 1, 3, 3), float(SIDE))
    assert int(F.conv2d(full, full).item()) != SUM


@pytest.mark.parametrize(
    ("exercise", "given", "part", "expected"),
    [
        pytest.param("one-window", {"input": FULL, "kernel": FULL}, "value", SUM, id="one-window"),
        pytest.param("conv-array", {"input": FULL, "kernel": FULL}, "output", [[SUM]], id="conv-array"),
        pytest.param("conv-padding", {"input": [[SIDE]], "kernel": [[1, 1, 1], [1, 4096, 1], [1, 1, 1]], "padding": 1}, "output", [[4096 * SIDE]], id="conv-padding"),
        pytest.param("true-convolution", {"input": FULL, "kernel": FULL}, "convolution", [[SUM]], id="true-convolution"),
        pytest.param("bias-relu", {"input": FULL, "kernel": FULL, "bias": -1}, "output", [[SUM - 1]], id="bias-relu"),
        pytest.param("multi-channel", {"input": [FULL, FULL], "kernel": [FULL, FULL]}, "output", [[2 * SUM]], id="multi-channel"),
        pytest.param("dilation-array", {"input": FULL, "kernel": [[SIDE] * 2] * 2, "dilation": 2}, "output", [[4 * SIDE**2]], id="dilation-array"),
        pytest.param("transposed-values", {"input": [[SIDE]], "kernel": [[SIDE]], "stride": 1, "padding": 0}, "output", [[SIDE**2]], id="transposed-values"),
        pytest.param("compose", {"kernel_1": [[SIDE]], "kernel_2": [[SIDE]]}, "kernel", [[SIDE**2]], id="compose"),
        pytest.param(
            "conv-backward", {"input": FULL, "kernel": FULL, "grad_output": [[SIDE]], "stride": 1}, "grad_kernel", [[SIDE**2] * 3] * 3, id="conv-backward"
        ),
    ],
)  # fmt: skip
def test_no_key_is_rounded(course: Course, exercise: str, given: dict[str, Any], part: str, expected: Any) -> None:
    assert course.exercises[exercise].expect(given).key[part] == expected
