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
from grader.text import Text, visible
from grader.variants.given import columns

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


def table_text(assignment: Assignment, table: Sequence[Row], language: str = "en") -> str:
    """The class table for a terminal, and what a person has to look at."""
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    student, score, attempt, look = (words[language] for words in HEAD)
    head = [student, score, *(f"{n}" for n in range(1, len(slots) + 1)), attempt, look]
    body = [_cells(row, slots, language) for row in table]
    widths = [max(columns(line[i]) for line in (head, *body)) for i in range(len(head))]
    lines = ["  ".join(padded(cell, w, left=i in (0, len(head) - 1)) for i, (cell, w) in enumerate(zip(line, widths, strict=True))) for line in (head, *body)]
    legend = AND[language].join(f"{n} {slot}" for n, slot in enumerate(slots, start=1))
    return "\n".join([lines[0].rstrip(), "─" * columns(lines[0].rstrip()), *(line.rstrip() for line in lines[1:]), "", SLOTS[language] + legend])


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


def padded(cell: str, width: int, *, left: bool) -> str:
    """A cell as wide as its column; a Chinese character takes two places."""
    space = " " * (width - columns(cell))
    return cell + space if left else space + cell


def _cells(row: Row, slots: Sequence[str], language: str) -> list[str]:
    record = row.record
    if record is None:
        return [visible(row.student.id), "–", *("" for _ in slots), "", MISSING[language]]
    taken = [f"{ADJUSTED[kind][language] if kind in ADJUSTED else kind} {_short(points)}" for kind, points in record.adjustments]
    look = [*taken, *record.flags, *(note[language] for note in record.notes)]
    score = "–" if row.score is None else f"{float(row.score):.2f}"
    points = [_short(record.points[slot]) if slot in record.points else "" for slot in slots]
    status = [] if record.status is Status.GRADED else [STATUS[record.status][language]]
    return [visible(row.student.id), score, *points, str(record.attempt), visible(THEN[language].join([*status, *look]), 100)]


def _short(points: Fraction) -> str:
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


HEAD = (Text("student", "学号"), Text("score", "得分"), Text("attempt", "提交次数"), Text("look at", "请查看"))
SLOTS = Text("slots: ", "题目：")
AND, THEN = Text(", ", "、"), Text("; ", "；")
MISSING = Text("nothing handed in", "未提交")
ADJUSTED = {"late": Text("late", "迟交"), "attempt": Text("attempt", "多次提交")}
STATUS = {Status.GRADED: Text("graded", "已评分"), Status.REFUSED: Text("refused", "未接受"), Status.FAILED: Text("failed", "评分失败")}
