"""Programs on their way: issued, handed in beside a sheet, graded, kept, graded again, tried."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import code_running
from grader.classroom.batch import forget
from grader.sandbox.level import IsolationError, Level
from grader.sandbox.runner import Runner, SandboxError
from tests.classroom.programs_alike import STYLES, everything
from tests.cli.conftest import Run, course_dir, hand_in, run
from tests.code.programs import RIGHT, WRONG
from tests.conftest import ROOT

__all__ = ["course_dir", "run"]

COURSE = """course: conv101
title: {en: Convolution, zh: 卷积}
assignments:
  hw:
    title: {en: Programs, zh: 编程}
    slots:
      - {exercise: code-conv2d, points: 10}
      - {exercise: code-output-size, points: 4}
      - {exercise: output-size, given: {input_size: 6, kernel_size: 3, stride: 2, padding: 1}, points: 2}
"""
SHEET = "sheet: conv101/hw/{}/1\nanswers:\n  output-size: {{padded_size: 8, output_size: 3}}\n"


@pytest.fixture
def course(course_dir: Path) -> Path:
    (course_dir / "course.yaml").write_text(COURSE, encoding="utf-8")
    return course_dir


def graded(run: Run, *arguments: str) -> dict[str, dict[str, Any]]:
    """The records after grading, by student."""
    run("grade", "hw", "--records", "records.jsonl", *arguments)
    return {record["student"]: record for record in map(json.loads, Path("records.jsonl").read_text(encoding="utf-8").splitlines())}


def hand_in_all(course: Path) -> None:
    for student, program in (("ada", RIGHT["code-conv2d"]), ("bob", WRONG["code-conv2d", "flip180"])):
        hand_in(course, student, "hw", SHEET.format(student))
        hand_in(course, student, "hw", program, "code-conv2d.py")


def scores(record: dict[str, Any]) -> list[float]:
    return [slot["score"] for slot in record["slots"]]


def test_issue_writes_a_starter_for_each_program_and_never_over_one(course: Path, run: Run) -> None:
    run("issue", "hw", "--student", "ada")
    home = course / "release" / "ada" / "hw"
    assert sorted(path.name for path in home.iterdir()) == ["answers.yaml", "code-conv2d.py", "code-output-size.py"]
    assert "def conv2d(x, w, stride=1, padding=0):" in (home / "code-conv2d.py").read_text(encoding="utf-8")
    compile((home / "code-conv2d.py").read_text(encoding="utf-8"), "code-conv2d.py", "exec")
    assert "code-conv2d.py" in (home / "answers.yaml").read_text(encoding="utf-8")
    (home / "code-conv2d.py").write_text("# begun")
    (home / "code-output-size.py").unlink()
    run("issue", "hw", "--student", "ada")
    assert (home / "code-conv2d.py").read_text() == "# begun"
    assert (home / "code-output-size.py").exists()


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_issued_sheet_handed_in_with_programs_is_graded(course: Path, run: Run, form: str) -> None:
    run("issue", "hw", "--student", "ada", "--format", form)
    hand_in(course, "ada", "hw", (course / "release" / "ada" / "hw" / f"answers.{form}").read_bytes(), f"answers.{form}")
    hand_in(course, "ada", "hw", RIGHT["code-output-size"], "code-output-size.py")
    record = graded(run)["ada"]
    assert (record["status"], record["flags"], scores(record)) == ("graded", [], [0, 4, 0])
    assert [slot["parts"][0]["verdict"] for slot in record["slots"]] == ["blank", "correct", "blank"]


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")], ids=["here", "workers"])
def test_a_class_is_graded_with_its_programs(course: Path, run: Run, jobs: tuple[str, ...]) -> None:
    hand_in_all(course)
    records = graded(run, *jobs)
    assert scores(records["ada"]) == [10, 0, 2]
    assert scores(records["bob"]) == [5, 0, 2]
    part = records["bob"]["slots"][0]["parts"][0]
    assert part["mistakes"] == ["flip180"]
    assert part["run"]["isolation"] in ("full", "namespaces", "none")
    assert part["key"] is None
    assert "a program of 14 lines" in run("show", "hw", "bob").stdout


def test_programs_alone_are_a_hand_in(course: Path, run: Run) -> None:
    hand_in(course, "ada", "hw", RIGHT["code-conv2d"], "code-conv2d.py")
    record = graded(run)["ada"]
    assert (record["status"], scores(record)) == ("graded", [10, 0, 0])
    assert "no-sheet-line" in record["flags"]


def test_a_program_in_the_sheet_itself_counts_and_a_file_beside_it_counts_before(course: Path, run: Run) -> None:
    lines = [
        json.dumps({"sheet": "conv101/hw/ada/1", "student": "ada", "answers": {"code-conv2d": {"code": RIGHT["code-conv2d"]}}}),
        json.dumps({"sheet": "conv101/hw/bob/1", "student": "bob", "answers": {"code-conv2d": WRONG["code-conv2d", "flip180"]}}),
        json.dumps({"sheet": "conv101/hw/eve/1", "student": "eve", "answers": {"code-conv2d": [1, 2]}}),
    ]
    Path("lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    records = graded(run, "--from", "lines.jsonl")
    assert [records[name]["slots"][0]["parts"][0]["verdict"] for name in ("ada", "bob", "eve")] == ["correct", "partial", "invalid"]
    hand_in(course, "zoe", "hw", json.dumps({"sheet": "conv101/hw/zoe/1", "answers": {"code-conv2d": "x = 1"}}), "answers.json")
    hand_in(course, "zoe", "hw", RIGHT["code-conv2d"], "code-conv2d.py")
    assert scores(graded(run)["zoe"])[0] == 10


def test_the_digest_covers_the_programs_and_what_is_the_same_is_not_graded_again(course: Path, run: Run) -> None:
    hand_in_all(course)
    before = graded(run)
    assert "nothing new" in run("grade", "hw").stdout
    hand_in(course, "bob", "hw", RIGHT["code-conv2d"], "code-conv2d.py")
    run("grade", "hw", "--records", "records.jsonl")
    records = [json.loads(line) for line in Path("records.jsonl").read_text(encoding="utf-8").splitlines()]
    bob = [record for record in records if record["student"] == "bob"]
    assert [(record["attempt"], scores(record)[0]) for record in bob] == [(1, 5), (2, 10)]
    assert bob[0]["submission"] == before["bob"]["submission"] != bob[1]["submission"]


def test_stored_programs_are_graded_again_without_their_files(course: Path, run: Run) -> None:
    hand_in_all(course)
    graded(run)
    for path in (course / "submitted").rglob("*"):
        if path.is_file():
            path.unlink()
    same = run("regrade", "hw", "--yes")
    assert "records written" not in same.stdout, same.stdout
    exercise = course / "exercises" / "code-conv2d.yaml"
    exercise.write_text(exercise.read_text(encoding="utf-8").replace("flip180:\n    credit: 0.5", "flip180:\n    credit: 0.8"), encoding="utf-8")
    forget()
    changed = run("regrade", "hw", "--yes")
    assert "records written: 1" in changed.stdout, changed.stdout
    assert scores(json.loads(run("show", "hw", "bob", "--json").stdout))[0] == 8


def test_a_link_in_place_of_a_program_is_refused_and_other_files_are_left_alone(course: Path, run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text(RIGHT["code-conv2d"])
    hand_in(course, "ada", "hw", SHEET.format("ada"))
    (course / "submitted" / "ada" / "hw" / "code-conv2d.py").symlink_to(secret)
    hand_in(course, "bob", "hw", SHEET.format("bob"))
    (course / "submitted" / "bob" / "hw" / "notes.py").symlink_to(secret)
    records = graded(run)
    assert records["ada"]["status"] == "refused"
    assert "code-conv2d.py" in records["ada"]["notes"][0]["en"]
    assert (records["bob"]["status"], scores(records["bob"])) == ("graded", [0, 0, 2])


def test_nothing_is_run_where_nothing_confines_it_unless_it_is_trusted(course: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(*, trust: bool) -> Any:
        if not trust:
            raise IsolationError("student code is not run here, since nothing would confine it.")
        return Runner(Level.NONE, trust=True)

    monkeypatch.setattr(code_running, "Runner", bare)
    monkeypatch.setattr(code_running, "_own", code_running._Own())
    hand_in_all(course)
    stopped = run("grade", "hw")
    assert stopped.exit_code == 1
    assert "--trust-student-code" in stopped.stderr
    trusted = graded(run, "--trust-student-code")
    assert trusted["ada"]["slots"][0]["parts"][0]["run"]["isolation"] == "none"
    assert scores(trusted["ada"])[0] == 10


@pytest.mark.parametrize("error", [IsolationError("nothing confines it"), SandboxError("the runner failed")], ids=["unconfined", "runner-failed"])
def test_what_cannot_be_run_is_left_for_a_person_and_the_rest_is_graded(course: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(trust: bool) -> Any:
        raise error

    hand_in_all(course)
    monkeypatch.setattr("grader.classroom.code_running.isolation_fault", lambda trust: None)
    monkeypatch.setattr(code_running, "runner_for", fails)
    record = graded(run)["ada"]
    assert record["status"] == "failed"
    assert [part["verdict"] for slot in record["slots"] for part in slot["parts"]] == ["ungraded", "blank", "correct", "correct"]


def test_a_runner_that_does_not_start_is_said_and_nothing_is_graded(course: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(trust: bool) -> Any:
        raise SandboxError("the runner's server ended before it was ready: it said nothing")

    hand_in_all(course)
    monkeypatch.setattr(code_running, "runner_for", fails)
    stopped = run("grade", "hw")
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert stopped.stderr == "grader: programs cannot be run now: the runner's server ended before it was ready: it said nothing\n"
    tried = run("try", "submitted/ada/hw/code-conv2d.py", "--exercise", "code-conv2d")
    assert (tried.exit_code, tried.stdout) == (1, "")
    assert tried.stderr.startswith("grader: the program could not be run, and is not to blame: the runner's server ended")


def test_a_runner_that_is_killed_in_the_middle_is_replaced(course: Path, run: Run) -> None:
    hand_in_all(course)
    calm = graded(run)
    os.kill(code_running.runner_for(False)._server.process.pid, signal.SIGKILL)
    again = graded(run, "--all")
    assert {name: {**record, "graded_at": None} for name, record in again.items()} == {name: {**record, "graded_at": None} for name, record in calm.items()}


def test_try_runs_the_cases_that_are_not_hidden(course: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    right, wrong = tmp_path / "code-conv2d.py", tmp_path / "mine.py"
    right.write_text(RIGHT["code-conv2d"])
    wrong.write_text(WRONG["code-conv2d", "pad-ignored"])
    for kept in (True, False):
        if not kept:
            (course / "exercises" / "code-conv2d.cases").unlink()
        found = run("try", right)
        assert (found.exit_code, found.stdout.splitlines()[-1]) == (0, "Right: it passes all 19 cases.")
        failed = run("try", wrong, "--exercise", "code-conv2d")
        assert failed.exit_code == 1
        assert "✗ the padding is 1  0/2" in failed.stdout
        assert "leaves the padding out" in failed.stdout
        assert "stride and padding come together" not in failed.stdout
    assert json.loads(run("try", right, "--json").stdout)["verdict"] == "correct"
    assert "填充为 1" in run("try", wrong, "--exercise", "code-conv2d", "--lang", "zh").stdout


def test_try_needs_torch_only_where_nothing_is_kept(course: Path, tmp_path: Path) -> None:
    """Importing it takes longer than all the rest. Where it may not be imported, a run that needs it fails."""
    program = tmp_path / "code-conv2d.py"
    program.write_text(RIGHT["code-conv2d"])
    (tmp_path / "without" / "torch").mkdir(parents=True)
    (tmp_path / "without" / "torch" / "__init__.py").write_text("raise RuntimeError('torch was imported')\n")

    def tried(folder: Path, *first: Path) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(map(str, (*first, ROOT)))
        environment = {**os.environ, "PYTHONPATH": paths, "GRADER_CACHE": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "grader", "try", str(program), "--json"]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    without = tmp_path / "without"
    shipped, laid_out = tried(tmp_path, without), tried(course, without)
    assert (shipped.returncode, laid_out.returncode) == (0, 0), shipped.stderr + laid_out.stderr
    (course / "exercises" / "code-conv2d.cases").unlink()
    assert "torch was imported" in tried(course, without).stderr
    once, again = tried(course), tried(course, without)
    assert (once.returncode, again.returncode) == (0, 0), once.stderr + again.stderr
    assert shipped.stdout == laid_out.stdout == once.stdout == again.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["nothing.py", "--exercise", "code-conv2d"], "grader: there is no file nothing.py; name the file", id="no-such-file"),
        pytest.param(["a.py"], "there is no exercise 'a'", id="no-such-exercise"),
        pytest.param(["a.py", "--exercise", "output-size"], "asks for no program", id="no-code-exercise"),
        pytest.param(["a.py", "--exercise", "code-conv2d", "--lang", "fr"], "write en or zh", id="no-such-language"),
    ],
)
def test_wrong_use_of_try_is_said(course: Path, run: Run, arguments: list[str], words: str) -> None:
    Path("a.py").write_text("x = 1")
    found = run("try", *arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def test_mark_and_solve_serve_programs_too(course: Path, run: Run) -> None:
    lines = "\n".join(
        json.dumps({"given": {}, "answers": {"code": text}}) for text in (RIGHT["code-max-pool2d"], WRONG["code-max-pool2d", "zero-pad-in-max"], "")
    )
    found = [json.loads(line)["parts"][0] for line in run("mark", "code-max-pool2d", input=lines).stdout.splitlines()]
    assert [(part["verdict"], part["mistakes"]) for part in found] == [("correct", []), ("partial", ["zero-pad-in-max"]), ("blank", [])]
    refused = run("mark", "code-max-pool2d", input=json.dumps({"given": {"k": 1}, "answers": {}}))
    assert "asks for a program" in json.loads(refused.stdout)["error"]
    solved = json.loads(run("solve", "code-output-size", input='{"given": {}}').stdout)
    assert solved["key"]["code"][0] == [2], "4 and 3 give 2"


@pytest.mark.parametrize("way", ["file", "sheet", "line"])
def test_programs_that_are_alike_are_named(way: str, course: Path, run: Run) -> None:
    """A copy under other names, handed in beside the sheet, in it, and as a line; two who worked alone are not named."""
    programs = {"ada": STYLES["helper_functions"], "bob": STYLES["einsum"], "eve": everything(STYLES["helper_functions"]), "zoe": RIGHT["code-conv2d"]}
    for student, text in programs.items():
        if way == "file":
            hand_in(course, student, "hw", SHEET.format(student))
            hand_in(course, student, "hw", text, "code-conv2d.py")
        elif way == "sheet":
            hand_in(course, student, "hw", json.dumps({"sheet": f"conv101/hw/{student}/1", "answers": {"code-conv2d": {"code": text}}}), "answers.json")
    lines = [json.dumps({"sheet": f"conv101/hw/{student}/1", "student": student, "answers": {"code-conv2d": text}}) for student, text in programs.items()]
    Path("lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    graded(run, *(("--from", "lines.jsonl") if way == "line" else ()))
    own, other = json.loads(run("copies", "hw", "--json").stdout)["programs"]
    assert [(pair["student"], pair["other"]) for pair in own["alike"]] == [("ada", "eve")]
    assert (own["slot"], own["students"], own["compared"], own["pairs"]) == ("code-conv2d", 4, 4, 6)
    assert (other["slot"], other["students"], other["alike"]) == ("code-output-size", 0, [])
    said = run("copies", "hw").stdout
    assert said.startswith("no copy signals")
    assert "ada and eve, code-conv2d: " in said
    assert "Nothing is taken off for it." in said
    assert "\npairs of programs that are alike: 1; `grader copies hw` names them\n" in run("report", "hw").stdout
    ada, eve = (scores(json.loads(run("show", "hw", student, "--json").stdout)) for student in ("ada", "eve"))
    assert ada == eve, "nothing is taken off"


def test_a_simulated_class_and_a_search_for_copies_pass_programs_over(course: Path, run: Run) -> None:
    assert run("simulate", "hw", "--students", 6, "--out", "trial").exit_code == 0
    assert run("grade", "hw", "--course", "trial").exit_code in (0, 1)
    assert run("copies", "hw", "--course", "trial").exit_code == 0
    assert run("report", "hw", "--course", "trial").exit_code == 0
