"""Stock nbgrader: `nbgrader autograde` over a notebook of the same ten questions, with a kernel for each student."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import PYTHON, run
from benchmarks.setting import ASSIGNMENT, Setting, measured

NBGRADER = (PYTHON, "-m", "nbgrader")
STUDENTS, QUICK_STUDENTS = 5, 3
FULL_MARKS = """
    select submitted_assignment.student_id, base_cell.name
    from grade
    join base_cell on base_cell.id = grade.cell_id
    join grade_cells on grade_cells.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    where grade.auto_score = grade_cells.max_score
"""


@dataclass(frozen=True, slots=True)
class Course:
    """A course as nbgrader wants it, its assignment generated and nothing handed in."""

    folder: Path
    environment: Mapping[str, str]
    right: Mapping[str, Sequence[str]]  # for each student, what our grader marks as wholly right

    def autograded(self, students: Sequence[str]) -> float:
        """Seconds of `nbgrader autograde` of these students' notebooks, none of which it has seen.

        Raises:
            RuntimeError: it found others right than our grader: then the two did not do the same work.
        """
        for name in ("submitted", "autograded"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for student in students:
            shutil.copytree(self.folder / "answered" / student, self.folder / "submitted" / student)
        gradebook = self.folder / "gradebook.db"
        shutil.copyfile(self.folder / "generated.db", gradebook)
        seconds = run([*NBGRADER, "autograde", ASSIGNMENT], folder=self.folder, environment=self.environment).seconds
        full: dict[str, set[str]] = defaultdict(set)
        with closing(sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True)) as grades:
            for student, question in grades.execute(FULL_MARKS):
                full[student].add(question)
        expected = {student: set(self.right[student]) for student in students}
        if differing := {student: (full[student], expected[student]) for student in students if full[student] != expected[student]}:
            raise RuntimeError(f"nbgrader and our grader find different questions right (student: nbgrader's, ours): {differing}")
        return seconds


def stock_course(setting: Setting, trial: Path) -> Course:
    """The course, with the questions of the first sheet of a trial course and the answers of some of its students."""
    folder = setting.folder / "nbgrader"
    right = measured("notebook_course", folder, str(QUICK_STUDENTS if setting.quick else STUDENTS), trial)
    course = Course(folder, environment(setting.folder / "home"), right)
    run([*NBGRADER, "generate_assignment", ASSIGNMENT], folder=folder, environment=course.environment)
    shutil.copyfile(folder / "gradebook.db", folder / "generated.db")
    return course


def environment(home: Path) -> dict[str, str]:
    """Whoever runs this has settings and files of Jupyter; they are neither read nor touched."""
    home.mkdir(exist_ok=True)
    folders = {"HOME": "", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    # nbgrader makes its database with the command `alembic`, which lies beside this Python.
    path = os.pathsep.join([str(Path(PYTHON).parent), os.environ.get("PATH", os.defpath)])
    return {**{name: str(home / part) for name, part in folders.items()}, "PATH": path}
