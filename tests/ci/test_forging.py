"""What a student may do to a repository: nothing of it changes what `grade --from-repos` says, and what was altered is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.ci.clones import MAX_NAMED, NOT_AS_GIVEN
from grader.course.bank import lay_out
from grader.course.course import load_course
from grader.course.secret import FILE
from grader.reports.show import NOTES
from grader.variants.variant import draw_sheet

from .conftest import ASSIGNMENT, Made, answers_of, fill, mixed, read, run, run_pytest

PATCH = """
import pytest

@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.grader = {**getattr(report, "grader", {}), "points": "20", "possible": "20"}
"""
PRINT = 'print("::notice title=Autograding report::{\\"totalPoints\\":20,\\"maxPoints\\":20}")\n'
SHADOW = "raise SystemExit(0)\n"
SAID: dict[str, Any] = {"graded_at": "", "flags": [], "notes": []}  # what may differ between an honest clone's record and a forged one's
Forge = Callable[[Path], None]


def write(name: str, text: str) -> Forge:
    def forge(home: Path) -> None:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")

    return forge


def replace(name: str, old: str, new: str) -> Forge:
    def forge(home: Path) -> None:
        text = (home / name).read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}: correct the test"
        (home / name).write_text(text.replace(old, new), encoding="utf-8")

    return forge


def lighter_numbers(home: Path) -> None:
    """Another, easier question in the manifest, with what practice marking then takes for right."""
    path = home / ".grader" / "repository.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["slots"]["output-size-basic"]["given"] = {"input_size": 30, "kernel_size": 1}
    path.write_text(json.dumps(data), encoding="utf-8")


def own_digests(home: Path) -> None:
    """An edited workflow, and a manifest that says it was always so."""
    write(".github/workflows/classroom.yml", "on: push\n")(home)
    path = home / ".grader" / "repository.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["files"][".github/workflows/classroom.yml"]
    path.write_text(json.dumps(data), encoding="utf-8")


FORGERIES = [
    pytest.param(write("conftest.py", PATCH), ["conftest.py: added"], id="conftest-that-patches-reports"),
    pytest.param(write("conftest.py", "import os\nos._exit(0)\n"), ["conftest.py: added"], id="conftest-that-exits"),
    pytest.param(write("conftest.py", PRINT), ["conftest.py: added"], id="printed-notice"),
    pytest.param(write("pytest.py", SHADOW), [], id="pytest-shadowed"),
    pytest.param(write("grader/__init__.py", SHADOW), [], id="grader-shadowed"),
    pytest.param(write("sitecustomize.py", SHADOW), ["sitecustomize.py: added"], id="sitecustomize"),
    pytest.param(write("code/pytest.ini", "[pytest]\naddopts = --co\n"), ["code/pytest.ini: added"], id="pytest-ini"),
    pytest.param(write(".github/workflows/classroom.yml", "on: push\n"), [".github/workflows/classroom.yml: altered"], id="workflow-edited"),
    pytest.param(write(".github/workflows/own.yml", "on: push\n"), [".github/workflows/own.yml: added"], id="workflow-added"),
    pytest.param(lambda home: (home / ".gitlab-ci.yml").unlink(), [".gitlab-ci.yml: missing, or no plain file"], id="workflow-removed"),
    pytest.param(replace(".grader/solutions/one_window.py", "import", "import os, "), [".grader/solutions/one_window.py: altered"], id="solution-edited"),
    pytest.param(replace(".grader/course.yaml", '"points": 1', '"points": 100'), [".grader/course.yaml: altered"], id="points-edited"),
    pytest.param(write(".grader/.grader-secret", "0" * 32), [".grader/.grader-secret: added"], id="secret-of-ones-own"),
    pytest.param(lighter_numbers, [".grader/repository.json: altered, or made with another secret"], id="given-edited-in-the-manifest"),
    pytest.param(
        own_digests,
        [".grader/repository.json: altered, or made with another secret", ".github/workflows/classroom.yml: added"],
        id="workflow-and-manifest-edited",
    ),
    pytest.param(write("timestamp.txt", "2020-01-01T00:00:00+00:00"), [], id="time-of-ones-own"),
]


def graded(made: Made, clones: Path, tmp_path: Path) -> tuple[list[Any], int, str]:
    """Every record, the exit status, and what was said, of `grade --from-repos`."""
    path = tmp_path / "records.jsonl"
    result = run("grade", ASSIGNMENT, "--from-repos", clones, "--course", made.folder, "--all", "--records", path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()], result.exit_code, result.output


@pytest.mark.parametrize(("forge", "said"), FORGERIES)
def test_forging_changes_no_grade_and_is_said(forge: Forge, said: list[str], made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    honest, status, output = graded(made, tmp_path, tmp_path)
    assert status == 0, output
    forge(ada)
    forged, status, output = graded(made, tmp_path, tmp_path)
    for one, other in zip(honest, forged, strict=True):
        assert {**one, **SAID} == {**other, **SAID}
        assert other["flags"] == (["altered-files"] if said else [])
        assert [note["en"] for note in other["notes"]] == ([NOT_AS_GIVEN.en + "; ".join(said)] if said else [])
    assert [line for line in output.splitlines() if line.startswith("lesson1-ada: ")] == [f"lesson1-ada: {line}" for line in said]
    assert status == (1 if said else 0)
    assert "::" not in output


@pytest.mark.parametrize("name", ["conftest-that-patches-reports", "conftest-that-exits"])
def test_the_forgeries_do_deceive_pytest(name: str, made: Made, ada: Path) -> None:
    """Else the test above would show nothing: where a student's code runs, its word counts for nothing."""
    (forge,) = [case.values[0] for case in FORGERIES if case.id == name]
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    assert callable(forge)
    forge(ada)
    run_pytest(ada, "-q", status=0)


