"""Honest solutions in many styles: each gets every case right, and nothing of its style is held against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.level import IsolationError, Level
from grader.sandbox.runner import Runner
from tests.sandbox.honest import SOLUTIONS, shortcomings


@pytest.fixture(scope="module", params=list(Level))
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    try:
        found = Runner(request.param, trust=request.param is Level.NONE)
    except IsolationError as error:
        pytest.skip(str(error))
    with found:
        yield found


def test_there_are_enough() -> None:
    assert len(SOLUTIONS) >= 20


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SOLUTIONS])
def test_benign(runner: Runner, path: Path) -> None:
    assert shortcomings(runner, path) == []
