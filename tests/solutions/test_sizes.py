"""T3 and T6: sizes counted in plain Python, wrong methods against formulas in closed form, and the formula itself."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.course.course import Course
from grader.course.formula import Formula, values_at
from grader.course.solution import Implausible
from grader.course.values import GivenError
from tests.solutions.plain import SIZE_RULES, configurations, places

NAMES = ("input_size", "kernel_size", "stride", "padding")
ALL = tuple(configurations())


def named(i: Any, k: Any, s: Any, p: Any) -> dict[str, Any]:
    return dict(zip(NAMES, (i, k, s, p), strict=True))


def test_there_are_402_configurations() -> None:
    assert len(ALL) == 402


# Keys


def test_output_size_is_counted(course: Course) -> None:
    exercise = course.exercises["output-size"]
    for i, k, s, p in ALL:
        assert exercise.expect(named(i, k, s, p)).key == {"padded_size": i + 2 * p, "output_size": places(i, k, s, p)}


@given(st.integers(1, 300), st.integers(1, 30), st.integers(1, 9), st.integers(0, 9))
def test_output_size_is_the_formula(course: Course, i: int, k: int, s: int, p: int) -> None:
    assume(k <= i + 2 * p)
    assert course.exercises["output-size"].expect(named(i, k, s, p)).key["output_size"] == (i + 2 * p - k) // s + 1 == places(i, k, s, p)


AXES = st.tuples(st.integers(1, 12), st.integers(1, 12))


@given(
    AXES,
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.integers(0, 15),
)
def test_sizes_per_axis(course: Course, i: Any, k: Any, s: Any, p: Any, pairs: int) -> None:
    # Each argument is [H, W] or one int for both; with any [H, W] the answers are vectors.
    sizes = [list(size) if pairs >> n & 1 else size[0] for n, size in enumerate((i, k, s, p))]
    axes = [size if isinstance(size, list) else [size, size] for size in sizes]
    by_axis = [tuple(size[axis] for size in axes) for axis in (0, 1)]
    assume(all(k <= i + 2 * p for i, k, s, p in by_axis))
    expected = course.exercises["output-size"].expect(named(*sizes))
    counted, padded = tuple(places(*axis) for axis in by_axis), tuple(axis[0] + 2 * axis[3] for axis in by_axis)
    assert expected.key == ({"padded_size": padded, "output_size": counted} if pairs else {"padded_size": padded[0], "output_size": counted[0]})
    for name, rule in SIZE_RULES.items():
        if name in expected.mistakes:
            wrong = tuple(rule(*axis) for axis in by_axis)
            assert expected.mistakes[name]["output_size"] == ((wrong,) if pairs else (wrong[0],))


def test_basic_sizes(course: Course) -> None:
    exercise = course.exercises["output-size-basic"]
    for i in range(1, 25):
        for k in range(1, i + 1):
            expected = exercise.expect({"input_size": i, "kernel_size": k})
            assert expected.key == {"output_size": places(i, k, 1, 0)}
            wrong = {"no-plus1": i - k, "minus1": i - k - 1, "full": i + k - 1, "same": i, "blocks": i // k}
            assert {name: answers["output_size"] for name, answers in expected.mistakes.items()} == {
                name: (answer,) for name, answer in wrong.items() if name in expected.mistakes
            }


@pytest.mark.parametrize(
    ("sizes", "axes"),
    [
        pytest.param(([9, 6], 3), ((9, 3), (6, 3)), id="input"),
        pytest.param((9, [3, 1]), ((9, 3), (9, 1)), id="kernel-and-no-kernel"),
        pytest.param(([28, 30], [5, 2]), ((28, 5), (30, 2)), id="both"),
    ],
)
def test_basic_sizes_per_axis(course: Course, sizes: tuple[Any, Any], axes: tuple[tuple[int, int], ...]) -> None:
    expected = course.exercises["output-size-basic"].expect({"input_size": sizes[0], "kernel_size": sizes[1]})
    assert expected.key == {"output_size": tuple(places(i, k, 1, 0) for i, k in axes)}
    wrong = {
        "no-plus1": tuple(i - k for i, k in axes),
        "minus1": tuple(i - k - 1 for i, k in axes),
        "full": tuple(i + k - 1 for i, k in axes),
        "blocks": tuple(i // k for i, k in axes),
        "same": tuple(i for i, _ in axes),
    }
    assert {name: answers["output_size"] for name, answers in expected.mistakes.items()} == {name: (answer,) for name, answer in wrong.items()}


# Wrong methods


@pytest.mark.parametrize("name", SIZE_RULES)
def test_wrong_sizes_equal_domain_s_formulas(course: Course, name: str) -> None:
    solution = course.exercises["output-size"].solution
    for i, k, s, p in ALL:
        answers = solution.mistakes[name](named(i, k, s, p))
        assert answers["output_size"] == SIZE_RULES[name](i, k, s, p), (i, k, s, p)
        padded = {"pad-once": i + p, "pad-ignored": i}.get(name)
        assert answers.get("padded_size") == padded


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # (i 11, k 4, s 3, p 2): n = 11, L = 2, right is 4
        pytest.param("ceil", 5, id="ceil"),
        pytest.param("nearest", 5, id="nearest"),
        pytest.param("fraction", Fraction(14, 3), id="fraction"),
        pytest.param("pad-once", 4, id="pad-once"),
        pytest.param("pad-ignored", 3, id="pad-ignored"),
        pytest.param("pad-after", 7, id="pad-after"),
        pytest.param("no-plus1", 3, id="no-plus1"),
        pytest.param("plus1-inside", 4, id="plus1-inside"),
        pytest.param("stride-ignored", 12, id="stride-ignored"),
        pytest.param("stride-added", 14, id="stride-added"),
        pytest.param("stride-is-gap", 3, id="stride-is-gap"),
        pytest.param("kernel-ignored", 5, id="kernel-ignored"),
        pytest.param("same-thinking", 4, id="same-thinking"),
    ],
)
def test_wrong_sizes_by_hand(course: Course, name: str, expected: int | Fraction) -> None:
    found = course.exercises["output-size"].expect(named(11, 4, 3, 2))
    assert found.key["output_size"] == 4
    assert found.mistakes[name]["output_size"] == (expected,)


def test_height_and_width_swapped(course: Course) -> None:
    found = course.exercises["output-size"].expect(named([9, 6], 3, [2, 1], 1))
    assert found.key == {"padded_size": (11, 8), "output_size": (5, 6)}
    assert found.mistakes["hw-swapped"] == {"padded_size": ((8, 11),), "output_size": ((6, 5),)}
    # Where only one part differs by axis, only that part is wrong.
    assert course.exercises["output-size"].expect(named([6, 6], 3, [2, 1], 1)).mistakes["hw-swapped"] == {"output_size": ((6, 3),)}


# In closed form: when a wrong method gives the right answer. n = i + 2p - k, L = n mod s.


@pytest.mark.parametrize(
    ("name", "right"),
    [
        pytest.param("ceil", lambda n, s, p: n % s == 0, id="ceil-iff-L-is-0"),
        pytest.param("fraction", lambda n, s, p: n % s == 0, id="fraction-iff-L-is-0"),
        pytest.param("nearest", lambda n, s, p: 2 * (n % s) < s, id="nearest-iff-2L-below-s"),
        pytest.param("pad-once", lambda n, s, p: n % s >= p, id="pad-once-iff-L-at-least-p"),
        pytest.param("pad-ignored", lambda n, s, p: n % s >= 2 * p, id="pad-ignored-iff-L-at-least-2p"),
        pytest.param("plus1-inside", lambda n, s, p: n % s == s - 1, id="plus1-inside-iff-L-is-s-1"),
        pytest.param("stride-ignored", lambda n, s, p: s == 1 or n == 0, id="stride-ignored-iff-s-is-1-or-n-is-0"),
        pytest.param("no-plus1", lambda n, s, p: False, id="no-plus1-never"),
    ],
)
def test_when_a_wrong_method_is_right(course: Course, name: str, right: Callable[[int, int, int], bool]) -> None:
    solution = course.exercises["output-size"].solution
    for i, k, s, p in ALL:
        values = named(i, k, s, p)
        assert (solution.mistakes[name](values)["output_size"] == solution.key(values)["output_size"]) == right(i + 2 * p - k, s, p), values


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        pytest.param(name, percent, id=name)
        for name, percent in {
            "nearest": 72, "plus1-inside": 61, "ceil": 61, "fraction": 61, "pad-after": 55, "pad-once": 50, "kernel-ignored": 40,
            "pad-ignored": 37, "stride-ignored": 34, "same-thinking": 34, "stride-added": 33, "stride-is-gap": 17, "no-plus1": 0,
        }.items()
    ],
)  # fmt: skip
def test_how_often_a_wrong_method_is_right(course: Course, name: str, percent: int) -> None:
    solution = course.exercises["output-size"].solution
    right = sum(solution.mistakes[name](named(*sizes))["output_size"] == places(*sizes) for sizes in ALL)
    assert round(100 * right / len(ALL)) == percent  # as measured before


def test_nearest_is_always_floor_or_ceil() -> None:
    assert all(SIZE_RULES["nearest"](*sizes) in (places(*sizes), SIZE_RULES["ceil"](*sizes)) for sizes in ALL)


# Follow-through


@pytest.mark.parametrize(
    ("padded", "sizes", "expected"),
    [
        pytest.param(7, (6, 3, 2, 1), None, id="easier-nothing-left-to-round"),
        pytest.param(8, (6, 3, 2, 1), 3, id="the-right-padded-size"),
        pytest.param(6, (6, 3, 2, 1), 2, id="padding-forgotten-still-a-remainder"),
        pytest.param(8, (7, 3, 2, 1), 3, id="padding-once"),
        pytest.param(5, (6, 3, 2, 1), None, id="smaller-than-the-input"),
        pytest.param(9, (6, 3, 2, 1), None, id="larger-than-the-padded-input"),
        pytest.param(-8, (6, 3, 2, 1), None, id="negative"),
        pytest.param(10**9, (6, 3, 2, 1), None, id="huge"),
        pytest.param(4, (4, 5, 1, 1), None, id="the-kernel-no-longer-fits"),
        pytest.param((8, 8), (6, 3, 2, 1), None, id="two-numbers-for-one"),
        pytest.param(8, ((6, 6), 3, 2, 1), None, id="one-number-for-two"),
        pytest.param((8, 8), ((7, 8), 3, 2, 1), (3, 3), id="per-axis"),
        pytest.param((8, 9), ((7, 8), 3, 2, 1), None, id="easier-on-one-axis"),
    ],
)
def test_carrying_an_earlier_answer_on(course: Course, padded: Any, sizes: tuple[Any, ...], expected: Any) -> None:
    follow = course.exercises["output-size"].solution.follow["output_size"]
    if expected is None:
        with pytest.raises(Implausible):
            follow.function(padded_size=padded, **named(*sizes))
    else:
        assert follow.function(padded_size=padded, **named(*sizes)) == expected


# The formula


def test_the_formula_s_key_is_counted_at_every_point(course: Course) -> None:
    key = course.exercises["size-formula"].expect({}).key["output_size"]
    assert isinstance(key, Formula)
    assert len(key.points) > 500
    assert any(k == i + 2 * p for i, k, s, p in key.points), "a kernel as large as the padded input"
    assert any((s, p) == (1, 0) for i, k, s, p in key.points), "stride 1 without padding"
    assert key.values == tuple(places(*point) for point in key.points)
    assert values_at(key.text, key.names, key.points) == key.values


def _numbers(text: str, names: tuple[str, ...], points: tuple[tuple[int, ...], ...]) -> tuple[int | Fraction, ...]:
    return tuple(value for value in values_at(text, names, points) if value is not None)


@pytest.mark.parametrize("name", SIZE_RULES)
def test_wrong_formulas_equal_domain_s_rules_and_differ_from_the_key(course: Course, name: str) -> None:
    expected = course.exercises["size-formula"].expect({})
    key = expected.key["output_size"]
    assert isinstance(key, Formula)
    rounded, *unrounded = (_numbers(reading.text, key.names, key.points) for reading in expected.mistakes[name]["output_size"] if isinstance(reading, Formula))
    assert rounded == tuple(SIZE_RULES[name](*point) for point in key.points)
    assert rounded != key.values
    for reading in unrounded:
        # The same method with the division left open: it differs only by what rounding down takes away.
        assert all(0 <= value - whole < 1 for value, whole in zip(reading, rounded, strict=True))
        assert reading not in (rounded, key.values)


# What cannot be computed


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        pytest.param((5, 8, 1, 1), "torch refuses these values: Calculated padded input size per channel: (7). Kernel size: (8).", id="kernel-too-large"),
        pytest.param(
            (5, [3, 9], 1, 0), "torch refuses these values: Calculated padded input size per channel: (5). Kernel size: (9).", id="kernel-too-large-on-one-axis"
        ),
        pytest.param((5, 3, 0, 0), "torch refuses these values: non-positive stride is not supported", id="stride-0"),
        pytest.param((5, 3, -1, 0), "torch refuses these values: non-positive stride is not supported", id="stride-negative"),
        pytest.param((5, 3, 1, -1), "torch refuses these values: negative padding is not supported", id="padding-negative"),
        pytest.param((5, 0, 1, 0), "torch refuses these values: kernel size should be greater than zero", id="kernel-0"),
        pytest.param((0, 1, 1, 1), "torch refuses these values: ", id="input-0"),
        pytest.param((-5, 1, 1, 9), "torch refuses these values: ", id="input-negative"),
        pytest.param((10**6 + 1, 3, 1, 0), "input_size: 1000001 is beyond ±1000000; give a smaller number", id="input-beyond"),
        pytest.param((10**30, 3, 1, 0), f"input_size: 1{'0' * 29} is beyond ±1000000; give a smaller number", id="input-beyond-int64"),
    ],
)
def test_sizes_that_are_refused(course: Course, sizes: tuple[Any, ...], message: str) -> None:
    with pytest.raises(GivenError) as caught:
        course.exercises["output-size"].expect(named(*sizes))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("i", "k"), [(5, 6), (5, 0), (0, 1), (5, -1), (-5, 1)])
def test_basic_sizes_that_are_refused(course: Course, i: int, k: int) -> None:
    with pytest.raises(GivenError, match="torch refuses these values"):
        course.exercises["output-size-basic"].expect({"input_size": i, "kernel_size": k})


def test_the_largest_sizes_are_exact(course: Course) -> None:
    assert course.exercises["output-size"].expect(named(10**6, 3, 1, 10**6)).key == {"padded_size": 3_000_000, "output_size": 2_999_998}
