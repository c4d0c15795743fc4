"""What the tests of this room share: the course that ships, pinned variants, drawn ones, and one call that marks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.course.course import Assignment, Course, Entry, load_course
from grader.course.exercise import Exercise
from grader.course.policies import Policies
from grader.course.values import GivenError
from grader.marking.grade import grade
from grader.marking.record import PartGrade, Record, SlotGrade
from grader.marking.slot import grade_slot, variant_of
from grader.marking.submission import Submission, read_submission
from grader.text import both
from grader.variants.draw import broken_rule, draw_given
from grader.variants.stream import Stream, stream_key
from grader.variants.variant import Sheet, Variant

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
EXERCISES = ("one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding", "output-size", "size-formula")


@lru_cache(maxsize=1)
def course() -> Course:
    return load_course(ROOT)


def exercise(name: str) -> Exercise:
    return course().exercises[name]


def mark(name: str, given: Mapping[str, Any], answers: Any) -> SlotGrade:
    """The grade of one slot: `answers` is a mapping of parts, or the answer to the only part."""
    return grade_slot(variant_of(exercise(name), given), answers)


def mark_one(name: str, given: Mapping[str, Any], answer: Any, part: str | None = None) -> PartGrade:
    """The grade of one part; the others are left blank."""
    found = mark(name, given, answer if part is None else {part: answer})
    return found.parts[-1] if part is None else next(grade for grade in found.parts if grade.part == part)


def pinned(slots: Mapping[str, tuple[str, Mapping[str, Any]]], *, policies: Policies | None = None, **about: Any) -> Sheet:
    """Ada's sheet of an assignment `samples` with these slots: name → (exercise, given); each is worth its exercise's points."""
    entries = tuple(Entry(exercise=exercise(name), slots=(slot,), points=exercise(name).points, given=given) for slot, (name, given) in slots.items())
    assignment = Assignment(id="samples", title=both("Samples"), entries=entries, policies=policies or Policies(), **about)
    variants = tuple(Variant(slot, exercise(name), given, exercise(name).points) for slot, (name, given) in slots.items())
    return Sheet(course(), assignment, "ada", 1, variants)


def hand_in(sheet: Sheet, raw: bytes | str, form: str = "yaml", **about: Any) -> Record:
    """The record of Ada's file."""
    body = raw.encode() if isinstance(raw, str) else raw
    return grade(sheet, read_submission(body, form, "ada"), graded_at=NOW, **about)


def answered(sheet: Sheet, answers: Mapping[str, Any], **about: Any) -> Record:
    """The record of Ada's answers, as a line of `--from` would hold them."""
    details = {name: about.pop(name) for name in ("submitted_at", "file_time", "given", "signature") if name in about}
    submission = Submission(digest="sha256:0", student="ada", answers=answers, sheet=sheet.id, **details)
    return grade(sheet, submission, graded_at=NOW, **about)


def drawn(name: str, count: int, purpose: str = "test") -> Iterator[dict[str, Any]]:
    """Given as the exercise draws it, luck included: only `where` is kept, nothing is sorted out for separation."""
    found = exercise(name)
    for number in range(count):
        given = draw_given(found, Stream(stream_key(purpose.encode(), found.draw_version, name), number))
        if broken_rule(found, given) is None:
            try:
                found.expect(given)
            except GivenError:
                continue
            yield given


def with_policies(sheet: Sheet, policies: Policies, **about: Any) -> Sheet:
    return replace(sheet, assignment=replace(sheet.assignment, policies=policies, **about))


def as_json(value: Any) -> Any:
    """An answer in the form JSON has for it: fractions as `"p/q"`, vectors as lists."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return [as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def dumped(record: Record) -> str:
    """A record as a line of JSON; raises where it holds anything JSON has no word for."""
    return json.dumps(record.to_json(), allow_nan=False, ensure_ascii=False)


def told(*values: Any) -> tuple[Any, ...]:
    """Values side by side, to compare in one row: a credit may then be written as 0 or 1."""
    return values
