"""A student's repository: the sheet to fill in, and beside it, in `.grader/`, what marking it needs. No key and no secret.

`.grader/repository.json` says whose it is, the numbers of every question, and the digest of every file a student leaves
as it is. Only the holder of the secret can make its proof, so that a clone shows what was altered.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.course import Assignment, Course, load_course
from grader.course.faults import CourseError
from grader.course.roster import valid_id
from grader.documents import DocumentError, decode, read_bytes, read_json
from grader.text import LANGUAGES
from grader.variants.stream import stream_key
from grader.variants.variant import IssuedSlot

HOME = ".grader"
MANIFEST = f"{HOME}/repository.json"
VERSION = 1


class RepositoryError(Exception):
    """A folder that cannot be marked as a student's repository. The message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a repository says about itself."""

    sheet: str  # course/assignment/student/attempt
    assignment: str
    student: str
    attempt: int
    languages: tuple[str, ...]
    slots: Mapping[str, IssuedSlot]
    signature: str | None  # the sheet's
    files: Mapping[str, str]  # by path: SHA-256 of what a student leaves as it is
    proof: str | None = None  # made with the secret over all of this; None in a course without one

    def to_json(self) -> dict[str, Any]:
        return {**self._unproven(), "proof": self.proof}

    def text(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"

    def proof_by(self, secret: bytes) -> str:
        """32 hex digits that only the holder of the secret can make for this manifest."""
        return stream_key(secret, "repository", json.dumps(self._unproven(), ensure_ascii=False, sort_keys=True)).hex()[:32]

    def proven(self, secret: bytes) -> bool:
        return self.proof is not None and hmac.compare_digest(self.proof, self.proof_by(secret))

    def _unproven(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "sheet": self.sheet,
            "languages": list(self.languages),
            "slots": {slot: {"variant": own.variant, "given": dict(own.given)} for slot, own in self.slots.items()},
            "signature": self.signature,
            "files": dict(self.files),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A student's repository, ready to be marked."""

    folder: Path
    manifest: Manifest
    course: Course
    assignment: Assignment

    @property
    def language(self) -> str:
        return self.manifest.languages[0]


def is_repository(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def read_repository(folder: Path) -> Repository:
    """The repository in a folder.

    Raises:
        RepositoryError: it is none, or its `.grader/` was damaged.
    """
    manifest = read_manifest(folder)
    try:
        # Without its solutions: torch is imported when the first answer is compared, and not where nothing can be.
        course = load_course(folder / HOME, solutions=False)
        return Repository(folder=folder, manifest=manifest, course=course, assignment=course.assignment(manifest.assignment))
    except (CourseError, KeyError) as error:
        why = error.faults[0] if isinstance(error, CourseError) else error.args[0]
        raise RepositoryError(f"{HOME}/ cannot be used: {why} ({PUT_BACK})") from error


def read_manifest(folder: Path) -> Manifest:
    """What a repository says about itself.

    Raises:
        RepositoryError: it does not, or not in the form that `grader repo` writes.
    """
    if not (folder / MANIFEST).is_symlink() and not (folder / MANIFEST).exists():
        raise RepositoryError(f"there is no {MANIFEST} in {folder}; stand in a repository that `grader repo` made")
    try:
        return _manifest(read_json(decode(read_bytes(folder / MANIFEST))))
    except DocumentError as error:
        raise RepositoryError(f"{MANIFEST}: {error.located.en} ({PUT_BACK})") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RepositoryError(f"{MANIFEST} is not as `grader repo` writes it; {PUT_BACK}") from error


def file_digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _manifest(data: Mapping[str, Any]) -> Manifest:
    _, assignment, student, attempt = data["sheet"].split("/")
    languages = tuple(language for language in data["languages"] if language in LANGUAGES)
    if data["version"] != VERSION or not valid_id(student) or not languages:
        raise ValueError("not this version, or no student")
    return Manifest(
        sheet=data["sheet"],
        assignment=assignment,
        student=student,
        attempt=int(attempt),
        languages=languages,
        slots={slot: IssuedSlot(str(own["variant"]), dict(own["given"])) for slot, own in data["slots"].items()},
        signature=None if data["signature"] is None else str(data["signature"]),
        files={str(path): str(digest) for path, digest in data["files"].items()},
        proof=None if data["proof"] is None else str(data["proof"]),
    )


PUT_BACK = "put the folder back as you got it, with `git checkout` of your first commit"
