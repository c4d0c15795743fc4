"""What a regrade changes, as text for a terminal: per student and part, and how the grades move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.classroom.regrading import Change, PartChange, Regraded, Seen
from grader.course.points import number
from grader.marking.outline import Outline
from grader.marking.record import Status
from grader.text import visible


@dataclass(slots=True)
class Totals:
    """How the grades of an assignment move: a few sums, whatever the number of students."""

    students: int = 0
    hand_ins: int = 0  # … whose record changes
    changed: int = 0  # students with such a hand-in
    up: int = 0
    down: int = 0
    failed: int = 0  # hand-ins on which the grader failed now; their old records stand
    graded: tuple[int, int] = (0, 0)  # students with a grade, before and after
    points: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))

    def add(self, student: Regraded) -> None:
        self.students += 1
        self.hand_ins += sum(not change.stands for change in student.changes)
        self.failed += sum(change.stands for change in student.changes)
        self.changed += any(not change.stands for change in student.changes)
        old, new = student.old or Fraction(0), student.new or Fraction(0)
        self.up += new > old
        self.down += new < old
        self.graded = (self.graded[0] + (student.old is not None), self.graded[1] + (student.new is not None))
        self.points = (self.points[0] + old, self.points[1] + new)

    @property
    def mean(self) -> tuple[float | None, float | None]:
        """Of those who have a grade."""
        old, new = (float(points / count) if count else None for points, count in zip(self.points, self.graded, strict=True))
        return old, new

    def to_json(self) -> dict[str, Any]:
        old, new = (None if mean is None else round(mean, 6) for mean in self.mean)
        counts = {"students": self.students, "changed": self.changed, "hand_ins": self.hand_ins, "up": self.up, "down": self.down, "failed": self.failed}
        return {**counts, "mean": {"old": old, "new": new}}


def student_text(student: Regraded) -> str:
    """One student: the grade that counts, and below it each hand-in that changes."""
    grade = _arrow(_points(student.old), _points(student.new)) if student.old != student.new else f"stays at {_points(student.new)}"
    return "\n".join([f"{visible(student.student)}: {grade}", *(line for change in student.changes for line in _change(change))])


def totals_text(totals: Totals) -> str:
    if not totals.changed:
        return f"nothing changes: {_count(totals.students, 'student')} graded again"
    old, new = ("–" if mean is None else f"{mean:.2f}" for mean in totals.mean)
    same = totals.changed - totals.up - totals.down
    return (
        f"{totals.changed} of {_count(totals.students, 'student')} change ({_count(totals.hand_ins, 'record')}): "
        f"{totals.up} up, {totals.down} down, {same} with the same grade; mean {_arrow(old, new)}"
    )


def _change(change: Change) -> Iterator[str]:
    old, new = change.old, change.new
    if change.stands:
        yield f"  attempt {old.attempt if old else new.attempt}: the grader failed on it now, so the record stands as it is: {visible(new.notes[0].en, 300) if new.notes else 'see `grader verify`'}"
        return
    heads = list(_heads(old, new))
    heads = heads or ([] if change.parts else ["only words differ"])
    yield f"  attempt {new.attempt}" + (f": {'; '.join(heads)}" if heads else "")
    yield from (f"    {visible(part.slot, 40)}.{visible(part.part, 40)}: {'; '.join(_part(part))}" for part in change.parts)


def _heads(old: Outline | None, new: Outline) -> Iterator[str]:
    """What differs around the answers."""
    if old is None:
        yield f"new record, {new.status}, {number(new.score)}"
        return
    if old.status is not new.status:
        yield _arrow(str(old.status), str(new.status))
    if old.attempt != new.attempt:
        yield f"counted as attempt {_arrow(str(old.attempt), str(new.attempt))}"
    if old.score != new.score:
        yield f"{_arrow(_points(old.score), _points(new.score))} points"
    before, after = dict(old.adjustments), dict(new.adjustments)
    for kind in dict.fromkeys([*before, *after]):
        if before.get(kind) != after.get(kind):
            yield f"{kind} {_arrow(_points(before.get(kind, Fraction(0))), _points(after.get(kind, Fraction(0))))}"
    if old.flags != new.flags:
        yield f"flags {_arrow(' '.join(old.flags) or 'none', ' '.join(new.flags) or 'none')}"
    if new.status is not Status.GRADED and old.notes != new.notes and new.notes:
        yield visible(new.notes[0].en, 200)


def _part(part: PartChange) -> Iterator[str]:
    old, new = part.old, part.new
    if old is None or new is None:
        seen = old or new
        yield f"{'was' if new is None else 'new:'} {_seen(seen)}" if seen else ""
        return
    if old.points != new.points:
        yield f"{_arrow(_points(old.points), _points(new.points))} points"
    if old.verdict != new.verdict:
        yield _arrow(old.verdict, new.verdict)
    if old.mistakes != new.mistakes:
        yield f"mistakes {_arrow(_names(old.mistakes), _names(new.mistakes))}"
    if old.key != new.key:
        yield f"key {_arrow(_value(old.key), _value(new.key))}"


def _seen(seen: Seen) -> str:
    return f"{_points(seen.points)} points, {seen.verdict}" + (f", {_names(seen.mistakes)}" if seen.mistakes else "")


def _names(mistakes: tuple[str, ...]) -> str:
    return visible(", ".join(mistakes), 100) or "none"


def _value(key: Any) -> str:
    return visible(key if isinstance(key, str) else json.dumps(key, separators=(",", ":")), 60)


def _points(points: Fraction | None) -> str:
    return "no grade" if points is None else f"{number(points)}"


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
