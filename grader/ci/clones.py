"""An instructor's clones of students' repositories: what they handed in, and what in them is not as it was given out.

Nothing in a clone is run, imported or believed: the answer file is read as any hand-in, and marked against the true
variants. What was altered beside it changes no grade. It is said, so that a person can ask why.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grader.ci.repository import HOME, MANIFEST, Manifest, RepositoryError, file_digest, read_manifest
from grader.classroom.code_files import SUFFIX, code_slots
from grader.classroom.hand_ins import FORMS, HandIn, from_folder
from grader.course.course import Assignment, Course
from grader.course.faults import COURSE_BYTES
from grader.documents import DocumentError, read_bytes
from grader.text import visible

# What can steer pytest, Python or CI without being asked to.
STEERING = frozenset({"conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "sitecustomize.py", "usercustomize.py"})
WORKFLOWS = Path(".github", "workflows")
MAX_FILES = 20_000  # of one clone looked at
GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false", "-c", "safe.directory=*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """One student's clone."""

    folder: Path
    student: str
    hand_in: HandIn | None  # None: there is no answer file in it
    changes: tuple[str, ...]  # what is not as it was given out, each with its path first

    def to_json(self) -> dict[str, Any]:
        handed_in = self.hand_in.digest if self.hand_in else None
        return {"student": self.student, "folder": self.folder.name, "submission": handed_in, "changes": list(self.changes)}


def clones(folder: Path, course: Course, assignment: Assignment, secret: bytes | None) -> Iterator[Clone]:
    """Every clone in a folder, by name: `STUDENT`, or `ASSIGNMENT-STUDENT` as GitHub Classroom names them."""
    seen: dict[str, str] = {}
    answers = (*FORMS, *(f"{slot}{SUFFIX}" for slot in code_slots(assignment)))
    for home in sorted(folder.iterdir()):
        if home.is_symlink() or not home.is_dir() or home.name.startswith("."):
            continue
        student = student_of(home.name, assignment.id, course.roster)
        found = from_folder(home, student, assignment, course.timezone)
        if found is not None:
            # A `timestamp.txt` here would be the student's own.
            found = replace(found, submitted_at=commit_time(home, answers, course.timezone), file_time=False)
        twice = (f"a second clone of {visible(student, 64)}, beside {visible(seen[student], 80)}",) if student in seen else ()
        seen.setdefault(student, home.name)
        said = (*twice, *changes(home, f"{course.id}/{assignment.id}/{student}", secret))
        yield Clone(folder=home, student=student, hand_in=found, changes=said)


def student_of(name: str, assignment: str, roster: Collection[str] | None) -> str:
    """Whose clone a folder is."""
    if roster is not None and name in roster:
        return name
    return name.removeprefix(f"{assignment}-")


def changes(home: Path, owner: str, secret: bytes | None) -> Iterator[str]:
    """What in a clone is not as it was given out.

    Args:
        owner: `course/assignment/student`, whose repository it should be.
        secret: None where the course has none: then nothing proves the manifest itself.
    """
    try:
        manifest = read_manifest(home)
    except RepositoryError:
        yield f"{MANIFEST}: missing or damaged"
        return
    if manifest.sheet.rpartition("/")[0] != owner:
        yield f"{MANIFEST}: of {visible(manifest.sheet, 80)}"
    if secret is not None and not manifest.proven(secret):
        yield f"{MANIFEST}: altered, or made with another secret"
    yield from _altered(home, manifest)
    yield from _added(home, manifest)


def commit_time(home: Path, answers: Sequence[str], timezone: ZoneInfo) -> datetime | None:
    """When any of the answer files was last committed, by the commit's own account; None where git cannot say."""
    if not (home / ".git").is_dir():
        return None
    command = [*GIT, "-C", str(home), "log", "-1", "--format=%cI", "--", *answers]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, env=environment, stdin=subprocess.DEVNULL).stdout.strip()
        return datetime.fromisoformat(found).astimezone(timezone) if found else None
    except (OSError, subprocess.SubprocessError, ValueError, OverflowError):
        return None


def _altered(home: Path, manifest: Manifest) -> Iterator[str]:
    for name, digest in sorted(manifest.files.items()):
        path = home / name
        shown = visible(name, 120)
        if ".." in Path(name).parts or Path(name).is_absolute():
            yield f"{shown}: no path of a repository"
            continue
        if _through_link(home, path):
            yield f"{shown}: a link stands there"
            continue
        try:
            if file_digest(read_bytes(path, COURSE_BYTES)) != digest:
                yield f"{shown}: altered"
        except DocumentError:
            yield f"{shown}: missing, or no plain file"


def _added(home: Path, manifest: Manifest) -> Iterator[str]:
    """Files that were not given out and can steer a run, or stand where only given-out files stand."""
    looked_at = 0
    for place, folders, names in os.walk(home):
        folders[:] = sorted(name for name in folders if name != ".git" and not Path(place, name).is_symlink())
        inside = Path(place).relative_to(home)
        ours = inside.parts[:1] == (HOME,) or inside == WORKFLOWS
        for name in sorted(names):
            looked_at += 1
            if looked_at > MAX_FILES:
                yield f"more than {MAX_FILES} files; the others were not looked at"
                return
            path = (inside / name).as_posix()
            if path not in manifest.files and path != MANIFEST and (ours or name in STEERING or name.endswith(".pth")):
                yield f"{visible(path, 120)}: added"


def _through_link(home: Path, path: Path) -> bool:
    return any(parent.is_symlink() for parent in [path, *path.parents] if parent != home and home in parent.parents)
