"""Programs in a repository: marked alike by pytest, by `grader ci`, from clones, from folders and by Gradescope's autograder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.ci.autograder import main as autograde
from grader.ci.offline import OfflineError, _refuse
from grader.ci.repository import file_digest
from grader.classroom import code_running
from grader.course.bank import lay_out
from grader.course.exercise import Exercise
from grader.course.exercise_file import read_exercise
from grader.course.secret import FILE
from grader.course.shown_cases import shown_cases
from grader.sandbox.level import IsolationError
from grader.sandbox.runner import Runner
from tests.code.programs import RIGHT, WRONG

from . import gradescope_folder
from .conftest import SECRET, read, run, run_pytest

COURSE = """course: conv101
title: {en: Convolution, zh: 卷积}
roster: roster.csv
assignments:
  hw:
    title: {en: Programs, zh: 编程}
    slots:
      - {exercise: code-conv2d, points: 10}
      - {exercise: output-size, given: {input_size: 6, kernel_size: 3, stride: 2, padding: 1}, points: 2}
"""
HOSTILE = "import os\nprint('::notice::10 of 10')\nos._exit(0)\n"
UNCONFINED = """
from grader.classroom import code_running
from grader.sandbox.level import IsolationError

def nothing(trust):
    raise IsolationError("nothing confines it here.")

code_running.runner_for = nothing
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs") / "course"
    lay_out(folder)
    (folder / FILE).write_text(SECRET + "\n")
    (folder / "course.yaml").write_text(COURSE, encoding="utf-8")
    made = run("repo", "hw", "--student", "ada", "--course", folder)
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def home(course: Path, tmp_path: Path) -> Path:
    """Ada's repository, with one answer of the sheet right."""
    for path in course.glob("grades.db*"):
        path.unlink()
    home = Path(shutil.copytree(course / "repos" / "hw-ada", tmp_path / "clones" / "hw-ada"))
    sheet = home / "answers.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert text.count("{padded_size: , output_size: }") == 1
    sheet.write_text(text.replace("{padded_size: , output_size: }", "{padded_size: 8, output_size: 99}"), encoding="utf-8")
    return home


def write(home: Path, program: str) -> None:
    (home / "code-conv2d.py").write_text(program, encoding="utf-8")


def seen(record: Any) -> dict[str, Any]:
    """What a marking came to, whoever did it."""
    return {
        "score": record["score"],
        "parts": {f"{slot['slot']}.{part['part']}": {**part, "key": None} for slot in record["slots"] for part in slot["parts"]},
    }


