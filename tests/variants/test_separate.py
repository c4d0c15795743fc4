"""Separation: a right answer means the right method, and wrong methods are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.variants.separate import draw_group, draw_single, gives_key, separation, showable
from grader.variants.stream import stream_key
from tests.conftest import ROOT

SINGLE = ["one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding", "output-size", "size-formula"]


def key(*purpose: str | int) -> bytes:
    return stream_key(b"separation of the tests", *purpose)


def size(exercise: Exercise, *numbers: int) -> Expected:
    return exercise.expect(dict(zip(("input_size", "kernel_size", "stride", "padding"), numbers, strict=True)))


@pytest.mark.parametrize("name", SINGLE)
def test_no_wrong_method_gives_the_key_of_a_drawn_variant(course: Course, name: str) -> None:
    exercise = course.exercises[name]
    applied: set[str] = set()
    for number in range(60):
        expected = draw_single(exercise, key(name, number)).expected
        for mistake, answers in expected.mistakes.items():
            applied.add(mistake)
            if mistake not in exercise.may_coincide:
                assert answers, f"{mistake} applies, so it has to get something wrong"
                assert all(expected.key[part] not in readings for part, readings in answers.items()), f"{mistake} gives the key of {expected.values}"
    assert applied >= set(exercise.mistakes) - {"hw-swapped"}, "each wrong method applies to some variant, or it could never be recognised"


def test_only_nearest_and_plus1_inside_may_coincide_with_the_key() -> None:

    allowed = {path.stem: line for path in (ROOT / "exercises").glob("*.yaml") for line in path.read_text().splitlines() if line.startswith("may_coincide")}
    assert allowed == {"output-size": "may_coincide: [nearest, plus1-inside]"}


def answers_of(expected: Expected, mistake: str) -> Mapping[str, Any]:
    """What a student with this wrong method writes: the key where it does not apply. Worked out here, not by the engine."""
    wrong = expected.mistakes.get(mistake, {})
    return {part: wrong.get(part, (right,)) for part, right in expected.key.items()}


@pytest.mark.parametrize("count", [4, 5])
def test_slots_drawn_together_show_every_wrong_method_and_tell_all_apart(course: Course, count: int) -> None:
    exercise = course.exercises["output-size"]
    mistakes = [name for name in exercise.mistakes if name != "hw-swapped"]  # a square has no height and width to swap
    for number in range(25):
        group = [candidate.expected for candidate in draw_group(exercise, key("group", count, number), count)]
        assert len({str(expected.values) for expected in group}) == count, "no question twice"
        answers = {name: [answers_of(expected, name) for expected in group] for name in mistakes}
        right = [{part: (value,) for part, value in expected.key.items()} for expected in group]
        assert [name for name in mistakes if answers[name] == right] == []
        assert [pair for pair in combinations(mistakes, 2) if answers[pair[0]] == answers[pair[1]]] == []


def test_every_candidate_of_a_group_is_fit_for_a_slot_of_its_own(course: Course) -> None:
    exercise = course.exercises["output-size"]
    for candidate in draw_group(exercise, key("members"), 4):
        assert not [name for name in candidate.expected.mistakes if name not in exercise.may_coincide and gives_key(candidate.expected, name)]


def test_a_draw_is_the_same_every_time(course: Course) -> None:
    exercise = course.exercises["output-size"]
    assert draw_single(exercise, key("again")).given == draw_single(exercise, key("again")).given
    assert [one.given for one in draw_group(exercise, key("again"), 4)] == [one.given for one in draw_group(exercise, key("again"), 4)]


@pytest.mark.parametrize("name", SINGLE)
def test_everything_an_exercise_recognises_can_be_shown(course: Course, name: str) -> None:
    exercise = course.exercises[name]
    found = showable(exercise)
    assert found.shown == set(exercise.mistakes) - {"hw-swapped"}
    assert found.hidden == frozenset()
    assert found.together == frozenset()


# What separation says, by examples worked out by hand


def test_the_page_s_own_example_hides_padding_once(course: Course) -> None:
    # (6, k3, s2, p1): n = 5, L = 1. One-sided padding, the 1 inside, and ceil(i / s) all give the right 3.
    expected = size(course.exercises["output-size"], 6, 3, 2, 1)
    assert expected.key == {"padded_size": 8, "output_size": 3}
    found = separation([expected])
    assert {"plus1-inside"} <= found.hidden
    assert gives_key(expected, "pad-once"), "its output size is right by luck, though its padded size is not"
    assert "ceil" in found.shown


def test_two_wrong_methods_with_one_answer_are_together(course: Course) -> None:
    # (8, k3, s2, p1): n = 7, L = 1. ceil and nearest (3.5 is rounded up) both give 5.
    found = separation([size(course.exercises["output-size"], 8, 3, 2, 1)])
    assert ("ceil", "nearest") in found.together


def test_a_second_question_tells_them_apart(course: Course) -> None:
    exercise = course.exercises["output-size"]
    # (9, k3, s3, p1): n = 8, L = 2; (8, k3, s3, p1): n = 7, L = 1, nearest rounds down where ceil rounds up.
    two = separation([size(exercise, 8, 3, 2, 1), size(exercise, 8, 3, 3, 1)])
    assert ("ceil", "nearest") not in two.together
    assert "nearest" in two.shown


def test_a_method_that_does_not_apply_gives_the_key_there(course: Course) -> None:
    exercise = course.exercises["output-size"]
    whole, left_over = size(exercise, 7, 3, 2, 1), size(exercise, 8, 3, 2, 1)
    assert "ceil" not in separation([whole]).shown | separation([whole]).hidden, "nothing is left to round"
    assert "ceil" in separation([whole, left_over]).shown


def test_three_questions_of_pooling_show_every_wrong_method_of_their_level(course: Course) -> None:
    """A last window that is dropped is the rarest of what they have to show, and has to be drawn for everyone."""
    exercise = course.exercises["pool-size"].at(3)
    for number in range(60, 80):
        group = [candidate.expected for candidate in draw_group(exercise, stream_key(b"last window", number), 3)]
        assert separation(group).shown == set(exercise.mistakes), number
