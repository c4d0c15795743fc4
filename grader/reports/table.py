"""The class table and `grades.csv`: one line for each student, from records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.course.course import Assignment, Course
from grader.course.points import number
from grader.course.roster import Student
from grader.marking.outline import Outline, standings
from grader.marking.record import Status
from grader.text import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One student's line: the record that counts, or None where nothing was handed in."""

    student: Student
    record: Outline | None

    @property
    def score(self) -> Fraction | None:
        return self.record.score if self.record is not None and self.record.status is not Status.REFUSED else None


def rows(course: Course, assignment: Assignment, records: Iterable[str]) -> list[Row]:
    """A row for everyone on the roster, and for everyone else who handed something in.

    Args:
        records: as JSON texts, those of one student together, as the store gives them.
    """
    found = {standing.student: standing.outline for standing in standings(records, assignment.policies.attempts)}
    roster = dict(course.roster or {})
    return [Row(student, found.get(name)) for name, student in (roster | {name: Student(name) for name in found if name not in roster}).items()]


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


def grades_csv(assignment: Assignment, table: Sequence[Row]) -> str:
    """`grades.csv`: one line a student, points by slot. Text cells that a spreadsheet would run as formulas are quoted."""
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", "name", "email", "section", "assignment", "score", "possible", "status", "attempt", "submitted_at", "flags", *slots])
    for row in table:
        record = row.record
        by_slot: Mapping[str, Fraction] = record.points if record else {}
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
    look = [*(f"{kind} {number(points)}" for kind, points in record.adjustments), *record.flags, *record.notes]
    score = "–" if row.score is None else f"{float(row.score):.2f}"
    points = [f"{float(record.points[slot]):.2f}".rstrip("0").rstrip(".") if slot in record.points else "" for slot in slots]
    status = [] if record.status is Status.GRADED else [str(record.status)]
    return [visible(row.student.id), score, *points, str(record.attempt), visible("; ".join([*status, *look]), 100)]
