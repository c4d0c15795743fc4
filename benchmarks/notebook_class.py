"""Makes a class whose notebooks all differ: `python -m benchmarks.notebook_class FOLDER STUDENTS`.

A trial course, an nbgrader course `nb` on it, everybody's notebook released by us, and handed in with the answers of
`grader simulate` under `nb/answered`, from where they go to `nb/submitted`.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.process import GRADER, run
from benchmarks.setting import ASSIGNMENT
from benchmarks.sheets import SEED, answered
from grader.classroom.issuing import true_sheet
from grader.classroom.simulate import habits
from grader.classroom.store import Store
from grader.classroom.trial import lay_out_trial
from grader.course.bank import bank_folder
from grader.course.course import load_course
from grader.course.secret import find_secret


def main(folder: Path, students: int) -> None:
    lay_out_trial(bank_folder(), folder, students, SEED)
    home = folder / "nb"
    run([*GRADER, "nbgrader", "init", home, "--course", folder])
    run([*GRADER, "nbgrader", "release", ASSIGNMENT, "--dir", home])
    course = load_course(folder)
    assignment = course.assignment(ASSIGNMENT)
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in assignment.entries}
    with Store(course.store, folder, course.id) as store:
        for own in habits(list(course.roster or {}), names, SEED):
            place = Path(own.student, ASSIGNMENT, f"{ASSIGNMENT}.ipynb")
            notebook = json.loads((home / "release" / place).read_text(encoding="utf-8"))
            sheet = true_sheet(course, assignment, own.student, 1, store, find_secret(folder, course.public_seed))
            _fill(notebook, answered(sheet, own))
            (home / "answered" / place).parent.mkdir(parents=True)
            (home / "answered" / place).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
            time = assignment.due.strftime("%Y-%m-%d %H:%M:%S ") + str(course.timezone) if assignment.due else ""
            (home / "answered" / place).with_name("timestamp.txt").write_text(time, encoding="ascii")
    for file in ("gradebook.db", "grades.db"):
        found = (home if file == "gradebook.db" else folder) / file
        shutil.copyfile(found, found.with_suffix(".released"))
    print("{}")


def _fill(notebook: Any, answers: Mapping[str, Mapping[str, Any]]) -> None:
    for cell in notebook["cells"]:
        own = answers.get(cell["metadata"]["nbgrader"]["grade_id"])
        if own is not None:
            cell["source"] = "\n".join([cell["source"].split("\n")[0], *(f"{part} = {answer}" for part, answer in own.items())])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
