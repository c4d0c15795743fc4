"""Which wrong methods each exercise recognises, and when each could show."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.formula import Formula

FLIPS = ["flip180", "flip-lr", "kernel-transposed"]

# The names of the known wrong methods, by type. Left out there: `channels_kept` and `batch_lost` of T6, which
# need channels and a batch; a formula has no height and width to swap.
MISTAKES = {
    "one-window": ["sum-only", "products-only", "matmul", "max-product", "flip180"],
    "conv-array": ["max-not-sum", "window-sum", "centre-only", "matmul-not-elementwise", "no-sum", "mean-not-sum", *FLIPS],
    "output-size-basic": ["no-plus1", "full", "minus1", "blocks", "same"],
    "conv-stride": ["stride-ignored", "stride-cols-only", "stride-offset", "stride-equals-kernel", *FLIPS],
    "conv-padding": ["pad-ignored", "pad-topleft", "pad-bottomright", "pad-around-output", "pad-replicate", *FLIPS],
    "output-size": [
        "ceil", "nearest", "fraction", "pad-once", "pad-ignored", "pad-after", "no-plus1", "plus1-inside", "stride-ignored",
        "stride-added", "stride-is-gap", "kernel-ignored", "same-thinking", "hw-swapped",
    ],
    "size-formula": [
        "ceil", "nearest", "fraction", "pad-once", "pad-ignored", "pad-after", "no-plus1", "plus1-inside", "stride-ignored",
        "stride-added", "stride-is-gap", "kernel-ignored", "same-thinking",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_wrong_method_of_the_type_is_recognised(course: Course, name: str) -> None:
    assert sorted(course.exercises[name].mistakes) == sorted(MISTAKES[name])


@pytest.mark.parametrize("name", MISTAKES)
def test_every_wrong_method_costs_something_and_earns_no_more_than_the_key(course: Course, name: str) -> None:
    assert all(0 < policy.credit < 1 for policy in course.exercises[name].mistakes.values())


ONE = [[7]]
ROW, COLUMN = [[1, 2, 3]], [[1], [2], [3]]
TWO, THREE, WIDE = [[1, 2], [3, 4]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2, 3], [4, 5, 6]]
INPUT = [[row * 6 + column for column in range(6)] for row in range(5)]


def conv(kernel: Any, stride: Any = 1, padding: Any = 0, input: Any = INPUT) -> dict[str, Any]:
    return {"input": input, "kernel": kernel, "stride": stride, "padding": padding}


def size(input_size: Any, kernel_size: Any, stride: Any, padding: Any) -> dict[str, Any]:
    return {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "padding": padding}


def applicable(exercise: Exercise, given: dict[str, Any]) -> set[str]:
    """By the arguments alone, over all mistakes of the solution."""
    solution = exercise.solution
    values = solution.values(given)
    return {name for name, method in solution.mistakes.items() if method.fits(values)}


STRIDES, PADDINGS = set(MISTAKES["conv-stride"]) - set(FLIPS), set(MISTAKES["conv-padding"]) - set(FLIPS)
WINDOWS = {"max-not-sum", "window-sum", "no-sum", "mean-not-sum"}
SQUARE = {"matmul-not-elementwise"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(conv(ONE), {"window-sum"}, id="a-kernel-of-one-number-can-only-be-left-out"),
        pytest.param(conv(THREE), WINDOWS | SQUARE | {"centre-only", *FLIPS, "stride-equals-kernel"}, id="stride-1-no-padding"),
        pytest.param(conv(TWO), WINDOWS | SQUARE | {*FLIPS, "stride-equals-kernel"}, id="an-even-kernel-has-no-centre"),
        pytest.param(conv(WIDE), WINDOWS | {*FLIPS, "stride-equals-kernel"}, id="an-oblong-kernel-has-no-matrix-product"),
        pytest.param(conv(COLUMN), WINDOWS | {"centre-only", "flip180", "kernel-transposed", "stride-equals-kernel"}, id="a-column-is-its-own-mirror-image"),
        pytest.param(conv(ROW), WINDOWS | {"centre-only", *FLIPS, "stride-equals-kernel"}, id="a-row-can-be-mirrored"),
        pytest.param(conv(THREE, stride=2), WINDOWS | SQUARE | {"centre-only", *FLIPS} | STRIDES, id="stride-2"),
        pytest.param(conv(THREE, stride=[1, 2]), WINDOWS | SQUARE | {"centre-only", *FLIPS} | STRIDES, id="stride-on-one-axis"),
        pytest.param(conv(THREE, stride=3), WINDOWS | SQUARE | {"centre-only", *FLIPS} | STRIDES - {"stride-equals-kernel"}, id="stride-as-wide-as-the-kernel"),
        pytest.param(conv(THREE, stride=2, input=THREE), WINDOWS | SQUARE | {"centre-only", *FLIPS}, id="one-window-only-no-stride-shows"),
        pytest.param(
            conv(THREE, stride=2, padding=1, input=THREE), WINDOWS | SQUARE | {"centre-only", *FLIPS} | STRIDES | PADDINGS, id="padding-makes-more-windows"
        ),
        pytest.param(conv(THREE, padding=1), WINDOWS | SQUARE | {"centre-only", *FLIPS, "stride-equals-kernel"} | PADDINGS, id="padding"),
        pytest.param(conv(THREE, padding=[0, 1]), WINDOWS | SQUARE | {"centre-only", *FLIPS, "stride-equals-kernel"} | PADDINGS, id="padding-on-one-axis"),
    ],
)
def test_when_a_wrong_convolution_could_show(course: Course, given: dict[str, Any], expected: set[str]) -> None:
    assert applicable(course.exercises["conv-array"], given) == expected


ROUNDING, PADDING, STRIDE = {"ceil", "nearest", "fraction"}, {"pad-once", "pad-ignored", "pad-after"}, {"stride-ignored", "stride-added", "stride-is-gap"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(size(5, 1, 1, 0), {"no-plus1"}, id="nothing-but-the-1-can-be-forgotten"),
        pytest.param(size(5, 3, 1, 0), {"no-plus1", "kernel-ignored", "same-thinking"}, id="a-kernel"),
        pytest.param(size(5, 3, 1, 1), {"no-plus1", "kernel-ignored"} | PADDING, id="same-padding-keeps-the-size-by-right"),
        pytest.param(size(5, 3, 1, 2), {"no-plus1", "kernel-ignored", "same-thinking"} | PADDING, id="more-than-same-padding"),
        pytest.param(size(6, 3, 2, 1), {"no-plus1", "kernel-ignored", "plus1-inside"} | PADDING | STRIDE | ROUNDING, id="a-remainder"),
        pytest.param(size(7, 3, 2, 1), {"no-plus1", "kernel-ignored", "plus1-inside"} | PADDING | STRIDE, id="no-remainder"),
        pytest.param(size(3, 3, 2, 0), {"no-plus1", "kernel-ignored", "plus1-inside", "same-thinking"}, id="one-place-only-no-stride-shows"),
        pytest.param(
            size(6, 3, [1, 2], 0), {"no-plus1", "kernel-ignored", "plus1-inside", "same-thinking", "hw-swapped"} | STRIDE | ROUNDING, id="one-axis-is-enough"
        ),
        pytest.param(size([6, 6], 3, 1, [0, 0]), {"no-plus1", "kernel-ignored", "same-thinking"}, id="two-equal-sides-cannot-be-swapped"),
        pytest.param(size([6, 7], 3, 1, 0), {"no-plus1", "kernel-ignored", "same-thinking", "hw-swapped"}, id="two-sides-can-be-swapped"),
    ],
)
def test_when_a_wrong_size_could_show(course: Course, given: dict[str, Any], expected: set[str]) -> None:
    assert applicable(course.exercises["output-size"], given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"input": ONE, "kernel": ONE}, {"sum-only"}, id="one-number"),
        pytest.param({"input": WIDE, "kernel": WIDE}, {"sum-only", "products-only", "max-product", "flip180"}, id="oblong"),
        pytest.param({"input": TWO, "kernel": TWO}, {"sum-only", "products-only", "max-product", "flip180", "matmul"}, id="square"),
    ],
)
def test_when_a_wrong_window_could_show(course: Course, given: dict[str, Any], expected: set[str]) -> None:
    assert applicable(course.exercises["one-window"], given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"input_size": 5, "kernel_size": 1}, {"no-plus1", "minus1"}, id="a-kernel-of-1"),
        pytest.param({"input_size": 5, "kernel_size": 5}, {"no-plus1", "minus1", "full", "same"}, id="a-kernel-as-large-as-the-input"),
        pytest.param({"input_size": 5, "kernel_size": 3}, {"no-plus1", "minus1", "full", "same", "blocks"}, id="in-between"),
    ],
)
def test_when_a_wrong_basic_size_could_show(course: Course, given: dict[str, Any], expected: set[str]) -> None:
    assert applicable(course.exercises["output-size-basic"], given) == expected


def test_the_numbers_in_the_arrays_never_decide_whether_a_method_applies(course: Course) -> None:
    exercise = course.exercises["conv-array"]
    zeros = conv([[0] * 3] * 3, 2, 1, [[0] * 6] * 5)
    assert applicable(exercise, zeros) == applicable(exercise, conv(THREE, 2, 1))


def test_an_answer_of_a_formula_is_a_formula(course: Course) -> None:
    expected = course.exercises["size-formula"].expect({})
    assert all(isinstance(reading, Formula) for answers in expected.mistakes.values() for reading in answers["output_size"])
