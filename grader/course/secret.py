"""The course secret: what makes one student's numbers theirs. Never printed, never in a sheet, never in git."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from grader.course.faults import CourseError, Fault

FILE = ".grader-secret"
VARIABLE = "GRADER_SECRET"
MIN_LENGTH = 16
NO_SECRET = f"set {VARIABLE}, run `grader init` for a new course, or declare `public_seed:` in course.yaml for practice"


def make_secret(folder: Path) -> Path:
    """Writes a new secret that only its owner may read. Raises FileExistsError: there is one, and it stays."""
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path


def find_secret(folder: Path, public_seed: str | None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The secret of a course: its public seed where it declares one, else `GRADER_SECRET`, else the file `.grader-secret`.

    Raises:
        CourseError: there is none, or it is too short.
    """
    if public_seed is not None:
        # Told apart from every secret, so that publishing a seed never reveals one.
        return b"public:" + public_seed.encode()
    path = folder / FILE
    if VARIABLE in environment:
        secret, place = environment[VARIABLE].strip(), f"the variable {VARIABLE}"
    elif path.is_file():
        secret, place = path.read_text(encoding="utf-8", errors="replace").strip(), FILE
    else:
        raise CourseError([Fault(FILE, 1, 1, "", "this course has no secret, so nobody's numbers can be drawn", NO_SECRET)])
    if len(secret) < MIN_LENGTH:
        raise CourseError([Fault(FILE, 1, 1, "", f"the secret in {place} has fewer than {MIN_LENGTH} characters", "use a longer one")])
    return secret.encode()
