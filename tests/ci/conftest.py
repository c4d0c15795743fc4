"""A course with repositories made for two students, and ways to fill them in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from grader.cli.main import app
from grader.course.bank import lay_out
from grader.course.course import load_course
from grader.course.secret import FILE
from grader.course.values import to_json
from grader.variants.variant import Sheet, draw_sheet
from tests.conftest import ROOT

SECRET = "0123456789abcdef0123456789abcdef"
ASSIGNMENT = "lesson1"


@dataclass(frozen=True)
class Made:
    """A course folder with `repos/lesson1-ada` and `repos/lesson1-hua`."""

    folder: Path

    def sheet(self, student: str, attempt: int = 1) -> Sheet:
        course = load_course(self.folder)
        return draw_sheet(course, course.assignment(ASSIGNMENT), student, attempt, SECRET.encode())

    def repository(self, student: str, to: Path) -> Path:
        """A copy of a student's repository, to fill in or to spoil."""
        return Path(shutil.copytree(self.folder / "repos" / f"{ASSIGNMENT}-{student}", to / f"{ASSIGNMENT}-{student}"))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made") / "course"
    lay_out(folder)
    (folder / FILE).write_text(SECRET + "\n")
    result = run("repo", ASSIGNMENT, "--student", "ada", "--student", "hua", "--course", folder)
    assert result.exit_code == 0, result.output
    return Made(folder)


@pytest.fixture(autouse=True)
def nothing_graded_yet(made: Made) -> None:
    """No test counts what another handed in. Issued numbers need no store: the secret draws them again."""
    for path in made.folder.glob("grades.db*"):
        path.unlink()


@pytest.fixture
def ada(made: Made, tmp_path: Path) -> Path:
    """Ada's repository, as she got it."""
    return made.repository("ada", tmp_path)


def run(*arguments: object) -> Result:
    """`grader ARGUMENTS` in this process."""
    result: Result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answers_of(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """Every right answer, as JSON."""
    return {variant.slot: {part: to_json(answer) for part, answer in variant.expected.key.items()} for variant in sheet.variants}


def fill(home: Path, sheet: Sheet, answers: Mapping[str, Any]) -> Path:
    """Writes a filled-in sheet: its own head and tail, and these answers."""
    path = home / "answers.yaml"
    tail = path.read_text(encoding="utf-8").partition("\nslots:")[2]
    path.write_text(f"sheet: {sheet.id}\nanswers: {json.dumps(answers, ensure_ascii=False)}\nslots:{tail}", encoding="utf-8")
    return path


def mixed(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """Right answers but for one that a wrong method gives, one blank, one that cannot be read, and one that is plainly wrong."""
    answers = answers_of(sheet)
    variant = next(variant for variant in sheet.variants if variant.slot == "output-size-2")
    answers["output-size-2"]["output_size"] = next(
        to_json(parts["output_size"][0])
        for parts in variant.expected.mistakes.values()
        if parts.get("output_size", (None,))[0] != variant.expected.key["output_size"]
    )
    answers["one-window"] = {"value": None}
    answers["output-size-basic"] = {"output_size": "six"}
    answers["output-size-3"] = {"padded_size": 999, "output_size": 998}
    return answers


def run_pytest(home: Path, *arguments: str, status: int | None = None) -> subprocess.CompletedProcess[str]:
    """`pytest` as a student runs it, in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-p", "grader.ci.pytest_plugin", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    environment.pop("GRADER_SECRET", None)
    found = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert status is None or found.returncode == status, found.stdout + found.stderr
    return found


def read(home: Path, name: str) -> Any:
    """A JSON file of a run's results."""
    return json.loads((home / "grader-results" / name).read_text(encoding="utf-8"))
