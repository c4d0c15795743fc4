"""Keys that earlier runs of this user have computed, a file each: practice without waiting for torch. No grade comes of them.

Whoever runs the grader can write these files, and in CI that is the student. So an entry is believed for practice
alone, only while it is whole and nobody else could have written it, and only for the very files and numbers it was
computed from. Any doubt means that torch computes again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.course.exercise import Exercise
from grader.course.expected import Expected, expected_of
from grader.course.fitness import check_key
from grader.course.values import Given
from grader.documents import decode, read_bytes

VARIABLE = "GRADER_CACHE"
FORM = 1  # of an entry
ENTRY_BYTES = 10_000_000  # the outputs of a program on all of its cases are long
OTHERS_WRITE = 0o022


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """A folder of keys.

    Args:
        folder: None: nothing is found and nothing kept.
        fresh: nothing is found; what is computed anew is kept.
    """

    folder: Path | None
    fresh: bool = False

    def find_all(self, questions: Mapping[str, tuple[Exercise, Given]]) -> dict[str, Expected]:
        """What is expected of each question, by name, where it is known of every one; else of none.

        Where one is missing torch is loaded for it, and computes the others along the way.
        """
        found = {name: expected for name, (exercise, given) in questions.items() if (expected := self.find(exercise, given)) is not None}
        return found if len(found) == len(questions) else {}

    def find(self, exercise: Exercise, given: Given) -> Expected | None:
        """What an earlier run computed; None where none did, or where its entry cannot be believed."""
        if self.folder is None or self.fresh:
            return None
        try:
            about = _about(exercise, given)
            path = self.folder / _name(about)
            if not _ours(path):
                return None
            seal, _, text = decode(read_bytes(path, ENTRY_BYTES)).partition("\n")
            if seal != _seal(about, text):
                return None
            return _whole(expected_of(exercise, given, text))
        except Exception:  # whatever an entry holds, the key can still be computed
            return None

    def keep(self, computed: Iterable[Expected]) -> None:
        """Writes down what was computed. Where that fails the next run computes again; nobody's marks depend on it."""
        if self.folder is None:
            return
        for expected in computed:
            try:
                text = expected.text()
                if text is not None:
                    about = _about(expected.exercise, expected.given)
                    _write(self.folder / _name(about), f"{_seal(about, text)}\n{text}".encode())
            except Exception:  # a wrong method that raises, a full disk, a folder of somebody else
                continue


NO_KEYS = KeyFiles(None)


def key_files(environment: Mapping[str, str] = os.environ, *, fresh: bool = False) -> KeyFiles:
    """The keys of this user: in `GRADER_CACHE`, where that is set (empty: none are kept), else where programs keep such things."""
    named = environment.get(VARIABLE)
    if named is not None:
        return KeyFiles(Path(named, "keys") if named else None, fresh)
    try:
        home = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home, as in some containers
        return NO_KEYS
    return KeyFiles(home / "conv-grader" / "keys", fresh)


def _about(exercise: Exercise, given: Given) -> str:
    """All that decides what is expected: the numbers themselves, never a name for them, and the files as they are now."""
    about = [FORM, __version__, exercise.level, exercise.source.document.data, exercise.digest, given]
    return json.dumps(about, sort_keys=True, ensure_ascii=False, default=str)


def _name(about: str) -> str:
    return hashlib.sha256(about.encode()).hexdigest()[:40] + ".json"


def _seal(about: str, text: str) -> str:
    """Shows damage, and an entry in another's place. It is no signature: whoever may write here can make one."""
    return hashlib.sha256(f"{about}\n{text}".encode()).hexdigest()


def _ours(path: Path) -> bool:
    """Whether nobody but this user (and root) could have written a file."""
    about = path.lstat()
    user = os.geteuid() if hasattr(os, "geteuid") else about.st_uid
    return about.st_uid in (user, 0) and not about.st_mode & OTHERS_WRITE


def _whole(expected: Expected) -> Expected:
    """Raises KeyError, Unfit and others: an answer is missing, or is none of its part's kind."""
    for part in expected.exercise.parts_of(expected.given):
        if part.kind != "code":
            check_key(part, expected.key[part.id])
    _ = expected.mistakes  # reads the rest of the entry
    return expected


def _write(path: Path, raw: bytes) -> None:
    """The whole file or none of it, whoever reads meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
    partial.replace(path)