def test_what_was_altered_stays_with_the_record(made: Made, ada: Path, tmp_path: Path) -> None:
    """In every view, and through grading again, until a later look finds it mended."""
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    clones = ("grade", ASSIGNMENT, "--from-repos", tmp_path, "--course", made.folder)
    run(*clones)
    write("conftest.py", SHADOW)(ada)
    assert "1 graded; 1 records in all" in run(*clones).output, "found in a clone that was graded before: its record is made anew"
    assert "nothing new; 1 records in all" in run(*clones).output
    for language, words in (("en", "files of the repository are not as they were given out"), ("zh", "仓库中的文件与发放时不同")):
        shown = run("show", ASSIGNMENT, "ada", "--course", made.folder, "--lang", language).output
        assert words in shown
        assert "conftest.py" in shown
    table = run("report", ASSIGNMENT, "--course", made.folder).output
    assert "altered-files" in table
    csv = next(made.folder.rglob("grades.csv"))
    assert "altered-files" in next(line for line in csv.read_text(encoding="utf-8").splitlines() if line.startswith("ada,"))
    assert "altered-files" in flags(made)
    run("regrade", ASSIGNMENT, "--course", made.folder, "--yes")
    assert "altered-files" in flags(made), "what grades again looks at no clone, and still knows"
    (ada / "conftest.py").unlink()
    assert "1 graded; 1 records in all" in run(*clones).output
    assert flags(made) == []


def flags(made: Made) -> Any:
    return json.loads(run("show", ASSIGNMENT, "ada", "--course", made.folder, "--json").stdout)["flags"]


def test_a_refused_sheet_says_what_was_altered_apart_from_why(made: Made, ada: Path, tmp_path: Path) -> None:
    (ada / "answers.yaml").write_text("answers: [")
    write("conftest.py", SHADOW)(ada)
    (record,), _, _ = graded(made, tmp_path, tmp_path)
    assert (record["status"], record["flags"]) == ("refused", ["altered-files"])
    reason, _, rest = run("show", ASSIGNMENT, "ada", "--course", made.folder).output.partition("for this reason:")[2].partition(NOTES.en)
    assert "conftest.py" not in reason
    assert "conftest.py: added" in rest


