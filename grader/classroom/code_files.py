"""Programs beside a sheet: `SLOT.py` in the folder of a hand-in. Other files are left alone."""

from __future__ import annotations

from pathlib import Path

from grader.course.course import Assignment
from grader.documents import read_bytes

SUFFIX = ".py"


def code_files(hand_in: Path, assignment: Assignment) -> list[Path]:
    """The files in a folder that bear the name of a slot which asks for a program. What they are, reading them shows."""
    paths = [hand_in / f"{slot}{SUFFIX}" for slot in assignment.programs]
    return [path for path in paths if path.is_symlink() or path.exists()]


def read_program(path: Path) -> bytes:
    """The bytes of a program, of a long one as many as show that it is too long.

    Raises:
        DocumentError: it is no regular file, or far too large.
    """
    from grader.sandbox.call import Limits  # brings NumPy along

    return read_bytes(path)[: Limits().source + 1]
