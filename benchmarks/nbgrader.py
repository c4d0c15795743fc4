"""Notebooks: stock `nbgrader autograde`, ours through the same command, ours through `grader grade` and `sync`, in turn.

Stock nbgrader takes seconds for a notebook, so a few are graded, and what a class would take is reckoned from them.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.classroom import JOBS, graded
from benchmarks.process import GRADER, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, measured
from benchmarks.stock_nbgrader import NBGRADER, environment, stock_course

STUDENTS, QUICK_STUDENTS = 100, 5
Times = tuple[float, ...]


def rows(setting: Setting) -> Iterator[Row]:
    found = setting.large_class(setting.middle)
    stock = stock_course(setting, found.course)
    few = list(stock.right)
    ours = _our_class(setting)
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(setting.runs):
        taken["sheets"].append(graded(found) / found.students)
        taken["stock, one"].append(stock.autograded(few[:1]))
        taken["stock, few"].append(stock.autograded(few))
        for who, students in (("one", ours.one), ("all", ours.everybody)):
            taken[f"ours, {who}"].append(ours.autograded(students))
            taken[f"grade, {who}"].append(ours.graded(students))
            taken[f"sync, {who}"].append(ours.synced())
    found.store.unlink()
    yield from _rows({name: tuple(times) for name, times in taken.items()}, few=len(few), students=len(ours.everybody), name=f"{found.students:,} sheets")


@dataclass(frozen=True, slots=True)
class OurClass:
    """An nbgrader course on a course of ours, everybody's notebook released and answered."""

    course: Path
    environment: Mapping[str, str]

    @property
    def everybody(self) -> list[str]:
        return sorted(path.name for path in (self.course / "nb" / "answered").iterdir())

    @property
    def one(self) -> list[str]:
        return self.everybody[:1]

    def autograded(self, students: Sequence[str]) -> float:
        """Seconds of `nbgrader autograde` of these students' notebooks, of which nothing is graded."""
        self._hand_in(students)
        return run([*NBGRADER, "autograde", ASSIGNMENT], folder=self.course / "nb", environment=self.environment).seconds

    def graded(self, students: Sequence[str]) -> float:
        """Seconds of `grader grade` of these students' notebooks, of which nothing is graded."""
        self._hand_in(students)
        command: list[str | Path] = [*GRADER, "grade", ASSIGNMENT, self.course / "nb" / "submitted", "--course", self.course, "--jobs", "1"]
        return run(command, accepted=(0, 1), environment=self.environment).seconds

    def synced(self) -> float:
        """Seconds of `grader nbgrader sync` of what was graded last.

        Raises:
            RuntimeError: not everybody who handed in has a score in nbgrader's gradebook.
        """
        seconds = run([*GRADER, "nbgrader", "sync", ASSIGNMENT, "--dir", self.course / "nb"], environment=self.environment).seconds
        with closing(sqlite3.connect(self.course / "nb" / "gradebook.db")) as book:
            (scored,) = book.execute("select count(distinct notebook_id) from grade where auto_score is not null").fetchone()
        if scored != len(list((self.course / "nb" / "submitted").iterdir())):
            raise RuntimeError(f"{scored} students have scores in nbgrader's gradebook, which are not all who handed in")
        return seconds

    def _hand_in(self, students: Sequence[str]) -> None:
        """Puts these students' notebooks where they are looked for; store and gradebook are as they were when the notebooks were handed out."""
        home = self.course / "nb"
        for name in ("autograded", "submitted"):
            shutil.rmtree(home / name, ignore_errors=True)
        for student in students:
            shutil.copytree(home / "answered" / student, home / "submitted" / student)
        for found in (home / "gradebook.db", self.course / "grades.db"):
            for beside in ("-wal", "-shm"):
                found.with_name(found.name + beside).unlink(missing_ok=True)
            shutil.copyfile(found.with_suffix(".released"), found)


def _our_class(setting: Setting) -> OurClass:
    course = setting.folder / "notebook-class"
    measured("notebook_class", course, str(QUICK_STUDENTS if setting.quick else STUDENTS))
    return OurClass(course, environment(setting.folder / "home"))


def _rows(taken: Mapping[str, Times], *, few: int, students: int, name: str) -> Iterator[Row]:
    # What one process does for all is paid once: what a notebook more costs has no start in it.
    further = _each(taken["stock, few"], taken["stock, one"], few - 1)
    reckoned = tuple(one + (students - 1) * more for one, more in zip(taken["stock, one"], further, strict=True))
    both_one, both = (tuple(a + b for a, b in zip(taken[f"grade, {n}"], taken[f"sync, {n}"], strict=True)) for n in ("one", "all"))
    by_then = f"nbgrader, {students}, reckoned"
    yield Row(name="nbgrader autograde, 1 notebook", times=taken["stock, one"], count=1, unit="notebooks")
    yield Row(name=f"nbgrader autograde, {few} notebooks", times=taken["stock, few"], count=few, unit="notebooks")
    yield Row(name="nbgrader autograde, a notebook more", times=further, count=1, unit="notebooks")
    yield Row(name=f"nbgrader autograde, {students} notebooks, reckoned", times=reckoned, count=students, unit="notebooks")
    through_nbgrader = f"ours, nbgrader autograde, {students} notebooks"
    yield Row(name=through_nbgrader, times=taken["ours, all"], count=students, unit="notebooks", beside=by_then, others=reckoned)
    more = _each(taken["ours, all"], taken["ours, one"], students - 1)
    yield Row(name="ours, nbgrader autograde, a notebook more", times=more, count=1, unit="notebooks", target="50 ms")
    yield Row(name=f"ours, grade, {students} notebooks", times=taken["grade, all"], count=students, unit="notebooks")
    yield Row(name=f"ours, sync, {students} students", times=taken["sync, all"], count=students, unit="students")
    yield Row(name=f"ours, grade and sync, {students} notebooks", times=both, count=students, unit="notebooks", beside=by_then, others=reckoned)
    yield Row(name="ours, grade and sync, a notebook more", times=_each(both, both_one, students - 1), count=1, unit="notebooks", target="5 ms")
    each = tuple(seconds / few for seconds in taken["stock, few"])
    sheet = Row(name=f"a sheet: grade, {name}, {JOBS} jobs", times=taken["sheets"], count=1, unit="sheets")
    yield replace(sheet, beside=f"nbgrader, one of {few}", others=each, target="ratio 0.001")
    yield replace(sheet, beside="nbgrader, a notebook more", others=further)


def _each(long: Sequence[float], short: Sequence[float], more: int) -> Times:
    return tuple((a - b) / more for a, b in zip(long, short, strict=True))
