"""The code exercises that ship, and programs graded the way a hand-in is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import pytest

from grader.classroom.code_running import run_source
from grader.course.code_key import CodeExpected, code_of
from grader.course.course import load_exercise
from grader.marking.code import mark_code
from grader.marking.record import PartGrade
from grader.marking.source import Source
from tests.conftest import ROOT

CODE = sorted(path.stem for path in (ROOT / "exercises").glob("code-*.yaml"))
Graded = Callable[..., PartGrade]


@lru_cache(maxsize=16)
def expected_of(exercise: str) -> CodeExpected:
    found = load_exercise(ROOT, exercise)
    return code_of(found, found.expect({}))


@pytest.fixture(scope="session")
def graded() -> Graded:
    """Runs a program, really and confined, and marks it: one point."""

    def call(exercise: str, source: str | bytes) -> PartGrade:
        expected = expected_of(exercise)
        own = Source(f"{exercise}.py", source.encode() if isinstance(source, str) else source)
        return mark_code(expected, own, run_source(expected, own, trust=True), Fraction(1))

    return call