def counted(course: Path, tmp_path: Path, *source: object) -> Any:
    """The record that counts, of `grader grade` over what lies in some place."""
    found = run("grade", "hw", *source, "--course", course, "--all", "--records", tmp_path / "records.jsonl")
    assert found.exit_code == 0, found.output
    return json.loads((tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()[-1])


@pytest.mark.parametrize(
    ("program", "score", "verdict"),
    [
        pytest.param(RIGHT["code-conv2d"], 10.5, "correct", id="right"),
        pytest.param(WRONG["code-conv2d", "pad-ignored"], 100 / 17 + 0.5, "partial", id="right-in-some-groups"),
        pytest.param(HOSTILE, 0.5, "incorrect", id="ends-its-process"),
    ],
)
def test_the_same_points_and_words_wherever_it_is_marked(program: str, score: float, verdict: str, course: Path, home: Path, tmp_path: Path) -> None:
    write(home, program)
    run_pytest(home, "-q", "--grader-json", str(tmp_path / "pytest.json"), status=1)
    by_pytest = json.loads((tmp_path / "pytest.json").read_text(encoding="utf-8"))
    assert run("ci", home).exit_code == 1
    by_ci = read(home, "record.json")
    by_clone = counted(course, tmp_path, "--from-repos", tmp_path / "clones")
    folder = tmp_path / "submitted" / "ada" / "hw"
    folder.mkdir(parents=True)
    for name in ("answers.yaml", "code-conv2d.py"):
        shutil.copy(home / name, folder / name)
    by_folder = counted(course, tmp_path, tmp_path / "submitted")
    assert seen(by_pytest) == seen(by_ci) == seen(by_clone) == seen(by_folder)
    assert by_clone["submission"] == by_folder["submission"], "the same files are the same hand-in, wherever they lie"
    part = by_ci["slots"][0]["parts"][0]
    assert (by_ci["score"], part["verdict"], by_ci["status"]) == (pytest.approx(score), verdict, "graded")
    assert sum(test["score"] for test in read(home, "classroom.json")["tests"]) == pytest.approx(score)


def test_gradescope_marks_the_programs_of_an_upload(course: Path, home: Path, tmp_path: Path) -> None:
    write(home, WRONG["code-conv2d", "pad-ignored"])
    archive = tmp_path / "hw.zip"
    assert run("gradescope", "hw", "--course", course, "--out", archive).exit_code == 0
    root = gradescope_folder.lay_out(tmp_path / "autograder", home / "answers.yaml")
    shutil.copy(home / "code-conv2d.py", root / "submission")
    zipfile.ZipFile(archive).extractall(root / "source")
    assert autograde([str(root)]) == 0
    results = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    run("ci", home)
    record = read(home, "record.json")
    assert [test["score"] for test in results["tests"]] == [part["points"] for slot in record["slots"] for part in slot["parts"]]
    assert results["tests"][0]["output"] == record["slots"][0]["parts"][0]["feedback"]["en"]
    assert results["score"] == pytest.approx(100 / 17 + 0.5)


def commit(home: Path, time: str) -> None:
    environment = {**os.environ, "GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "done"]):
        subprocess.run(["git", *command], cwd=home, env=environment, check=True)


def test_a_clone_was_handed_in_when_its_last_program_was_committed(course: Path, home: Path, tmp_path: Path) -> None:
    commit(home, "2026-12-02T12:00:00+00:00")
    write(home, RIGHT["code-conv2d"])
    commit(home, "2026-12-03T12:00:00+00:00")
    (home / "notes.py").write_text("x = 1\n")
    commit(home, "2026-12-04T12:00:00+00:00")
    assert counted(course, tmp_path, "--from-repos", tmp_path / "clones")["submitted_at"] == "2026-12-03T12:00:00+00:00"


def test_a_link_in_place_of_a_program_leads_nowhere(course: Path, home: Path, tmp_path: Path) -> None:
    (home / "code-conv2d.py").unlink()
    (home / "code-conv2d.py").symlink_to(course / FILE)
    found = run("grade", "hw", "--from-repos", tmp_path / "clones", "--course", course, "--records", tmp_path / "records.jsonl")
    assert found.exit_code == 1
    record = json.loads((tmp_path / "records.jsonl").read_text(encoding="utf-8"))
    assert record["status"] == "refused"
    assert record["notes"][0]["en"].startswith("code-conv2d.py: ")
    assert SECRET not in json.dumps(record)
    assert run("ci", home).exit_code == 1
    assert read(home, "record.json")["notes"][0] == record["notes"][0]


@pytest.mark.parametrize(("feedback", "shown"), [("now", True), ("never", False)])
def test_what_a_call_should_have_returned_is_a_key(feedback: str, shown: bool, home: Path) -> None:
    with (home / ".grader" / "course.yaml").open("a", encoding="utf-8") as file:
        file.write(f"policies:\n  feedback: {feedback}\n")
    write(home, WRONG["code-conv2d", "pad-ignored"])
    run("ci", home)
    record = read(home, "record.json")
    groups = record["slots"][0]["parts"][0]["run"]["groups"]
    assert any(group["expected"] for group in groups) is shown
    assert [group["seen"] is not None for group in groups] == [group["passed"] < group["cases"] for group in groups]
    assert (record["slots"][1]["parts"][0]["key"] is not None) is shown


def test_a_place_is_the_function_in_its_file(home: Path) -> None:
    write(home, "\n\n" + WRONG["code-conv2d", "pad-ignored"])
    run("ci", home)
    line = (home / "code-conv2d.py").read_text(encoding="utf-8").splitlines().index("def conv2d(x, w, stride=1, padding=0):") + 1
    quality = read(home, "codequality.json")
    assert quality[0]["location"] == {"path": "code-conv2d.py", "lines": {"begin": line}}
    assert quality[-1]["location"]["path"] == "answers.yaml"
    assert "output-size" in (home / "answers.yaml").read_text(encoding="utf-8").splitlines()[quality[-1]["location"]["lines"]["begin"] - 1]


def test_the_repository_has_starters_that_count_as_nothing_and_the_question(home: Path) -> None:
    run("ci", home)
    assert read(home, "record.json")["slots"][0]["parts"][0]["verdict"] == "blank"
    page = (home / "README.md").read_text(encoding="utf-8")
    assert "def conv2d(x, w, stride=1, padding=0):" in page
    assert "请在 `code-conv2d.py` 中编写 `conv2d`" in page
    manifest = json.loads((home / ".grader" / "repository.json").read_text(encoding="utf-8"))
    assert "code-conv2d.py" not in manifest["files"], "it is the student's to change"


def test_a_program_is_run_without_the_network(home: Path) -> None:
    """In a process of its own: there is no way back from --offline."""
    write(home, RIGHT["code-conv2d"])
    found = subprocess.run([sys.executable, "-m", "grader", "ci", str(home), "--json", "--offline"], capture_output=True, text=True, check=False)
    assert json.loads(found.stdout)["slots"][0]["score"] == 10


@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto", "socket.sendmsg"])
def test_offline_refuses_what_leads_away_and_lets_processes_here_talk(event: str) -> None:
    with socket.socket() as away, pytest.raises(OfflineError, match="--offline"):
        _refuse(event, (away, ("127.0.0.1", 9)))
    with socket.socket(socket.AF_UNIX) as here:
        _refuse(event, (here, None))


def nothing_confines(trust: bool) -> Any:
    raise IsolationError("nothing confines it here.")


def test_where_nothing_confines_it_a_program_is_refused_and_said_why(
    course: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(home, RIGHT["code-conv2d"])
    monkeypatch.setattr(code_running, "runner_for", nothing_confines)
    found = run("ci", home)
    assert found.exit_code == 1
    assert found.stderr == (
        "grader: nothing confines it here. With --trust-student-code programs are run all the same: only your own, or if you have read them.\n"
    )
    assert not (home / "grader-results").exists(), "no mark at all, rather than one without the program"
    (home / "unconfined.py").write_text(UNCONFINED)
    said = run_pytest(home, "-q", "-p", "unconfined", status=2).stdout
    assert "nothing confines it here. Your own programs you may run with --trust-student-code." in said
    archive = tmp_path / "hw.zip"
    run("gradescope", "hw", "--course", course, "--out", archive)
    root = gradescope_folder.lay_out(tmp_path / "autograder", home / "answers.yaml")
    shutil.copy(home / "code-conv2d.py", root / "submission")
    zipfile.ZipFile(archive).extractall(root / "source")
    assert autograde([str(root)]) == 1
    assert not (root / "results").exists()
    assert "grader gradescope --trust-student-code" in capfd.readouterr().err


def test_where_it_is_trusted_a_program_is_run_all_the_same(course: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted: list[bool] = []
    true_runner = code_running.runner_for

    def remembered(trust: bool) -> Any:
        trusted.append(trust)
        return true_runner(trust)

    monkeypatch.setattr(code_running, "runner_for", remembered)
    write(home, RIGHT["code-conv2d"])
    run("ci", home, "--trust-student-code")
    assert read(home, "record.json")["slots"][0]["score"] == 10
    archive = tmp_path / "hw.zip"
    run("gradescope", "hw", "--course", course, "--out", archive, "--trust-student-code")
    root = gradescope_folder.lay_out(tmp_path / "autograder", home / "answers.yaml")
    shutil.copy(home / "code-conv2d.py", root / "submission")
    zipfile.ZipFile(archive).extractall(root / "source")
    assert autograde([str(root)]) == 0
    assert trusted == [True, True]


def test_the_runner_starts_while_what_a_program_is_compared_with_is_computed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the other here: one after the other, neither would get on."""
    starting, computing = threading.Event(), threading.Event()
    true_expect = Exercise.expect

    def starts(*, trust: bool) -> Runner:
        starting.set()
        assert computing.wait(10), "nothing is computed while the runner starts"
        return Runner(trust=trust)

    def expect(exercise: Exercise, given: Any) -> Any:
        if exercise.code_part is not None:
            assert starting.wait(10), "the runner was not begun before the answers of the cases are computed"
            computing.set()
        return true_expect(exercise, given)

    write(home, RIGHT["code-conv2d"])
    monkeypatch.setenv("GRADER_CACHE", "")
    monkeypatch.setattr(code_running, "_own", code_running._Own())  # as in a process that has run nothing yet
    monkeypatch.setattr(code_running, "Runner", starts)
    monkeypatch.setattr(Exercise, "expect", expect)
    run("ci", home)
    assert read(home, "record.json")["slots"][0]["score"] == 10
    code_running.runner_for(False).close()


def test_a_repository_holds_what_its_programs_are_tried_on_and_nothing_hidden(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = home / ".grader" / "exercises" / "code-conv2d.cases"
    exercise = read_exercise(home / ".grader", "code-conv2d")
    found = shown_cases(exercise, home / ".grader")
    assert found is not None
    assert exercise.code_part is not None
    assert exercise.code_part.code is not None
    assert {case.group for case in found.cases} == {group.id for group in exercise.code_part.code.groups if not group.hidden}
    assert json.loads((home / ".grader" / "repository.json").read_text())["files"][".grader/exercises/code-conv2d.cases"] == file_digest(kept.read_bytes())
    monkeypatch.chdir(home)
    monkeypatch.setattr(Exercise, "expect", lambda *_: pytest.fail("it was computed again"))
    write(home, RIGHT["code-conv2d"])
    assert run("try", "code-conv2d.py").stdout.splitlines()[-1] == "Right: it passes all 19 cases."


def test_try_in_a_repository_takes_the_exercise_of_that_repository(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / ".grader" / "exercises" / "code-conv2d.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("the padding is 1,", "there is one ring of zeros,"), encoding="utf-8")
    monkeypatch.chdir(home)
    write(home, WRONG["code-conv2d", "pad-ignored"])
    assert "✗ there is one ring of zeros  0/2" in run("try", "code-conv2d.py").stdout


@pytest.mark.parametrize(("language", "group"), [("en", "✗ the padding is 1  0/2"), ("zh", "✗ 填充为 1  0/2")])
def test_the_summary_has_the_groups_of_cases(language: str, group: str, home: Path) -> None:
    write(home, WRONG["code-conv2d", "pad-ignored"])
    run("ci", home, "--lang", language)
    text = (home / "grader-results" / "summary.md").read_text(encoding="utf-8")
    assert group in text


@pytest.mark.parametrize(("option", "words"), [("--grader-offline", "OfflineError"), ("-q", "ConnectionRefusedError")])
def test_pytest_refuses_the_network_where_it_is_told_to(option: str, words: str, home: Path, tmp_path: Path) -> None:
    write(home, RIGHT["code-conv2d"])
    (home / "test_away.py").write_text("import socket\n\ndef test_away():\n    socket.create_connection(('127.0.0.1', 9), 1)\n")
    found = run_pytest(home, option, "--grader-json", str(tmp_path / "record.json"), status=1)
    assert words in found.stdout
    assert json.loads((tmp_path / "record.json").read_text())["slots"][0]["score"] == 10, "the program is run and marked all the same"


def test_where_nothing_was_written_nothing_need_be_confined(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_running, "runner_for", nothing_confines)
    run("ci", home)
    assert read(home, "record.json")["score"] == 0.5
