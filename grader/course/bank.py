"""The bank: the course, exercises and solutions that travel with the grader."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.course.faults import CourseError, Fault
from grader.course.secret import FILE, make_secret

_PARTS = ("course.yaml", "roster.csv", "exercises", "solutions")
_IGNORED = f"""# the secret that draws everybody's numbers, and what grading leaves behind
{FILE}
grades.db*
grades.csv
release/
submitted/
feedback/
__pycache__/
"""


def bank_folder() -> Path:
    """Where the bank lies: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "bank"
    return installed if installed.is_dir() else package.parent


def lay_out(folder: Path) -> list[Path]:
    """Copies the bank into a folder as a new course, with a secret of its own.

    Raises:
        CourseError: the folder holds a course already; nothing is changed then.
    """
    taken = [name for name in (*_PARTS, FILE) if (folder / name).exists()]
    if taken:
        raise CourseError([Fault(str(folder / taken[0]), 1, 1, "", "there is a course here already", "choose an empty folder")])
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PARTS:
        source = bank_folder() / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    make_secret(folder)
    return [folder / name for name in _PARTS]
