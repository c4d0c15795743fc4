"""The bar of long commands: told on a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from grader.cli.progress import progress


class Screen(io.StringIO):
    """A standard error that is a terminal, or is none."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def told(monkeypatch: pytest.MonkeyPatch, total: int | None, *, terminal: bool) -> str:
    """What a command writes that grades two, refuses one, and takes three steps at once."""
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress(total) as advance:
        for outcome in ("graded", "refused", "graded"):
            advance(outcome=outcome)
        advance(3)
    return screen.getvalue()


@pytest.mark.parametrize(("total", "steps"), [pytest.param(8, "6/8", id="total-known"), pytest.param(None, "6/?", id="total-not-known")])
def test_a_terminal_shows_steps_and_outcomes(monkeypatch: pytest.MonkeyPatch, total: int | None, steps: str) -> None:
    found = told(monkeypatch, total, terminal=True)
    assert steps in found
    assert "2 graded, 1 refused" in found


def test_a_log_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, 8, terminal=False) == ""
