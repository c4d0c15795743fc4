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


@pytest.mark.parametrize("level", [Level.FULL, Level.NAMESPACES])
def test_attacks_as_an_ordinary_user(level: Level) -> None:
    if os.getuid() != 0:
        pytest.skip("this is an ordinary user: test_attacks.py has run as one")
    if "namespaces" not in detect().parts:
        pytest.skip("becoming another user here needs a mount namespace")
    found = subprocess.run(
        [sys.executable, "-B", "-m", "tests.sandbox.ordinary_user", level],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
    )
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["user"] == 65534
    assert told["ran"] >= 150
    assert told["problems"] == {}
    assert told["left"] == []
