"""A record without its answers: what tables, and the choice among attempts, need of it. Small enough for a whole class."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any

from grader.course.points import exact, number
from grader.course.policies import Attempts
from grader.marking.policy import kept
from grader.marking.record import Flag, Record, SlotGrade, Status, quoted
from grader.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One record, read straight from its JSON."""

    student: str
    attempt: int
    submission: str
    submitted_at: str | None
    graded_at: str
    status: Status
    score: Fraction
    flags: tuple[Flag, ...]
    adjustments: tuple[tuple[str, Fraction], ...]  # kind, points
    notes: tuple[Text, ...]  # empty where the record is graded: then they are the student's to read
    points: Mapping[str, Fraction]  # by slot


def read_outline(data: Mapping[str, Any]) -> Outline:
    status = Status(data["status"])
    return Outline(
        student=data["student"],
        attempt=data["attempt"],
        submission=data["submission"],
        submitted_at=data["submitted_at"],
        graded_at=data["graded_at"],
        status=status,
        score=exact(data["score"]),
        flags=tuple(map(Flag, data["flags"])),
        adjustments=tuple((line["kind"], exact(line["points"])) for line in data["adjustments"]),
        notes=() if status is Status.GRADED else tuple(Text(note["en"], note["zh"]) for note in data["notes"]),
        points={slot["slot"]: exact(slot["score"]) for slot in data["slots"]},
    )


def outline_text(record: Record) -> str:
    """A record's JSON without answers and words: what this module and the counts of mistakes read, under the same names."""
    graded = record.status is Status.GRADED
    head = json.dumps(
        {
            "student": record.student,
            "attempt": record.attempt,
            "submission": record.submission,
            "submitted_at": record.submitted_at,
            "graded_at": record.graded_at,
            "score": number(record.score),
            "status": str(record.status),
            "flags": [str(flag) for flag in record.flags],
            "adjustments": [line.to_json() for line in record.adjustments],
            "notes": [] if graded else [note.to_json() for note in record.notes],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return f'{head[:-1]},"slots":[{",".join(map(_slot_text, record.slots))}]}}'


def _slot_text(slot: SlotGrade) -> str:
    parts = ",".join(f'{{"mistakes":[{",".join(map(quoted, part.mistakes))}]}}' for part in slot.parts if part.mistakes)
    return f'{{"slot":{quoted(slot.slot)},"exercise":{quoted(slot.exercise)},"score":{number(slot.score)},"parts":[{parts}]}}'


@dataclass(frozen=True, slots=True)
class Standing:
    """How one student stands: the record that counts, if any does."""

    student: str
    outline: Outline | None
    data: Mapping[str, Any] | None  # the record that counts, as JSON; where it was read from outlines, as `outline_text` has it


def standings(records: Iterable[str], attempts: Attempts) -> Iterator[Standing]:
    """How each student stands. Records of one student stand together, as the store gives them; one student is held at a time."""
    for student, own in groupby(map(json.loads, records), key=itemgetter("student")):
        found = [(read_outline(data), data) for data in own]
        outline = kept([outline for outline, _ in found], attempts)
        data = next((data for other, data in found if other is outline), None)
        yield Standing(student, outline, data)
