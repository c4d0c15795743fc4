"""What all tests share: the course that ships, a secret, and copies of the course to spoil."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from grader.course.course import Course, load_course
from grader.course.faults import CourseError

ROOT = Path(__file__).resolve().parent.parent
SECRET = b"the secret of the tests, never of a course"

# No test is timed: a slow machine must not fail one.
settings.register_profile("tests", deadline=None, max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "100")))
settings.load_profile("tests")


@pytest.fixture(scope="session", autouse=True)
def no_keys_of_earlier_runs() -> Iterator[None]:
    """Tests read and leave nothing in the home of whoever runs them, nor do the processes they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", "")
        yield


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository, loaded once with all solutions."""
    return load_course(ROOT)


@pytest.fixture(scope="session")
def secret() -> bytes:
    return SECRET


@dataclass(frozen=True)
class CourseCopy:
    """A copy of the course that ships, for a test to change."""

    folder: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces one piece of text, which has to be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: correct the test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def place(self, file: str, at: str) -> str:
        """`file:line:column` of a piece of text in a file, or of where `▸` stands in it."""
        lead, mark, _ = at.partition("▸")
        before, found, _ = (self.folder / file).read_text(encoding="utf-8").partition(at.replace("▸", ""))
        assert found, f"{file} no longer holds {at!r}: correct the test"
        before += lead if mark else ""
        return f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"

    def faults(self) -> list[str]:
        """What loading the course complains of, one line each; empty where it loads."""
        try:
            load_course(self.folder)
        except CourseError as error:
            return [str(fault) for fault in error.faults]
        return []


@pytest.fixture
def course_copy(tmp_path: Path) -> CourseCopy:
    folder = tmp_path / "course"
    folder.mkdir()
    for file in ("course.yaml", "roster.csv"):
        shutil.copy(ROOT / file, folder / file)
    for room in ("exercises", "solutions"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return CourseCopy(folder)
