"""T1, T2, T4, T5: windows and convolutions against plain Python loops, and the page's own numbers."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.solution import OneOf
from grader.course.values import MAX_VALUE, GivenError, plain
from tests.solutions.plain import Array, convolution, convolution_mistakes, matrix_product, mirrored, product_table, products, turned

PAGE_INPUT = [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]
PAGE_KERNEL = [[1, 2, 1], [0, 1, 0], [2, 1, 0]]


# The lesson page's own numbers


@pytest.mark.parametrize(
    ("stride", "padding", "expected"),
    [
        pytest.param(1, 0, [[10, 12, 12], [18, 16, 16], [13, 9, 3]], id="stride-1"),
        pytest.param(2, 0, [[10, 12], [13, 3]], id="stride-2"),
        pytest.param(1, 1, [[1, 3, 4, 10, 8], [5, 10, 12, 12, 6], [7, 18, 16, 16, 8], [11, 13, 9, 3, 4], [14, 13, 9, 7, 4]], id="padding-1"),
    ],
)
def test_the_page_s_own_numbers(course: Course, stride: int, padding: int, expected: Array) -> None:
    given = {"input": PAGE_INPUT, "kernel": PAGE_KERNEL, "stride": stride, "padding": padding}
    assert course.exercises["conv-array"].expect(given).key == {"output": expected}
    assert convolution(PAGE_INPUT, PAGE_KERNEL, stride, padding) == expected


def test_the_worked_assignment_gives_the_page_s_numbers(course: Course) -> None:
    keys = [entry.exercise.expect(entry.given or {}).key for entry in course.assignment("lesson1-worked").entries]
    assert keys == [
        {"output": [[10, 12, 12], [18, 16, 16], [13, 9, 3]]},
        {"output": [[10, 12], [13, 3]]},
        {"output": [[1, 3, 4, 10, 8], [5, 10, 12, 12, 6], [7, 18, 16, 16, 8], [11, 13, 9, 3, 4], [14, 13, 9, 7, 4]]},
        {"padded_size": 4, "output_size": 2},
        {"padded_size": 7, "output_size": 5},
        {"padded_size": 5, "output_size": 2},
        {"padded_size": 8, "output_size": 3},
    ]


# Against plain loops


def array(rng: random.Random, height: int, width: int, low: int, high: int) -> Array:
    return [[rng.randint(low, high) for _ in range(width)] for _ in range(height)]


def drawn(rng: random.Random) -> dict[str, Any]:
    """Any convolution that fits: rectangular inputs and kernels, strides and paddings per axis."""
    kernel = array(rng, rng.randint(1, 4), rng.randint(1, 4), -9, 9)
    padding: Any = rng.choice([0, 0, 1, 2, [0, 1], [2, 1], [1, 0]])
    rows, columns = (padding, padding) if isinstance(padding, int) else padding
    height = rng.randint(max(1, len(kernel) - 2 * rows), 7)
    width = rng.randint(max(1, len(kernel[0]) - 2 * columns), 7)
    return {"input": array(rng, height, width, -9, 9), "kernel": kernel, "stride": rng.choice([1, 1, 2, 3, [1, 2], [3, 1], [2, 3]]), "padding": padding}


def answers(exercise: Exercise, given: dict[str, Any], mistake: str) -> list[Any] | None:
    """The readings of a wrong method, whether or not it applies; None where torch refuses what it would do."""
    solution = exercise.solution
    try:
        found = solution.mistakes[mistake](solution.values(given))["output"]
    except RuntimeError:
        return None
    return [plain(reading) for reading in (found.readings if isinstance(found, OneOf) else (found,))]


def test_wrong_methods_equal_plain_loops(course: Course) -> None:
    rng = random.Random(2)
    exercise = course.exercises["conv-array"]
    compared = dict.fromkeys(exercise.solution.mistakes, 0)
    for _ in range(800):
        given = drawn(rng)
        for name, expected in convolution_mistakes(**given).items():
            found = answers(exercise, given, name)
            if found is None:
                assert all(not reading or not reading[0] for reading in expected), f"{name} gives {expected} of {given}"
            else:
                assert found == expected, (name, given)
                compared[name] += 1
    assert min(compared.values()) > 50, "each was compared, on many variants"


def test_a_method_that_does_not_apply_gives_the_key_or_nothing(course: Course) -> None:
    rng = random.Random(3)
    exercise = course.exercises["conv-array"]
    for _ in range(800):
        given = drawn(rng)
        values = exercise.solution.values(given)
        right = exercise.solution.key(values)["output"]
        for name, method in exercise.solution.mistakes.items():
            even_centre = name == "centre-only" and (len(given["kernel"]) % 2 == 0 or len(given["kernel"][0]) % 2 == 0)
            if not method.fits(values) and not even_centre:
                found = answers(exercise, given, name)
                assert found is None or right in found or name == "matmul-not-elementwise", (name, given)


# Wrong methods by hand, on one window: input 1 2 / 3 4, kernel 5 6 / 7 8


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        pytest.param("flip180", [[[1 * 8 + 2 * 7 + 3 * 6 + 4 * 5]]], id="flip180"),
        pytest.param("flip-lr", [[[1 * 6 + 2 * 5 + 3 * 8 + 4 * 7]]], id="flip-lr"),
        pytest.param("kernel-transposed", [[[1 * 5 + 2 * 7 + 3 * 6 + 4 * 8]]], id="kernel-transposed"),
        pytest.param("max-not-sum", [[[32]]], id="max-not-sum"),
        pytest.param("window-sum", [[[10]]], id="window-sum"),
        pytest.param("matmul-not-elementwise", [[[19 + 22 + 43 + 50]]], id="matmul"),
        pytest.param("no-sum", [[[[[5, 12], [21, 32]]]], [[5, 12], [21, 32]]], id="no-sum-as-tables-or-as-one"),
        pytest.param("mean-not-sum", [[[70 / 4]]], id="mean-not-sum"),
    ],
)
def test_wrong_methods_by_hand(course: Course, mistake: str, expected: list[Any]) -> None:
    given = {"input": [[1, 2], [3, 4]], "kernel": [[5, 6], [7, 8]]}
    assert course.exercises["conv-array"].expect(given).key == {"output": [[70]]}
    assert answers(course.exercises["conv-array"], given, mistake) == expected


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        # A kernel of one 1 shows where each method looks: input 1 … 16 in four rows, stride 2, padding 1.
        pytest.param(
            "stride-ignored",
            [[0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 0], [0, 5, 6, 7, 8, 0], [0, 9, 10, 11, 12, 0], [0, 13, 14, 15, 16, 0], [0] * 6],
            id="stride-ignored",
        ),
        pytest.param("stride-cols-only", [[0, 0, 0], [0, 2, 4], [0, 6, 8], [0, 10, 12], [0, 14, 16], [0, 0, 0]], id="stride-cols-only"),
        pytest.param("stride-offset", [[1, 3, 0], [9, 11, 0], [0, 0, 0]], id="stride-offset"),
        pytest.param("pad-ignored", [[1, 3], [9, 11]], id="pad-ignored"),
        pytest.param("pad-topleft", [[0, 0, 0], [0, 6, 8], [0, 14, 16]], id="pad-topleft"),
        pytest.param("pad-bottomright", [[1, 3, 0], [9, 11, 0], [0, 0, 0]], id="pad-bottomright"),
        pytest.param("pad-around-output", [[0, 0, 0, 0], [0, 1, 3, 0], [0, 9, 11, 0], [0, 0, 0, 0]], id="pad-around-output"),
        pytest.param("pad-replicate", [[1, 2, 4], [5, 6, 8], [13, 14, 16]], id="pad-replicate"),
    ],
)
def test_where_wrong_methods_look(course: Course, mistake: str, expected: Array) -> None:
    given = {"input": [[4 * row + column for column in range(1, 5)] for row in range(4)], "kernel": [[1]], "stride": 2, "padding": 1}
    assert course.exercises["conv-array"].expect(given).key == {"output": [[0, 0, 0], [0, 6, 8], [0, 14, 16]]}
    assert answers(course.exercises["conv-array"], given, mistake) == [expected]


# One window

SIDES = st.tuples(st.integers(1, 4), st.integers(1, 4))
WINDOWS = SIDES.flatmap(
    lambda sides: st.tuples(*[st.lists(st.lists(st.integers(-99, 99), min_size=sides[1], max_size=sides[1]), min_size=sides[0], max_size=sides[0])] * 2)
)


@given(WINDOWS)
def test_one_window_equals_plain_python(course: Course, arrays: tuple[Array, Array]) -> None:
    input, kernel = arrays
    expected = course.exercises["one-window"].expect({"input": input, "kernel": kernel})
    assert expected.key == {"value": sum(products(input, kernel))}
    table = product_table(input, kernel)
    wrong: dict[str, tuple[Any, ...]] = {"sum-only": (sum(map(sum, input)),)}
    if len(input) * len(input[0]) > 1:
        wrong |= {"products-only": (table,), "max-product": (max(map(max, table)),), "flip180": (sum(products(input, turned(kernel))),)}
        if len(input) == len(input[0]):
            product = matrix_product(input, kernel)
            wrong["matmul"] = (sum(map(sum, product)), product)
    assert {name: answer["value"] for name, answer in expected.mistakes.items()} == wrong


def test_the_matrix_product_by_hand(course: Course) -> None:
    expected = course.exercises["one-window"].expect({"input": [[1, 2], [3, 4]], "kernel": [[5, 6], [7, 8]]})
    assert expected.mistakes["matmul"] == {"value": (134, [[19, 22], [43, 50]])}


# What cannot be computed


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"kernel": [[1, 2, 3]] * 3},
            "torch refuses these values: Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3).",
            id="kernel-too-large",
        ),
        pytest.param({"stride": 0}, "torch refuses these values: non-positive stride is not supported", id="stride-0"),
        pytest.param({"stride": [1, -1]}, "torch refuses these values: non-positive stride is not supported", id="stride-negative"),
        pytest.param({"padding": -1}, "torch refuses these values: negative padding is not supported", id="padding-negative"),
        pytest.param(
            {"padding": 10**6}, "torch refuses these values: the padded input has more than 1000000 cells; give less padding", id="padding-of-a-million"
        ),
        pytest.param({"padding": 10**6 + 1}, "padding: 1000001 is beyond ±1000000; give a smaller number", id="padding-beyond"),
        pytest.param({"input": [1, 2]}, "torch refuses these values: the input has 1 axes; give rows of numbers, [H][W]", id="one-row"),
        pytest.param({"kernel": [[[1]]]}, "torch refuses these values: the kernel has 3 axes; give rows of numbers, [H][W]", id="channels"),
        pytest.param({"kernel": [[]]}, "torch refuses these values: ", id="empty-kernel"),
        pytest.param({"kernel": [[MAX_VALUE + 1]]}, "kernel[0][0]: 1048577 is beyond ±1048576; give a smaller number", id="cell-too-large"),
        pytest.param({"input": [[2**63]]}, "input[0][0]: 9223372036854775808 is beyond ±1048576; give a smaller number", id="beyond-int64"),
        pytest.param({"kernel": [[0.5]]}, "kernel[0][0]: expected an int, got 0.5; write a whole number", id="float"),
    ],
)
def test_values_that_are_refused(course: Course, changed: dict[str, Any], message: str) -> None:
    given = {"input": [[1, 2], [3, 4]], "kernel": [[1]], "stride": 1, "padding": 0, **changed}
    with pytest.raises(GivenError) as caught:
        course.exercises["conv-array"].expect(given)
    assert str(caught.value).startswith(message)


def test_a_window_and_kernel_of_different_shapes(course: Course) -> None:
    with pytest.raises(GivenError) as caught:
        course.exercises["one-window"].expect({"input": [[1, 2]], "kernel": [[1], [2]]})
    assert str(caught.value) == "torch refuses these values: the window is (1, 2), the kernel (2, 1); they must have one shape"


def test_the_largest_sums_are_exact(course: Course) -> None:
    # 64-bit numbers wrap without a word; the limits on values and cells keep every sum below that.
    side = 200
    full = [[MAX_VALUE] * side] * side
    expected = course.exercises["one-window"].expect({"input": full, "kernel": full})
    assert expected.key == {"value": side * side * MAX_VALUE**2}
    assert expected.mistakes["matmul"]["value"][0] == side**3 * MAX_VALUE**2
    assert (
        convolution([[MAX_VALUE] * 3] * 3, [[-MAX_VALUE] * 3] * 3, 1, 0)
        == course.exercises["conv-array"].expect({"input": [[MAX_VALUE] * 3] * 3, "kernel": [[-MAX_VALUE] * 3] * 3}).key["output"]
    )


def test_mirroring_is_not_turning() -> None:
    assert mirrored([[1, 2], [3, 4]]) == [[2, 1], [4, 3]]
    assert turned([[1, 2], [3, 4]]) == [[4, 3], [2, 1]]
