"""Records to look at: graded from answers, or made by hand where the words must not depend on marking."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.marking.grade import grade
from grader.marking.record import PartGrade, Record, SlotGrade, Status, Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.marking.submission import read_submission
from grader.reports.page import page
from grader.reports.show import show_text
from grader.text import Text
from grader.variants.variant import draw_sheet


@dataclass(frozen=True)
class View:
    """A record with what its views need beside it."""

    record: Record
    exercises: Mapping[str, Exercise]
    given: Mapping[str, Mapping[str, Any]]

    def text(self, language: str = "en", *, keys: bool = True) -> str:
        return show_text(self.record, self.exercises, self.given, language, keys=keys)

    def page(self, language: str = "en", *, keys: bool = True) -> str:
        return page(self.record, self.exercises, self.given, language, keys=keys)

    def change(self, **fields: Any) -> View:
        return replace(self, record=replace(self.record, **fields))


Mark = Callable[..., View]


def about(**fields: Any) -> Record:
    defaults: dict[str, Any] = {
        "course": "conv101",
        "assignment": "hw1",
        "student": "ada",
        "attempt": 1,
        "submission": "sha256:0",
        "submitted_at": "2026-12-01T10:00:00+08:00",
        "graded_at": "2026-12-01T10:05:00+08:00",
        "status": Status.GRADED,
        "possible": Fraction(2),
    }
    return Record(**(defaults | fields))


def part(**fields: Any) -> PartGrade:
    """A part made by hand: an unread answer of `output` unless said otherwise."""
    defaults: dict[str, Any] = {
        "part": "output",
        "verdict": Verdict.INCORRECT,
        "credit": Fraction(0),
        "possible": Fraction(2),
        "answer": None,
        "read_as": None,
        "key": None,
        "mistakes": (),
        "cells": None,
        "feedback": Text("What was seen.", "所见。"),
    }
    return PartGrade(**(defaults | fields))


@pytest.fixture
def made(course: Course) -> Mark:
    """A record of one slot with these parts, made by hand."""

    def make(exercise: str, given: Mapping[str, Any], *parts: PartGrade) -> View:
        slot = SlotGrade(slot=exercise, exercise=exercise, variant="0" * 16, possible=Fraction(2), parts=parts)
        return View(about(slots=(slot,)), course.exercises, {exercise: given})

    return make


@pytest.fixture
def mark(course: Course) -> Mark:
    """A record of one slot, marked: exercise, given, and what the student wrote."""

    def marked(exercise: str, given: Mapping[str, Any], raw: Any) -> View:
        variant = variant_of(course.exercises[exercise], given, points=Fraction(2))
        return View(about(slots=(grade_slot(variant, raw),)), course.exercises, {exercise: given})

    return marked


@pytest.fixture
def lesson(course: Course, secret: bytes) -> Mark:
    """The record of a whole sheet of the worked lesson; `sheet` as the file claims."""

    def graded(answers: Mapping[str, Any], *, sheet: str = "conv101/lesson1-worked/ada/1") -> View:
        drawn = draw_sheet(course, course.assignments["lesson1-worked"], "ada", 1, secret)
        raw = json.dumps({"sheet": sheet, "answers": answers}).encode()
        record = grade(drawn, read_submission(raw, "json", "ada"), graded_at=datetime(2026, 12, 1, tzinfo=UTC))
        return View(record, course.exercises, {variant.slot: variant.given for variant in drawn.variants})

    return graded