def test_a_clone_full_of_alterations_makes_no_endless_note(made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    for number in range(50):
        write(f"{number}/conftest.py", SHADOW)(ada)
    (record,), _, output = graded(made, tmp_path, tmp_path)
    (note,) = record["notes"]
    assert note["en"].count("conftest.py: added") == MAX_NAMED - 1
    assert note["en"].endswith("; 41 more")
    assert output.count("conftest.py: added") == 50, "what is printed names each"


def test_an_edited_given_is_marked_against_the_true_one_and_flagged(made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    answers = mixed(sheet)
    answers["output-size-basic"] = {"output_size": 30}
    fill(ada, sheet, answers)
    own = next(dict(variant.given) for variant in sheet.variants if variant.slot == "output-size-basic")
    replace(
        "answers.yaml",
        json.dumps({"exercise": "output-size-basic", "given": own}),
        '{"exercise": "output-size-basic", "given": {"input_size": 30, "kernel_size": 1}}',
    )(ada)
    found, _, _ = graded(made, tmp_path, tmp_path)
    record = found[-1]
    part = next(slot["parts"][0] for slot in record["slots"] if slot["slot"] == "output-size-basic")
    assert "tampered" in record["flags"]
    assert (part["verdict"], part["key"]) == ("incorrect", own["input_size"] - own["kernel_size"] + 1)


def test_practice_on_edited_numbers_says_that_it_is_unverified(made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, {"output-size-basic": {"output_size": 30}})
    lighter_numbers(ada)
    run("ci", ada)
    record = read(ada, "record.json")
    part = next(slot["parts"][0] for slot in record["slots"] if slot["slot"] == "output-size-basic")
    assert part["verdict"] == "correct", "practice believes the manifest: whoever edits it deceives themselves"
    assert "unverified" in record["flags"]


def test_practice_with_the_secret_believes_nothing(made: Made, ada: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, {"output-size-basic": {"output_size": 30}})
    lighter_numbers(ada)
    monkeypatch.setenv("GRADER_SECRET", (made.folder / ".grader-secret").read_text().strip())
    run("ci", ada)
    record = read(ada, "record.json")
    part = next(slot["parts"][0] for slot in record["slots"] if slot["slot"] == "output-size-basic")
    assert part["verdict"] == "incorrect"
    assert "unverified" not in record["flags"]


def test_anothers_repository_is_refused(made: Made, tmp_path: Path) -> None:
    sheet = made.sheet("hua")
    fill(made.repository("hua", tmp_path), sheet, mixed(sheet))
    (tmp_path / "lesson1-hua").rename(tmp_path / "lesson1-emmy")
    found, status, output = graded(made, tmp_path, tmp_path)
    assert status == 1
    assert "lesson1-emmy: .grader/repository.json: of conv101/lesson1/hua/1; a folder is named after its student" in output
    (record,) = [record for record in found if record["student"] == "emmy"]
    assert (record["status"], record["flags"]) == ("refused", ["not-theirs", "altered-files"])


def test_links_lead_nowhere(made: Made, ada: Path, tmp_path: Path) -> None:
    (ada / "answers.yaml").unlink()
    (ada / "answers.yaml").symlink_to(made.folder / ".grader-secret")
    (ada / ".github" / "workflows" / "classroom.yml").unlink()
    (ada / ".github" / "workflows" / "classroom.yml").symlink_to("/etc/passwd")
    (ada / "grader-results").symlink_to(made.folder)
    found, status, output = graded(made, tmp_path, tmp_path)
    assert status == 1
    assert "lesson1-ada: .github/workflows/classroom.yml: a link stands there" in output
    assert "refused" in {record["status"] for record in found}
    result = run("ci", ada)
    assert result.exit_code == 1
    assert "grader-results is a link; remove it" in result.stderr
    assert not (made.folder / "junit.xml").exists()


def test_lateness_is_that_of_the_commit(made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    environment = {**os.environ, "GIT_AUTHOR_DATE": "2026-12-09T12:00:00+08:00", "GIT_COMMITTER_DATE": "2026-12-09T12:00:00+08:00"}
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "done"]):
        subprocess.run(["git", *command], cwd=ada, env=environment, check=True)
    found, _, _ = graded(made, tmp_path, tmp_path)
    assert {record["submitted_at"] for record in found if record["student"] == "ada"} >= {"2026-12-09T12:00:00+08:00"}
    late = next(record for record in found if record["submitted_at"] == "2026-12-09T12:00:00+08:00")
    assert [line["kind"] for line in late["adjustments"]] == ["late"]


def test_two_clones_of_one_student_are_said(made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    shutil.copytree(ada, tmp_path / "ada")
    _, status, output = graded(made, tmp_path, tmp_path)
    assert status == 1
    assert "lesson1-ada: a second clone of ada, beside ada" in output


def test_a_clone_is_no_folder_of_clones(made: Made, ada: Path) -> None:
    result = run("grade", ASSIGNMENT, "--from-repos", ada, "--course", made.folder)
    assert result.exit_code == 2
    assert f"{ada} is a clone itself; name the folder that holds all of them" in result.stderr


def test_a_clone_without_a_sheet_is_said(made: Made, ada: Path, tmp_path: Path) -> None:
    (ada / "answers.yaml").unlink()
    found, status, output = graded(made, tmp_path, tmp_path)
    assert (found, status) == ([], 1)
    assert "lesson1-ada: no answer file" in output


def test_a_course_of_pinned_numbers_needs_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_SECRET", raising=False)
    folder = tmp_path / "course"
    lay_out(folder)
    (folder / FILE).unlink()
    run("repo", "lesson1-worked", "--student", "ada", "--course", folder, "--out", tmp_path / "clones")
    home = tmp_path / "clones" / "lesson1-worked-ada"
    course = load_course(folder)
    sheet = draw_sheet(course, course.assignment("lesson1-worked"), "ada", 1, None)
    fill(home, sheet, answers_of(sheet))
    assert run("ci", home).exit_code == 0
    (home / ".gitlab-ci.yml").write_text("")
    result = run("grade", "lesson1-worked", "--from-repos", tmp_path / "clones", "--course", folder, "--json")
    assert json.loads(result.stdout)["score"] == 10
    assert "lesson1-worked-ada: .gitlab-ci.yml: altered" in result.stderr
