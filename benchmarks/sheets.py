"""Makes a class that has handed in: `python -m benchmarks.sheets FOLDER STUDENTS`.

Everybody's sheet is drawn, recorded in the store as issued, and filled in with the habits of `grader simulate`
(right answers, wrong methods, slips, blanks), the same answers in each form: `json/STUDENT/lesson1/answers.json`,
`yaml/STUDENT/lesson1/answers.yaml`, and `class.jsonl`. Damaged files and late ones are left out.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.setting import ASSIGNMENT
from grader.classroom.issuing import issue, true_sheet
from grader.classroom.simulate import Habits, fill, habits
from grader.classroom.store import Store
from grader.classroom.trial import filled_in, lay_out_trial
from grader.course.bank import bank_folder
from grader.course.course import load_course
from grader.course.secret import find_secret
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import Sheet

SEED = 1


def main(folder: Path, students: int) -> None:
    lay_out_trial(bank_folder(), folder, students, SEED)
    course = load_course(folder)
    assignment = course.assignment(ASSIGNMENT)
    secret = find_secret(folder, course.public_seed)
    everyone = list(course.roster or {})
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in assignment.entries}
    submitted_at = (assignment.due or datetime.now(UTC)).isoformat()
    with Store(course.store, folder, course.id) as store, (folder / "class.jsonl").open("w", encoding="utf-8") as lines:
        about: dict[str, Any] = {"store": store, "secret": secret, "out": folder / "release", "form": "json", "attempt": 1}
        list(issue(course, assignment, everyone, now=datetime.now(UTC), languages=course.languages, **about))
        sheets = [true_sheet(course, assignment, student, 1, store, secret) for student in everyone]
        for sheet, own in zip(sheets, habits(everyone, names, SEED), strict=True):
            answers = answered(sheet, own)
            signature = sheet.signature(secret)
            filled = {**sheet_json(sheet, signature), "answers": answers}
            _hand_in(folder / "json" / own.student, "answers.json", json.dumps(filled, ensure_ascii=False, indent=1), submitted_at)
            sheet_text = sheet_yaml(sheet, course.languages, signature)
            _hand_in(folder / "yaml" / own.student, "answers.yaml", filled_in(sheet_text, answers, own.style), submitted_at)
            lines.write(json.dumps({**filled, "submitted_at": submitted_at}, ensure_ascii=False) + "\n")
    shutil.copyfile(folder / "grades.db", folder / "issued.db")


def answered(sheet: Sheet, own: Habits) -> dict[str, dict[str, Any]]:
    """What a student with these habits answers, by slot and part; None where they leave it blank."""
    answers: dict[str, dict[str, Any]] = {}
    for part in fill(sheet, own, SEED):
        answers.setdefault(part.slot, {})[part.part] = part.answer
    return answers


def _hand_in(home: Path, name: str, text: str, submitted_at: str) -> None:
    folder = home / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text(submitted_at + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
