"""Makes a class of any size that has handed in: `python -m benchmarks.large_class FOLDER STUDENTS KEPT`.

Everybody's sheet is drawn, signed and recorded in the store as issued, as `grader issue` does it, but in a process
for each core and without a file for each student; answers are those of `grader simulate`, one line a student. No two
students share anything but the chance of the draw. What took long to make lies in KEPT afterwards (the lines, and the
store with all that was issued) and is used again as long as sheets would be drawn the same. FOLDER is the course to
grade in, laid out anew each time, so that its exercises and solutions are today's.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.machine import cores
from benchmarks.setting import ASSIGNMENT
from benchmarks.sheets import SEED, answered
from grader import __version__
from grader.classroom.issuing import check_rules
from grader.classroom.simulate import habits
from grader.classroom.store import Store, key_rows, sheet_row
from grader.classroom.tables import SCHEMA
from grader.classroom.trial import lay_out_trial
from grader.course.bank import bank_folder
from grader.course.course import Assignment, Course, load_course
from grader.course.secret import find_secret
from grader.variants.sheet import sheet_json
from grader.variants.variant import draw_sheet

CHUNK = 50  # students whose sheets one process makes at a time
LINES, ISSUED = "class.jsonl", "issued.db"


def main(folder: Path, students: int, kept: Path) -> None:
    lay_out_trial(bank_folder(), folder, students, SEED)
    course, assignment, _ = _trial(folder)
    home = kept / f"{students}-{_digest(course, assignment)}"
    seconds = None if home.is_dir() else _make(course, assignment, home)
    slots = sum(len(entry.slots) for entry in assignment.entries)
    print(json.dumps({"slots": slots, "lines": str(home / LINES), "issued": str(home / ISSUED), "seconds": seconds}))


def _make(course: Course, assignment: Assignment, home: Path) -> float:
    """Makes the class into a folder that is whole or not there; how many seconds that took."""
    start = time.perf_counter()
    everyone = list(course.roster or {})
    chunks = [everyone[first : first + CHUNK] for first in range(0, len(everyone), CHUNK)]
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="unfinished-") as temporary:
        unfinished = Path(temporary) / home.name
        unfinished.mkdir()
        with (
            Store(f"sqlite:///{ISSUED}", unfinished, course.id) as store,
            (unfinished / LINES).open("w", encoding="utf-8") as lines,
            ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool,
        ):
            check_rules(assignment, store)
            for rows, known, written in pool.map(_handed_in, [course.folder] * len(chunks), chunks):
                store.add_sheets(rows, known)
                lines.writelines(written)
        # The last connection to close leaves everything in the one file; a journal beside it would be lost in a copy.
        if (unfinished / f"{ISSUED}-wal").exists():
            raise RuntimeError(f"{unfinished / ISSUED} was not closed: its journal is still there")
        unfinished.rename(home)
    return time.perf_counter() - start


def _handed_in(folder: Path, students: Sequence[str]) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[str]]:
    """What the store keeps of these students' sheets (with their keys), and the lines they hand in."""
    course, assignment, secret = _trial(folder)
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in assignment.entries}
    now = datetime.now(UTC)
    submitted_at = (assignment.due or now).isoformat()
    rows: list[dict[str, Any]] = []
    known: list[dict[str, str]] = []
    lines: list[str] = []
    for own in habits(students, names, SEED):
        sheet = draw_sheet(course, assignment, own.student, 1, secret)
        rows.append(sheet_row(sheet, now, secret))
        known += key_rows(sheet)
        filled = {**sheet_json(sheet, sheet.signature(secret)), "answers": answered(sheet, own), "submitted_at": submitted_at}
        lines.append(json.dumps(filled, ensure_ascii=False) + "\n")
    return rows, known, lines


@lru_cache(maxsize=1)
def _trial(folder: Path) -> tuple[Course, Assignment, bytes]:
    course = load_course(folder)
    return course, course.assignment(ASSIGNMENT), find_secret(folder, course.public_seed)


def _digest(course: Course, assignment: Assignment) -> str:
    """Of all that decides what is issued and handed in; where it changes, a kept class is left alone and another made."""
    entries = [
        [entry.exercise.id, entry.exercise.draw_version, entry.exercise.rules, entry.exercise.digest, entry.slots, entry.given, list(entry.exercise.mistakes)]
        for entry in assignment.entries
    ]
    about = [__version__, SCHEMA, SEED, course.id, assignment.id, assignment.due, entries]
    return hashlib.sha256(json.dumps(about, default=str).encode()).hexdigest()[:12]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
