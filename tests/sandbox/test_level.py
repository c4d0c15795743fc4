"""Levels, and what is said where one is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import runner as module
from grader.sandbox.inside import kernel, landlock
from grader.sandbox.level import USED, Isolation, IsolationError, Level, advice, reaches
from grader.sandbox.runner import Runner, detect


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        pytest.param(("landlock", "seccomp", "namespaces"), Level.FULL, id="all"),
        pytest.param(("landlock", "seccomp"), Level.FULL, id="no-namespaces"),
        pytest.param(("seccomp", "namespaces"), Level.NAMESPACES, id="no-landlock"),
        pytest.param(("landlock", "namespaces"), Level.NAMESPACES, id="no-seccomp"),
        pytest.param(("namespaces",), Level.NAMESPACES, id="namespaces-alone"),
        pytest.param(("seccomp",), Level.NONE, id="seccomp-alone"),
        pytest.param(("landlock",), Level.NONE, id="landlock-alone"),
        pytest.param((), Level.NONE, id="nothing"),
    ],
)
def test_level_of_parts(parts: tuple[str, ...], level: Level) -> None:
    assert Isolation(parts, {}).level is level


def test_levels_are_in_order() -> None:
    assert [[reaches(found, wanted) for wanted in Level] for found in Level] == [[True] * 3, [False, True, True], [False, False, True]]


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        pytest.param("win32", "WSL 2", id="windows"),
        pytest.param("darwin", "macOS has neither Landlock nor seccomp nor namespaces", id="macos"),
        pytest.param("freebsd14", "freebsd14 has neither", id="other"),
        pytest.param("linux", "landlock: no such call; it needs Linux 5.13", id="linux"),
    ],
)
def test_advice(platform: str, words: str) -> None:
    assert words in advice(Isolation((), {"landlock": "no such call"}), platform)


def test_no_advice_where_nothing_is_missing() -> None:
    assert advice(Isolation(("landlock",), {}), "linux") == ""


def test_windows_is_told_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(module, "Server", lambda use: pytest.fail("a server was started"))
    for trust in (False, True):
        with pytest.raises(IsolationError, match="WSL 2"):
            Runner(trust=trust)
    assert detect() == Isolation((), {})


class Bare:
    """A server on a system without any part."""

    def __init__(self, use: tuple[str, ...]) -> None:
        assert use == USED[Level.FULL]
        self.isolation = Isolation((), {"landlock": "not on this system"})
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("platform", "words"), [pytest.param("darwin", "macOS has", id="macos"), pytest.param("linux", "it needs Linux 5.13", id="linux")])
def test_nothing_runs_where_nothing_confines(monkeypatch: pytest.MonkeyPatch, platform: str, words: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(module, "Server", Bare)
    with pytest.raises(IsolationError, match=f"nothing would confine it.*{words}"):
        Runner()
    assert Runner(trust=True).level is Level.NONE


def test_this_machine_is_tried() -> None:
    found = detect()
    assert set(found.parts) | set(found.missing) == {"landlock", "seccomp", "namespaces"}
    assert not set(found.parts) & set(found.missing)
    if not kernel.SUPPORTED:
        assert found.level is Level.NONE


def test_a_kernel_that_has_the_walls_gives_the_level_full() -> None:
    """Elsewhere the tests of attacks at this level are skipped; here that would hide a wall that no longer stands."""
    if landlock.version() == 0 or not kernel.SUPPORTED or "Seccomp_filters:" not in Path("/proc/self/status").read_text():
        pytest.skip("this kernel lacks Landlock or seccomp")
    assert detect().level is Level.FULL, detect().missing


def test_a_system_that_allows_namespaces_gives_them() -> None:
    command = shutil.which("unshare")
    if command is None or subprocess.run([command, "-Urpmniu", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system allows no namespaces, or has no command `unshare` to ask it with")
    assert "namespaces" in detect().parts, detect().missing
