"""How the command behaves around its work: help, exit statuses, messages, what it imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import WORKED, Run, hand_in


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["grade", "leson1"], 2, "grader: course.yaml has no assignment 'leson1'; did you mean 'lesson1'?", id="unknown-assignment"),
        pytest.param(["issue", "lesson1", "--student", "adda"], 2, "grader: 'adda' is not on the roster; did you mean 'ada'?", id="unknown-student"),
        pytest.param(["issue", "lesson1", "--student", "../x"], 2, "grader: '../x' is no valid student id; use letters, digits and _ . @ + -", id="path-in-id"),
        pytest.param(["issue", "lesson1", "--format", "xml"], 2, "grader: unknown format 'xml'; write yaml or json", id="unknown-format"),
        pytest.param(["show", "lesson1", "ada"], 1, "grader: ada has no record of lesson1; run `grader grade lesson1` after they hand in", id="nothing-graded"),
        pytest.param(["show", "lesson1", "ada", "--lang", "fr"], 2, "grader: unknown language 'fr'; write en or zh", id="unknown-language"),
        pytest.param(["verify", "nothing"], 2, "grader: there is no exercise 'nothing'; known are", id="verify-unknown"),
    ],
)  # fmt: skip
def test_wrong_use_says_what_and_how(run: Run, course_dir: Path, arguments: list[str], status: int, said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == status
    assert result.stderr.startswith(said)
    assert result.stdout == ""


def test_a_missing_folder_of_hand_ins(run: Run, course_dir: Path) -> None:
    result = run("grade", "lesson1")
    assert result.exit_code == 2
    assert result.stderr == f"grader: there is no folder {course_dir}/submitted; name the folder of what was handed in\n"


def test_a_folder_that_is_no_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("grade", "lesson1")
    assert result.exit_code == 2
    assert "there is no course.yaml in" in result.stderr


def test_a_course_without_a_secret_says_how_to_get_one(run: Run, course_dir: Path) -> None:
    Path(".grader-secret").unlink()
    result = run("issue", "lesson1")
    assert result.exit_code == 1
    assert "this course has no secret" in result.stderr
    assert run("issue", "lesson1-worked").exit_code == 0  # pinned: nothing is drawn


def test_init_never_writes_over_a_course(run: Run, course_dir: Path) -> None:
    before = Path(".grader-secret").read_text()
    result = run("init", course_dir)
    assert result.exit_code == 1
    assert "there is a course here already" in result.stderr
    assert Path(".grader-secret").read_text() == before


def test_init_keeps_the_secret_to_its_owner(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path / "new")
    assert result.exit_code == 0
    secret = tmp_path / "new" / ".grader-secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() not in result.output
    assert ".grader-secret" in (tmp_path / "new" / ".gitignore").read_text()


def test_faults_of_the_course_are_all_said_with_their_places(run: Run, course_dir: Path) -> None:
    course = Path("course.yaml")
    course.write_text(course.read_text().replace("exercise: one-window", "exercise: one-windw").replace("points: 6, count: 4", "points: 6, count: '4'"))
    result = run("grade", "lesson1", course_dir)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "course.yaml:23:51 assignments.lesson1.slots[5].count: expected an int, got the string '4'; remove the quotes",
        "course.yaml:18:20 assignments.lesson1.slots[0].exercise: there is no exercise 'one-windw'; did you mean 'one-window'?",
        "grader: 2 faults to put right first",
    ]


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['grader', '--help']\ntry:\n import grader.cli.main as m; m.run()\nexcept SystemExit: pass\nprint([m for m in ('torch', 'numpy', 'nbgrader', 'sqlalchemy', 'matplotlib', 'pydantic') if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for command in ("init", "verify", "issue", "grade", "show", "report", "regrade", "history", "copies", "whose", "solve", "mark", "simulate", "demo"):
        assert command in done.stdout


def test_show_and_report_do_not_load_torch(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    run("issue", "lesson1-worked")
    run("grade", "lesson1-worked")
    for arguments in (["report", "lesson1-worked"], ["show", "lesson1-worked", "ada"]):
        code = (
            f"import sys\nfrom grader.cli.main import app\ntry:\n app({arguments!r})\nexcept SystemExit: pass\nprint('torch' in sys.modules, file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
        assert done.stderr.strip() == "False"


def test_a_store_that_cannot_be_opened(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    Path("grades.db").write_text("this is no database, and long enough to be seen as none " * 20)
    result = run("grade", "lesson1-worked")
    assert result.exit_code == 1
    assert "grades.db cannot be used (file is not a database)" in result.stderr


def test_the_demo_walks_the_whole_way(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--out", tmp_path / "demo")
    assert result.exit_code == 0, result.output
    for piece in ("12 students", "mean", "commonest mistakes", "right answer", "grades.csv"):
        assert piece in result.stdout
    assert len(list((tmp_path / "demo/submitted").glob("*/lesson1/answers.*"))) == 12
    assert len((tmp_path / "demo/records.jsonl").read_text().splitlines()) == 12
    assert list((tmp_path / "demo/feedback").glob("*/lesson1.html"))
