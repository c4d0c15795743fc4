"""How long the assignments that ship take: the table of docs/instructors.md, and the times they are made for."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from grader.course.course import Course
from grader.reports.workload import minutes_of, total_minutes, workload_table
from tests.conftest import ROOT

from .pages import section

INSTRUCTORS = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_the_course(course: Course) -> None:
    own = section(INSTRUCTORS, "How long the assignments take")
    table = workload_table(course)
    assert "\n".join(line for line in own.splitlines() if line.startswith("|")) == table, f"put this into docs/instructors.md:\n{table}"


@pytest.mark.parametrize(("name", "minutes"), [("lesson1", 30), ("lesson2", 45), ("lesson3", 45), ("lesson4", 45), ("code1", 85), ("code2", 85), ("exam", 60)])
def test_assignments_take_what_they_are_made_for(course: Course, name: str, minutes: int) -> None:
    total = total_minutes(course.assignment(name))
    assert total is not None
    assert abs(total - minutes) <= Fraction(minutes, 10)


def test_every_exercise_says_how_long_each_of_its_levels_takes(course: Course) -> None:
    silent = [(exercise.id, exercise.level) for own in course.exercises.values() for exercise in own.every_level if not exercise.minutes]
    assert silent == []


def test_harder_levels_take_no_less(course: Course) -> None:
    for exercise in course.exercises.values():
        minutes = [level.minutes or Fraction(0) for level in exercise.every_level]
        assert minutes == sorted(minutes), exercise.id


def test_slots_drawn_together_count_each_and_pinned_ones_are_not_known(course: Course) -> None:
    entry = next(entry for entry in course.assignment("lesson1").entries if len(entry.slots) == 4)
    assert minutes_of(entry) == 4 * (entry.exercise.minutes or 0)
    assert minutes_of(replace(entry, given={"input_size": 4})) is None
    assert total_minutes(course.assignment("lesson1-worked")) is None
    assert "lesson1-worked" not in workload_table(course)
