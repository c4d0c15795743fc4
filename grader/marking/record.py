"""The record: the whole outcome of one submission. Every report, table and export is a view of it.

docs/formats.md has every key, its type, and when it is null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.course.points import exact, number, total
from grader.text import Text

VERSION = 1
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # as `json.dumps` does, which makes an encoder each time
quoted = json.encoder.encode_basestring
_PLAIN = re.compile(r"(?:[-0-9\[\], ]+|True|False|None)*")


def _dumps(value: Any) -> str:
    """A value as JSON text. Integers, truth values and lists of them are written as Python writes them, which takes a quarter of the time."""
    if type(value) is list or type(value) is int or value is None:
        text = repr(value)
        if _PLAIN.fullmatch(text):
            return text.replace("True", "true").replace("False", "false").replace("None", "null")
    return _encoded(value)


class Verdict(StrEnum):
    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    BLANK = "blank"
    INVALID = "invalid"  # cannot be read as an answer of that kind
    UNGRADED = "ungraded"  # the grader failed, not the student: a person looks


class Status(StrEnum):
    GRADED = "graded"
    REFUSED = "refused"  # the file cannot be a submission; the notes say why
    FAILED = "failed"  # the grader's own fault


class Flag(StrEnum):
    """What a person should look at. Nothing is taken off for a flag."""

    NOT_THEIRS = "not-theirs"  # the sheet is another student's
    NOT_ON_ROSTER = "not-on-roster"
    WRONG_SHEET = "wrong-sheet"  # the sheet is another assignment's or course's
    TAMPERED = "tampered"  # given or signature differ from what was issued; marked against what was issued
    UNKNOWN_SLOT = "unknown-slot"
    UNKNOWN_PART = "unknown-part"
    NO_SHEET_LINE = "no-sheet-line"
    LATE_BY_FILE_TIME = "late-by-file-time"  # only the file's own time says that it is late
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    TOO_EARLY = "too-early"
    ANSWERED_TWICE = "answered-twice"  # a notebook has several answer cells for a question, and they differ
    ALTERED_FILES = "altered-files"  # in a student's repository, files beside the answers are not as they were given out
    UNVERIFIED = "unverified"  # practice: marked without the secret, on the numbers that lie beside the answers


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGrade:
    """What one student earned on one part, and why."""

    part: str
    verdict: Verdict
    credit: Fraction  # 0 <= credit <= 1
    possible: Fraction  # points a full answer earns
    answer: Any  # as JSON: a number, "p/q", nested lists, text; None where blank
    read_as: str | None
    key: Any
    mistakes: tuple[str, ...]  # every wrong method that leads to this answer, likeliest first
    cells: Any  # nested lists of bools: which cells are right; None where the shape differs or nothing has cells
    feedback: Text  # what was seen, in the student's numbers; never the key
    run: Mapping[str, Any] | None = None  # of code: how it was confined, and what came of each group of cases

    @property
    def points(self) -> Fraction:
        over, under = self.credit.as_integer_ratio()
        return self.possible if over == under else self.credit * self.possible if over else self.credit

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "verdict": str(self.verdict),
            "credit": number(self.credit),
            "points": number(self.points),
            "possible": number(self.possible),
            "answer": self.answer,
            "read_as": self.read_as,
            "key": self.key,
            "mistakes": list(self.mistakes),
            "cells": self.cells,
            "feedback": self.feedback.to_json(),
        } | ({} if self.run is None else {"run": self.run})

    @property
    def text(self) -> str:
        """This as JSON text, as `_dumps` writes `to_json`; put together here, since that takes half the time."""
        read_as = "null" if self.read_as is None else quoted(self.read_as)
        mistakes = ", ".join(map(quoted, self.mistakes))
        run = "" if self.run is None else f', "run": {_dumps(self.run)}'
        return (
            f'{{"part": {quoted(self.part)}, "verdict": "{self.verdict}", "credit": {number(self.credit)}, "points": {number(self.points)}, '
            f'"possible": {number(self.possible)}, "answer": {_dumps(self.answer)}, "read_as": {read_as}, "key": {_dumps(self.key)}, '
            f'"mistakes": [{mistakes}], "cells": {_dumps(self.cells)}, '
            f'"feedback": {{"en": {quoted(self.feedback.en)}, "zh": {quoted(self.feedback.zh)}}}{run}}}'
        )


@dataclass(frozen=True, kw_only=True)
class SlotGrade:
    slot: str
    exercise: str
    variant: str
    possible: Fraction
    parts: tuple[PartGrade, ...]

    @cached_property
    def score(self) -> Fraction:
        return total(part.points for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        return {
            "slot": self.slot,
            "exercise": self.exercise,
            "variant": self.variant,
            "score": number(self.score),
            "possible": number(self.possible),
            "parts": [part.to_json() for part in self.parts],
        }

    @cached_property
    def text(self) -> str:
        """This as JSON text. Students with the same variant and answer share one grade, and its text."""
        return (
            f'{{"slot": {quoted(self.slot)}, "exercise": {quoted(self.exercise)}, "variant": {quoted(self.variant)}, "score": {number(self.score)}, '
            f'"possible": {number(self.possible)}, "parts": [{", ".join([part.text for part in self.parts])}]}}'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A line between the marks and the score: lateness, attempts."""

    kind: str  # "late" | "attempt"
    points: Fraction  # what it changes, 0 or less
    words: Text

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "points": number(self.points), **self.words.to_json()}


