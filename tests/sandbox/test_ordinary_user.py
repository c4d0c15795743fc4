"""The same walls for a grader that is not root."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from grader.sandbox.level import Level
from grader.sandbox.runner import detect
from tests.conftest import ROOT

LEVELS = (Level.FULL, Level.NAMESPACES)


@pytest.fixture(scope="module")
def told() -> dict[Level, tuple[str, str]]:
    """What each level's run printed, to standard output and to standard error; they run side by side."""
    if os.getuid() != 0:
        pytest.skip("this is an ordinary user: test_attacks.py has run as one")
    found = detect()
    if found.level is not Level.FULL or "namespaces" not in found.parts:
        pytest.skip("becoming another user here needs a mount namespace, and the levels need what this machine lacks")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"}
    running = {
        level: subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.sandbox.ordinary_user", level],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        for level in LEVELS
    }
    return {level: process.communicate() for level, process in running.items()}


@pytest.mark.parametrize("level", LEVELS)
def test_attacks_and_honest_solutions_as_an_ordinary_user(told: dict[Level, tuple[str, str]], level: Level) -> None:
    printed, errors = told[level]
    assert printed, errors
    found = json.loads(printed)
    assert found["user"] == 65534
    assert found["ran"] >= 150
    assert found["problems"] == {}
    assert found["honest"] >= 20
    assert found["punished"] == {}
    assert found["left"] == []
