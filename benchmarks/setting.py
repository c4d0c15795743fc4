"""How large a run is, and where it may write."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process import PYTHON, run

ASSIGNMENT = "lesson1"


@dataclass(frozen=True, slots=True)
class Setting:
    """A full run, or a quick one that only shows that everything works."""

    quick: bool
    folder: Path  # a temporary one

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

    def handed_in(self) -> Path:
        """A trial course whose students have all handed in, as JSON, as YAML and as lines; made once a run."""
        course = self.folder / "course"
        if not course.exists():
            run([PYTHON, "-m", "benchmarks.sheets", course, str(self.students)])
        return course


def as_issued(course: Path) -> None:
    """Puts the store back to where sheets are issued and nothing is graded."""
    for name in ("grades.db-wal", "grades.db-shm"):
        (course / name).unlink(missing_ok=True)
    shutil.copyfile(course / "issued.db", course / "grades.db")


def measured(module: str, *arguments: str | Path) -> dict[str, Any]:
    """What a program of this folder, in a process of its own, printed as JSON."""
    found: dict[str, Any] = json.loads(run([PYTHON, "-m", f"benchmarks.{module}", *arguments]).out)
    return found