@dataclass(frozen=True, kw_only=True)
class Record:
    course: str
    assignment: str
    student: str
    attempt: int
    submission: str  # "sha256:…" of what was handed in
    submitted_at: str | None
    graded_at: str
    status: Status
    possible: Fraction
    slots: tuple[SlotGrade, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    flags: tuple[Flag, ...] = ()
    notes: tuple[Text, ...] = ()

    @cached_property
    def marked(self) -> Fraction:
        """The points of the answers, before lateness and attempts."""
        return total(slot.score for slot in self.slots)

    @cached_property
    def score(self) -> Fraction:
        return max(Fraction(0), self.marked + sum((line.points for line in self.adjustments), Fraction(0)))

    def to_json(self) -> dict[str, Any]:
        return {**self._head(), "slots": [slot.to_json() for slot in self.slots]}

    @property
    def text(self) -> str:
        """This as JSON text, as `json.dumps` writes `to_json`."""
        head = _dumps(self._head())
        return f'{head[:-1]}, "slots": [{", ".join([slot.text for slot in self.slots])}]}}'

    def _head(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "course": self.course,
            "assignment": self.assignment,
            "student": self.student,
            "attempt": self.attempt,
            "submission": self.submission,
            "submitted_at": self.submitted_at,
            "graded_at": self.graded_at,
            "score": number(self.score),
            "possible": number(self.possible),
            "status": str(self.status),
            "flags": [str(flag) for flag in self.flags],
            "notes": [note.to_json() for note in self.notes],
            "adjustments": [line.to_json() for line in self.adjustments],
        }


def read_record(data: Mapping[str, Any]) -> Record:
    """A record from its JSON, for views."""
    return Record(
        course=data["course"],
        assignment=data["assignment"],
        student=data["student"],
        attempt=data["attempt"],
        submission=data["submission"],
        submitted_at=data["submitted_at"],
        graded_at=data["graded_at"],
        status=Status(data["status"]),
        possible=exact(data["possible"]),
        slots=tuple(read_slot(slot) for slot in data["slots"]),
        adjustments=tuple(Adjustment(kind=a["kind"], points=exact(a["points"]), words=Text(a["en"], a["zh"])) for a in data["adjustments"]),
        flags=tuple(Flag(flag) for flag in data["flags"]),
        notes=tuple(Text(**note) for note in data["notes"]),
    )


def read_slot(data: Mapping[str, Any]) -> SlotGrade:
    return SlotGrade(
        slot=data["slot"],
        exercise=data["exercise"],
        variant=data["variant"],
        possible=exact(data["possible"]),
        parts=tuple(
            PartGrade(
                part=part["part"],
                verdict=Verdict(part["verdict"]),
                credit=exact(part["credit"]),
                possible=exact(part["possible"]),
                answer=part["answer"],
                read_as=part["read_as"],
                key=part["key"],
                mistakes=tuple(part["mistakes"]),
                cells=part["cells"],
                feedback=Text(**part["feedback"]),
                run=part.get("run"),
            )
            for part in data["parts"]
        ),
    )
