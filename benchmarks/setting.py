"""How large a run is, and where it may write."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process import PYTHON, run

ASSIGNMENT = "lesson1"
CODE_ASSIGNMENT = "programs"
LARGE = 50_000  # students from which on one run has to do


@dataclass(frozen=True, slots=True)
class Setting:
    """A full run, or a quick one that only shows that everything works."""

    quick: bool
    folder: Path  # a temporary one
    sizes: tuple[int, ...]  # of the classes in which growth shows
    keep: Path  # where classes lie that a later run may use again

    @property
    def runs(self) -> int:
        """Runs of what takes long."""
        return 1 if self.quick else 3

    @property
    def short_runs(self) -> int:
        """Runs of what takes a second or so."""
        return 2 if self.quick else 5

    @property
    def students(self) -> int:
        return 20 if self.quick else 1000

    def class_runs(self, students: int) -> int:
        """Runs of a class whose size counts."""
        return self.runs if students < LARGE else 1

    @property
    def middle(self) -> int:
        """Of the sizes, the one nearest to 10,000."""
        return min(self.sizes, key=lambda size: abs(size - 10_000))

    def handed_in(self) -> Path:
        """A trial course whose students have all handed in, as JSON, as YAML and as lines; made once a run."""
        course = self.folder / "course"
        if not course.exists():
            run([PYTHON, "-m", "benchmarks.sheets", course, str(self.students)])
        return course

    def large_class(self, students: int) -> LargeClass:
        """A class of this size that has handed in lines; laid out once a run, and drawn once as long as it is kept."""
        course = self.folder / f"class-{students}"
        about = course / "class.json"
        if not about.exists():
            about.write_text(json.dumps(measured("large_class", course, str(students), self.keep)), encoding="utf-8")
        found = json.loads(about.read_text(encoding="utf-8"))
        return LargeClass(course, students, found["slots"], Path(found["lines"]), Path(found["issued"]), found["seconds"])


@dataclass(frozen=True, slots=True)
class LargeClass:
    """A class that has handed in, one line a sheet."""

    course: Path
    students: int
    slots: int  # of one sheet
    lines: Path
    issued: Path  # the store with everybody's sheet and no grade
    seconds: float | None  # that making it took; None where it was kept from an earlier run

    @property
    def store(self) -> Path:
        return self.course / "grades.db"


def as_issued(course: Path, issued: Path | None = None) -> None:
    """Puts the store back to where sheets are issued and nothing is graded."""
    for name in ("grades.db-wal", "grades.db-shm"):
        (course / name).unlink(missing_ok=True)
    shutil.copyfile(issued or course / "issued.db", course / "grades.db")


def measured(module: str, *arguments: str | Path) -> dict[str, Any]:
    """What a program of this folder, in a process of its own, printed as JSON."""
    found: dict[str, Any] = json.loads(run([PYTHON, "-m", f"benchmarks.{module}", *arguments]).out)
    return found
