"""A trial course on disk: a copy of a course with a simulated class, their filled-in sheets, and the truth beside them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.classroom.issuing import issue, true_sheet
from grader.classroom.recovery import truth_path
from grader.classroom.simulate import FilledPart, Habits, fill, habits, mastery
from grader.classroom.store import Store
from grader.course.course import Assignment, Course
from grader.course.faults import CourseError, Fault
from grader.course.secret import FILE
from grader.variants.sheet import sheet_json
from grader.variants.variant import Sheet

_NAMES = ("Ada", "Alan", "Emmy", "Grace", "Hua", "John", "Katherine", "Maryam", "Sofya", "王芳", "李伟", "张敏", "刘洋", "陈静", "杨帆", "赵磊")


def lay_out_trial(source: Path, out: Path, students: int, seed: int) -> None:
    """Copies a course into a new folder, with a roster of simulated students and a secret that follows from the seed.

    Raises:
        CourseError: the folder is there already and not empty.
    """
    if out.exists() and any(out.iterdir()):
        raise CourseError([Fault(str(out), 1, 1, "", "this folder is not empty", "name a new one with --out")])
    out.mkdir(parents=True, exist_ok=True)
    text = (source / "course.yaml").read_text(encoding="utf-8")
    # The trial has a roster and a store of its own: nothing simulated ever reaches the real ones.
    text = re.sub(r"(?m)^(roster|store):.*\n", "", text)
    (out / "course.yaml").write_text(text.rstrip("\n") + "\nroster: roster.csv\nstore: sqlite:///grades.db\n", encoding="utf-8")
    for part in ("exercises", "solutions"):
        shutil.copytree(source / part, out / part, ignore=shutil.ignore_patterns("__pycache__"))
    width = max(3, len(str(students)))
    with (out / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "name", "email", "section"])
        for number in range(1, students + 1):
            writer.writerow([f"sim-{number:0{width}}", _NAMES[number % len(_NAMES)], f"sim-{number:0{width}}@example.org", "AB"[number % 2]])
    descriptor = os.open(out / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as secret:
        secret.write(hashlib.sha256(f"trial {seed}".encode()).hexdigest() + "\n")


def hand_in_all(
    course: Course, assignment: Assignment, students: Sequence[str], *, store: Store, secret: bytes | None, seed: int, now: datetime
) -> Iterator[Habits]:
    """Issues every student's sheet, fills it in by their habits, and hands it in; writes `truth-ASSIGNMENT.jsonl`."""
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in assignment.entries}
    release, submitted = course.folder / "release", course.folder / "submitted"
    list(issue(course, assignment, students, store=store, secret=secret, out=release, form="yaml", attempt=1, now=now, languages=course.languages))
    due = assignment.due or now.astimezone(UTC)
    with truth_path(course.folder, assignment.id).open("w", encoding="utf-8") as truth:
        for own in habits(students, names, seed):
            sheet = true_sheet(course, assignment, own.student, 1, store, secret)
            filled = fill(sheet, own, seed)
            blank = (release / own.student / assignment.id / "answers.yaml").read_text(encoding="utf-8")
            folder = submitted / own.student / assignment.id
            folder.mkdir(parents=True, exist_ok=True)
            form, text = _written(sheet, own, filled, blank)
            (folder / f"answers.{form}").write_text(text, encoding="utf-8")
            (folder / "timestamp.txt").write_text((due + timedelta(hours=own.late_hours)).isoformat() + "\n", encoding="ascii")
            truth.write(json.dumps(_truth(own, filled, sheet), ensure_ascii=False) + "\n")
            yield own


def _written(sheet: Sheet, own: Habits, filled: Sequence[FilledPart], blank: str) -> tuple[str, str]:
    """The file this student hands in: form and text."""
    answers: dict[str, dict[str, Any]] = {}
    for found in filled:
        answers.setdefault(found.slot, {})[found.part] = found.answer
    match own.damage:
        case "empty":
            return "yaml", ""
        case "no-answers":
            return "yaml", blank.split("answers:", maxsplit=1)[0]
        case "cut-off":
            return "json", json.dumps({**sheet_json(sheet, None), "answers": answers}, ensure_ascii=False)[:-200]
        case "not-theirs":
            return "yaml", filled_in(blank, answers, own.style).replace(f"sheet: {sheet.id}", f"sheet: {sheet.course.id}/{sheet.assignment.id}/somebody-else/1")
    if own.style == "lists":
        return "json", json.dumps({**sheet_json(sheet, None), "answers": answers}, ensure_ascii=False, indent=1)
    return "yaml", filled_in(blank, answers, own.style)


def filled_in(blank: str, answers: Mapping[str, Mapping[str, Any]], style: str) -> str:
    """A YAML sheet with answers written where a student writes them: after the colons, or as rows under `|`."""
    lines: list[str] = []
    slot = ""
    head, colon, tail = blank.partition("\nslots:")
    for line in head.splitlines():
        question = re.fullmatch(r"  ([a-z0-9-]+):(?: (.*))?", line)
        row = re.fullmatch(r"    (\w+): (?:\|.*)?", line)
        if question and question[1] in answers:
            slot = question[1]
            own = answers[slot]
            written = "" if question[2] is None else f" {_flow(own)}" if question[2] else f" {_scalar(next(iter(own.values())))}"
            lines.append(f"  {slot}:{written}")
        elif row and isinstance(value := answers[slot].get(row[1]), list) and "|" in line:
            lines += [f"    {row[1]}: |", *(f"      {text}" for text in _rows(value, style))]
        elif row:
            lines.append(line if value is None else f"    {row[1]}: {_scalar(value)}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" + colon + tail


def _rows(value: list[Any], style: str) -> list[str]:
    """An array as rows of numbers, or as torch prints it."""
    deep = any(isinstance(cell, list) for row in value if isinstance(row, list) for cell in row)
    if style == "torch" or deep or not all(isinstance(row, list) for row in value):
        return ["tensor(" + json.dumps(value).replace('"', "") + ")"]
    return [" ".join(map(str, row)) for row in value]


def _flow(own: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{part}: {_scalar(value)}" for part, value in own.items()) + "}"


def _scalar(value: Any) -> str:
    return "" if value is None else json.dumps(value).replace('"', "") if isinstance(value, list) else str(value)


def _truth(own: Habits, filled: Sequence[FilledPart], sheet: Sheet) -> dict[str, Any]:
    origins: dict[str, dict[str, Any]] = {}
    for found in filled:
        origins.setdefault(found.slot, {})[found.part] = {"kind": found.origin.kind, "mistake": found.origin.mistake}
    return {
        "student": own.student,
        "mastery": round(mastery(filled, sheet), 4),
        "mistakes": own.mistakes,
        "late_hours": own.late_hours,
        "damage": own.damage,
        "answers": origins,
    }
