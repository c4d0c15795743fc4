"""A course of one's own, laid out as `grader init` does, and the command run in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from grader.cli.main import app
from grader.course.bank import lay_out
from grader.course.secret import FILE

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Runs `grader ARGUMENTS` in this process; standard output and error come back apart."""
    runner = CliRunner()

    def call(*arguments: object, input: str | bytes | None = None) -> Result:
        result: Result = runner.invoke(app, [str(argument) for argument in arguments], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def course_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh course with a fixed secret; the test stands in it."""
    monkeypatch.delenv("GRADER_SECRET", raising=False)
    folder = tmp_path / "course"
    lay_out(folder)
    (folder / FILE).write_text("0123456789abcdef0123456789abcdef\n")
    monkeypatch.chdir(folder)
    return folder


def hand_in(folder: Path, student: str, assignment: str, text: str | bytes, name: str = "answers.yaml", time: str | None = "2026-12-02T10:00:00+08:00") -> Path:
    """Puts a file where a student's hand-in lies."""
    home = folder / "submitted" / student / assignment
    home.mkdir(parents=True, exist_ok=True)
    if time is not None:
        (home / "timestamp.txt").write_text(time)
    path = home / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


WORKED = """sheet: conv101/lesson1-worked/ada/1
answers:
  conv-array:
    output: |
      10 12 12
      18 16 16
      13  9  3
  conv-stride:
    output: [[10, 12], [13, 3]]
  conv-padding:
    output: |
      tensor([[ 1,  3,  4, 10,  8],
              [ 5, 10, 12, 12,  6],
              [ 7, 18, 16, 16,  8],
              [11, 13,  9,  3,  4],
              [14, 13,  9,  7,  4]])
  output-size-1: {padded_size: 4, output_size: 2}
  output-size-2: {padded_size: 7, output_size: 5}
  output-size-3: {padded_size: 5, output_size: 2}
  output-size-4: {padded_size: 8, output_size: 3}
"""
