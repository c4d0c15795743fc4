"""Measures of many variants, against the same said in loops."""

from __future__ import annotations

from itertools import combinations

import pytest

from grader.classroom.measures import Group, never_apart
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.variants.separate import draw_group, draw_single, separation
from grader.variants.stream import stream_key


def groups_of(exercise: Exercise, size: int, count: int = 60) -> list[Group]:
    keys = [stream_key(b"measures", number) for number in range(count)]
    return [(draw_single(exercise, key),) if size == 1 else draw_group(exercise, key, size) for key in keys]


def plainly_never_apart(groups: list[Group]) -> dict[tuple[str, str], int]:
    """Pairs that apply somewhere in a group, and whose users would write the same over the whole of each such group."""
    met: dict[tuple[str, str], int] = {}
    apart = set()
    for group in groups:
        names = sorted({name for candidate in group for name in candidate.expected.mistakes})
        for one, other in combinations(names, 2):
            met[one, other] = met.get((one, other), 0) + 1
            patterns = [candidate.expected.patterns for candidate in group]
            if any(found.get(one, found[None]) != found.get(other, found[None]) for found in patterns):
                apart.add((one, other))
    return {pair: count for pair, count in met.items() if pair not in apart}


@pytest.mark.parametrize(
    ("exercise", "level", "size", "some"),
    [
        pytest.param("output-size", 1, 1, True, id="one-size-question"),
        pytest.param("output-size", 2, 1, True, id="one-size-question-with-rounding"),
        pytest.param("output-size", 2, 4, False, id="four-size-questions"),
        pytest.param("conv-array", 1, 1, False, id="arrays"),
        pytest.param("size-formula", 2, 1, False, id="nothing-drawn"),
    ],
)
def test_pairs_that_never_come_apart(course: Course, exercise: str, level: int, size: int, some: bool) -> None:
    groups = groups_of(course.exercises[exercise].at(level), size)
    found = never_apart(groups, [separation([candidate.expected for candidate in group]) for group in groups])
    expected = plainly_never_apart(groups)
    assert list(found) == sorted(expected)
    assert all(f"on all {count} draws where both apply" in found[pair] for pair, count in expected.items())
    assert bool(found) is some
