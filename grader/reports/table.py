"""The class table and `grades.csv`: one line for each student, from records."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.course.course import Assignment, Course
from grader.course.roster import Student
from grader.marking.policy import kept
from grader.marking.record import Record, Status, number
from grader.text import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One student's line: the record that counts, or None where nothing was handed in."""

    student: Student
    record: Record | None
    attempts: int

    @property
    def score(self) -> Fraction | None:
        return self.record.score if self.record is not None and self.record.status is not Status.REFUSED else None


def rows(course: Course, assignment: Assignment, records: Iterable[Record]) -> list[Row]:
    """A row for everyone on the roster, and for everyone else who handed something in."""
    by_student: dict[str, list[Record]] = {}
    for record in records:
        by_student.setdefault(record.student, []).append(record)
    everyone = dict(course.roster or {}) | {s: Student(s) for s in by_student if s not in (course.roster or {})}
    return [
        Row(student, kept(by_student.get(name, ()), assignment.policies.attempts), sum(r.status is not Status.REFUSED for r in by_student.get(name, ())))
        for name, student in everyone.items()
    ]


def table_text(assignment: Assignment, table: Sequence[Row]) -> str:
    """The class table for a terminal, and what a person has to look at."""
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    head = ["student", "score", *(f"{n}" for n in range(1, len(slots) + 1)), "attempt", "look at"]
    body = [_cells(row, slots) for row in table]
    widths = [max(len(line[i]) for line in (head, *body)) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(w) if i in (0, len(head) - 1) else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True)))
        for line in (head, *body)
    ]
    legend = ", ".join(f"{n} {slot}" for n, slot in enumerate(slots, start=1))
    return "\n".join([lines[0].rstrip(), "─" * len(lines[0].rstrip()), *(line.rstrip() for line in lines[1:]), "", f"slots: {legend}"])


def summary_text(table: Sequence[Row], possible: Fraction) -> str:
    """How many, how well, and which wrong methods were seen most often."""
    scores = sorted(row.score for row in table if row.score is not None)
    if not scores:
        return "nothing is graded yet"
    mean, middle = sum(scores) / len(scores), scores[len(scores) // 2] if len(scores) % 2 else (scores[len(scores) // 2 - 1] + scores[len(scores) // 2]) / 2
    lines = [f"{len(scores)} graded of {len(table)}; mean {float(mean):.2f}, median {float(middle):.2f} of {number(possible)} points"]
    seen = mistakes(table)
    if seen:
        lines.append("commonest mistakes: " + ", ".join(f"{name} in {exercise} ({count})" for (exercise, name), count in seen.most_common(5)))
    return "\n".join(lines)


def mistakes(table: Sequence[Row]) -> Counter[tuple[str, str]]:
    """How many students showed each wrong method, by exercise; a student counts once, the likeliest name of a class."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in table:
        if row.record is not None:
            seen.update(sorted({(slot.exercise, part.mistakes[0]) for slot in row.record.slots for part in slot.parts if part.mistakes}))
    return seen


def grades_csv(assignment: Assignment, table: Sequence[Row]) -> str:
    """`grades.csv`: one line a student, points by slot. Text cells that a spreadsheet would run as formulas are quoted."""
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", "name", "email", "section", "assignment", "score", "possible", "status", "attempt", "submitted_at", "flags", *slots])
    for row in table:
        record = row.record
        by_slot: Mapping[str, Fraction] = {slot.slot: slot.score for slot in record.slots} if record else {}
        writer.writerow(
            [
                *(safe_cell(text) for text in (row.student.id, row.student.name, row.student.email, row.student.section, assignment.id)),
                "" if row.score is None else number(row.score),
                number(assignment.possible),
                record.status if record else "missing",
                record.attempt if record else "",
                (record.submitted_at or "") if record else "",
                " ".join(record.flags) if record else "",
                *(number(by_slot[slot]) if slot in by_slot else "" for slot in slots),
            ]
        )
    return out.getvalue()


def safe_cell(text: str) -> str:
    """Text as a CSV cell no spreadsheet takes for a formula (OWASP: CSV injection)."""
    shown = visible(text, 200)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def _cells(row: Row, slots: Sequence[str]) -> list[str]:
    record = row.record
    if record is None:
        return [visible(row.student.id), "–", *("" for _ in slots), "", "nothing handed in"]
    look = [f"{line.kind} {number(line.points)}" for line in record.adjustments]
    look += [*record.flags, *(note.en for note in record.notes)] if record.status is not Status.GRADED else list(record.flags)
    by_slot = {slot.slot: slot.score for slot in record.slots}
    score = "–" if row.score is None else f"{float(row.score):.2f}"
    points = [f"{float(by_slot[slot]):.2f}".rstrip("0").rstrip(".") if slot in by_slot else "" for slot in slots]
    status = [] if record.status is Status.GRADED else [str(record.status)]
    return [visible(row.student.id), score, *points, str(record.attempt), visible("; ".join([*status, *look]), 100)]
