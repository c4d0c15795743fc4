"""A class of notebooks that all differ: ours through `nbgrader autograde`, and through `grader grade` and `sync`.

What stock nbgrader takes for a notebook of the same questions stands in the rows of `notebooks`, of the same run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.notebooks import NBGRADER, environment
from benchmarks.process import GRADER, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, measured

STUDENTS, QUICK_STUDENTS = 100, 5


def rows(setting: Setting) -> Iterator[Row]:
    students = QUICK_STUDENTS if setting.quick else STUDENTS
    course = setting.folder / "notebook-class"
    measured("notebook_class", course, str(students))
    home = course / "nb"
    settings = environment(setting.folder / "home")
    first = min(path.name for path in (home / "submitted").iterdir())
    one, everyone, graded, synced = [], [], [], []
    for _ in range(setting.runs):
        _as_released(course)
        one.append(run([*NBGRADER, "autograde", ASSIGNMENT, f"--student={first}"], folder=home, environment=settings).seconds)
        _as_released(course)
        everyone.append(run([*NBGRADER, "autograde", ASSIGNMENT], folder=home, environment=settings).seconds)
        _as_released(course)
        command: list[str | Path] = [*GRADER, "grade", ASSIGNMENT, home / "submitted", "--course", course, "--jobs", "1"]
        graded.append(run(command, accepted=(0, 1), environment=settings).seconds)
        synced.append(run([*GRADER, "nbgrader", "sync", ASSIGNMENT, "--dir", home], environment=settings).seconds)
    both = tuple(a + b for a, b in zip(graded, synced, strict=True))
    more = tuple((a - b) / (students - 1) for a, b in zip(everyone, one, strict=True))
    yield Row(name=f"ours, nbgrader autograde, {students} notebooks", times=tuple(everyone), count=students, unit="notebooks")
    yield Row(name="ours, nbgrader autograde, a notebook more", times=more, count=1, unit="notebooks", target="50 ms")
    yield Row(name=f"ours, grade, {students} notebooks", times=tuple(graded), count=students, unit="notebooks")
    yield Row(name=f"ours, sync, {students} students", times=tuple(synced), count=students, unit="students")
    yield Row(name="ours, grade and sync", times=both, count=students, unit="notebooks", beside="ours, nbgrader autograde", others=tuple(everyone))


def _as_released(course: Path) -> None:
    """Nothing graded: the store and nbgrader's gradebook as they were when the notebooks were handed out."""
    shutil.rmtree(course / "nb" / "autograded", ignore_errors=True)
    for found in (course / "nb" / "gradebook.db", course / "grades.db"):
        for beside in ("-wal", "-shm"):
            found.with_name(found.name + beside).unlink(missing_ok=True)
        shutil.copyfile(found.with_suffix(".released"), found)
