"""A list whose length is part of the question: what is right in it earns credit, and nothing says how long it is."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.marking.number_list import unexplained
from grader.marking.record import PartGrade
from grader.marking.slot import grade_slot, variant_of
from tests.conftest import ROOT

GIVEN = {"ask": "input_size", "output_size": 5, "kernel_size": 3, "stride": 4, "padding": 1}  # 17, 18, 19, 20


@lru_cache(maxsize=1)
def exercise() -> Exercise:
    return load_exercise(ROOT, "inverse-size")


def graded(answer: Any) -> PartGrade:
    return grade_slot(variant_of(exercise(), GIVEN), {"values": answer}).parts[0]


@pytest.mark.parametrize(
    ("answer", "verdict", "credit", "words"),
    [
        pytest.param([17, 18, 19, 20], "correct", 1, "Right.", id="all"),
        pytest.param("17, 18, 19, 20", "correct", 1, "Right.", id="as-text"),
        pytest.param("17、18、19、20", "correct", 1, "Right.", id="as-chinese-text"),
        pytest.param([20, 19, 18, 17], "partial", Fraction(3, 4), "another order than asked", id="descending"),
        pytest.param([18, 19, 20], "partial", Fraction(3, 4), "right as far as it goes, and not all", id="one-missing"),
        pytest.param([17, 18, 19, 20, 21], "partial", Fraction(3, 4), "4 of these 5 numbers are right", id="one-too-many"),
        pytest.param([16, 17, 18, 19], "partial", Fraction(1, 2), "4 numbers are right", id="one-wrong"),
        pytest.param([18], "incorrect", 0, "right as far as it goes, and not all", id="one-of-four-by-no-known-method"),
        pytest.param(list(range(1, 40)), "incorrect", 0, "4 of these 39 numbers are right", id="all-numbers-there-are"),
        pytest.param([17, 17, 18, 18, 19, 20], "partial", Fraction(1, 2), "4 of these 6 numbers are right", id="some-twice"),
        pytest.param([1, 2], "incorrect", 0, "none of these numbers is right", id="none"),
        pytest.param(["17/1", "18.5"], "incorrect", 0, "1 of these 2 numbers are right", id="a-fraction"),
        pytest.param([17], "partial", Fraction(1, 2), "others fit too", id="a-known-wrong-method-comes-first"),
        pytest.param([21, 22, 23, 24], "partial", Fraction(1, 2), "the kernel makes 5 moves", id="another-known-wrong-method"),
        pytest.param("", "blank", 0, "Nothing was filled in", id="blank"),
        pytest.param("many", "invalid", 0, "cannot be read", id="no-numbers"),
    ],
)
def test_what_a_list_earns(answer: Any, verdict: str, credit: Fraction, words: str) -> None:
    grade = graded(answer)
    assert (grade.verdict.value, grade.credit) == (verdict, credit)
    assert words in grade.feedback.en
    assert grade.feedback.zh != grade.feedback.en


def test_numbers_of_a_list_are_no_sides() -> None:
    # Two values, two answered: neither is a height or a width.
    variant = variant_of(exercise(), {**GIVEN, "stride": 2})
    grade = grade_slot(variant, {"values": [11, 12]}).parts[0]
    assert set(grade.mistakes) == {"no-plus1", "pad-ignored"}
    assert "Height" not in grade.feedback.en
    assert "高" not in grade.feedback.zh


KEYS = st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).map(sorted).map(tuple)
ANSWERS = st.lists(st.integers(0, 30), min_size=1, max_size=12).map(tuple)


@given(KEYS, ANSWERS)
def test_only_the_key_earns_all_and_its_length_is_not_told(key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    if answer == key:
        return
    credit, words = unexplained(answer, key)
    assert credit == 0 or Fraction(1, 2) <= credit < 1
    # The same answer to a longer list with the same hits is told the same: words depend on the answer alone.
    _, longer = unexplained(answer, (*key, 99))
    assert words == longer or sorted(answer) == list(key)


@given(KEYS, st.integers(40, 60))
def test_a_wrong_number_costs_as_much_as_a_right_one_earns(key: tuple[int, ...], stray: int) -> None:
    with_stray, _ = unexplained((*key, stray), key)
    without_last, _ = unexplained(key[:-1], key) if len(key) > 1 else (with_stray, None)
    assert with_stray == without_last
