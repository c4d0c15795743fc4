"""What a student's repository holds, and what is said of one that was damaged."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from grader.ci.course_copy import course_files, write_files
from grader.ci.pass_mark import read_share
from grader.ci.repository import RepositoryError, read_manifest, read_repository
from grader.ci.workflows import PACKAGE, github, gitlab
from grader.course.course import Assignment, Course, load_course
from grader.course.key_files import key_files
from grader.documents import read_yaml
from grader.variants.given import given_lines
from grader.variants.sheet import prompt_of
from tests.conftest import ROOT

from .conftest import ASSIGNMENT, SECRET, Made, answers_of, fill, read, run

Damage = Callable[[Path], object]


def test_it_holds_the_sheet_the_questions_and_the_workflows(ada: Path, made: Made) -> None:
    names = {path.relative_to(ada).as_posix() for path in ada.rglob("*") if path.is_file()}
    expected = {
        "README.md",
        "answers.yaml",
        ".gitignore",
        ".gitlab-ci.yml",
        ".github/workflows/classroom.yml",
        ".grader/course.yaml",
        ".grader/repository.json",
    }
    assert {name for name in names if not name.startswith((".grader/exercises/", ".grader/solutions/"))} == expected
    page = (ada / "README.md").read_text(encoding="utf-8")
    for variant in made.sheet("ada").variants:
        prompt = prompt_of(variant)
        for words in (prompt.en, prompt.zh):
            assert words.split("\n")[0][:30] in page.replace("\\", ""), variant.slot


def test_it_holds_no_secret_no_roster_and_no_key(ada: Path, made: Made) -> None:
    texts = {path.relative_to(ada).as_posix(): path.read_text(encoding="utf-8") for path in ada.rglob("*") if path.is_file()}
    for name, text in texts.items():
        assert SECRET not in text, name
        assert "hua@example.org" not in text, name
        assert "roster" not in text or name.startswith(".grader/solutions"), name
    manifest = json.loads(texts[".grader/repository.json"])
    assert set(manifest) == {"version", "sheet", "languages", "slots", "signature", "files", "proof"}
    assert all(set(slot) == {"variant", "given"} for slot in manifest["slots"].values())
    keys = {json.dumps(answer) for parts in answers_of(made.sheet("ada")).values() for answer in parts.values() if isinstance(answer, list)}
    assert len(keys) >= 3
    assert not any(key in text for key in keys for text in texts.values())


@pytest.mark.parametrize("assignment", ["lesson1", "lesson1-worked"])
def test_the_course_in_it_marks_alike(assignment: str, course: Course, tmp_path: Path) -> None:
    write_files(tmp_path, course_files(course, course.assignment(assignment)))
    copy = load_course(tmp_path)
    own, other = course.assignment(assignment), copy.assignment(assignment)
    assert list(copy.assignments) == [assignment]
    assert copy.roster is None
    assert (copy.id, copy.title, copy.timezone, copy.languages) == (course.id, course.title, course.timezone, course.languages)
    assert plain(own) == plain(other)
    assert {entry.exercise.digest for entry in own.entries} == {entry.exercise.digest for entry in other.entries}


def plain(assignment: Assignment) -> tuple[object, ...]:
    """All of an assignment but its exercises, which lie in another folder."""
    entries = [(entry.exercise.id, entry.exercise.level, entry.slots, entry.points, entry.given) for entry in assignment.entries]
    return (assignment.id, assignment.title, assignment.policies, assignment.opens, assignment.due, entries)


@pytest.mark.parametrize("install", [PACKAGE, "git+https://example.org/it's.git@main", "./a b.whl"])
def test_workflows_are_yaml_and_keep_what_they_are_told_in_one_word(install: str) -> None:
    on_github = yaml.safe_load(github(install, "60%"))
    steps = on_github["jobs"]["run-autograding-tests"]["steps"]
    assert [step["env"]["INSTALL"] for step in steps if "INSTALL" in step.get("env", {})] == [install]
    assert [step["env"]["PASS_MARK"] for step in steps if "PASS_MARK" in step.get("env", {})] == ["60%"]
    assert on_github["permissions"] == {"contents": "read"}
    assert [step["env"] for step in steps if "grading-reporter" in step.get("uses", "")] == [{"GRADER_RESULTS": "${{ steps.grade.outputs.result }}"}]
    job = yaml.safe_load(gitlab(install, "60%"))["grade"]
    assert (job["variables"]["INSTALL"], job["variables"]["PASS_MARK"]) == (install, "60%")
    assert job["artifacts"]["reports"] == {"junit": "grader-results/junit.xml", "codequality": "grader-results/codequality.json"}
    for script in (*job["script"], *(step["run"] for step in steps if "run" in step)):
        assert install not in script, "what an instructor wrote never stands in a script"


def test_what_a_push_installs_and_computes_is_kept_though_its_sheet_is_not_all_right() -> None:
    """A service keeps a cache by itself only where the run succeeds: then no student would have one before they are done."""
    default = key_files({}).folder
    assert default is not None
    kept = f"~/{default.parent.relative_to(Path.home())}"
    workflow = yaml.safe_load(github(PACKAGE, "1"))["jobs"]["run-autograding-tests"]["steps"]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    for steps in (workflow, action):
        used = [step.get("uses", "").split("@")[0] for step in steps]
        restore, save = steps[used.index("actions/cache/restore")], steps[used.index("actions/cache/save")]
        marking = next(number for number, step in enumerate(steps) if "grader ci" in step.get("run", ""))
        assert used.index("actions/cache/restore") < marking < used.index("actions/cache/save")
        assert save["if"].startswith("always() && ")
        assert f"steps.{steps[marking]['id']}.outcome != 'skipped'" in save["if"], "what a broken installation leaves is not kept"
        assert restore["with"]["path"] == save["with"]["path"]
        assert restore["with"]["path"].split() == ["~/.cache/pip", kept]
        assert save["with"]["key"] == f"${{{{ steps.{restore['id']}.outputs.cache-primary-key }}}}"
        assert not any("cache" in step.get("with", {}) for step in steps), "setup-python's own"
    job = yaml.safe_load(gitlab(PACKAGE, "1"))["grade"]
    assert job["cache"]["when"] == "always"
    (path,) = job["cache"]["paths"]
    assert all(job["variables"][name].startswith(f"$CI_PROJECT_DIR/{path}/") for name in ("PIP_CACHE_DIR", "GRADER_CACHE"))


def test_a_repository_is_made_once(made: Made, tmp_path: Path) -> None:
    arguments = ("repo", ASSIGNMENT, "--student", "ada", "--course", made.folder, "--out", tmp_path / "out")
    home = tmp_path / "out" / "lesson1-ada"
    assert run(*arguments).stdout == f"{home}\n"
    (home / "answers.yaml").write_text("begun")
    assert "1 were there already and stay as they are" in run(*arguments).stdout
    assert (home / "answers.yaml").read_text() == "begun"


def test_another_attempt_has_other_numbers_and_is_told_apart(made: Made, ada: Path, tmp_path: Path) -> None:
    run("repo", ASSIGNMENT, "--student", "ada", "--attempt", 2, "--course", made.folder, "--out", tmp_path / "second")
    second = tmp_path / "second" / "lesson1-ada"
    sheet = made.sheet("ada", 2)
    fill(second, sheet, answers_of(sheet))
    assert run("ci", second).exit_code == 0
    (ada / "answers.yaml").write_bytes((second / "answers.yaml").read_bytes())
    assert run("ci", ada).exit_code == 1
    assert "the sheet of attempt 2, and the repository is for attempt 1" in read(ada, "record.json")["notes"][0]["en"]


def test_the_proof_is_over_all_of_the_manifest(ada: Path) -> None:
    manifest, secret = read_manifest(ada), SECRET.encode()
    assert manifest.proven(secret)
    assert not manifest.proven(b"another secret of the tests")
    changed = [{"student": "x", "sheet": "conv101/lesson1/x/1"}, {"signature": "0"}, {"files": {}}, {"slots": {}}, {"languages": ("zh",)}, {"proof": None}]
    assert not any(replace(manifest, **change).proven(secret) for change in changed)  # type: ignore[arg-type]


def drop_slot(home: Path) -> None:
    path = home / ".grader" / "repository.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["slots"]["one-window"]
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(lambda home: (home / ".grader/repository.json").unlink(), "there is no .grader/repository.json", id="no-manifest"),
        pytest.param(lambda home: (home / ".grader/repository.json").write_text("{"), "this is not JSON", id="not-json"),
        pytest.param(lambda home: (home / ".grader/repository.json").write_text("[]"), "is not as `grader repo` writes it", id="another-json"),
        pytest.param(lambda home: (home / ".grader/repository.json").write_text('{"sheet": "a/b"}'), "is not as `grader repo` writes it", id="no-sheet"),
        pytest.param(lambda home: (home / ".grader/course.yaml").unlink(), "course.yaml", id="no-course"),
        pytest.param(lambda home: (home / ".grader/exercises/one-window.yaml").unlink(), "there is no exercise 'one-window'", id="no-exercise"),
        pytest.param(drop_slot, "the numbers of a question are missing", id="no-given"),
    ],
)
def test_damage_is_said_with_a_cure(damage: Damage, said: str, ada: Path) -> None:
    damage(ada)
    result = run("ci", ada)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "git checkout" in result.stderr or "grader repo" in result.stderr
    assert not (ada / "grader-results").exists()


def test_a_solution_that_fails_is_no_loss_of_the_student(ada: Path, made: Made) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, answers_of(sheet))
    (ada / ".grader" / "solutions" / "one_window.py").write_text("raise RuntimeError\n")
    assert run("ci", ada, "--pass-mark", "0").exit_code == 1, "a person looks"
    assert read(ada, "record.json")["status"] == "failed"
    assert read(ada, "classroom.json")["status"] == "error"


def test_no_sheet_is_said(ada: Path) -> None:
    (ada / "answers.yaml").unlink()
    assert run("ci", ada).exit_code == 1
    assert "there is no answers.yaml here" in read(ada, "record.json")["notes"][0]["en"]


def test_offline_refuses_the_network(ada: Path) -> None:
    """In a process of its own: there is no way back."""
    solution = ada / ".grader" / "solutions" / "one_window.py"
    solution.write_text("import socket\nsocket.getaddrinfo('localhost', 1)\n" + solution.read_text(encoding="utf-8"), encoding="utf-8")
    found = [
        subprocess.run([sys.executable, "-m", "grader", "ci", str(ada), "--json", *more], capture_output=True, text=True, check=False).stdout
        for more in ([], ["--offline"])
    ]
    assert [json.loads(line)["status"] for line in found] == ["graded", "failed"]


@pytest.mark.parametrize(("text", "share"), [("1", "1"), ("0", "0"), ("0.6", "3/5"), ("60%", "3/5"), (" 62.5 % ", "5/8"), ("100%", "1")])
def test_pass_marks(text: str, share: str) -> None:
    assert str(read_share(text)) == share


@pytest.mark.parametrize("text", ["60", "-1", "1.1", "110%", "", "half", "1e-1", "０.5"])
def test_no_pass_mark(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape("write 0.6 or 60%")):
        read_share(text)


def test_wrong_use(ada: Path, made: Made, tmp_path: Path) -> None:
    assert run("ci", ada, "--pass-mark", "60").exit_code == 2
    assert run("ci", ada, "--lang", "fr").exit_code == 2
    assert run("grade", ASSIGNMENT, "--from-repos", tmp_path / "none", "--course", made.folder).exit_code == 2
    assert run("grade", ASSIGNMENT, ada, "--from-repos", ada, "--course", made.folder).exit_code == 2
    assert run("repo", ASSIGNMENT, "--student", "nobody", "--course", made.folder).exit_code == 2
    assert run("gradescope", "nothing", "--course", made.folder).exit_code == 2


def test_a_repository_is_read_as_it_was_written(ada: Path, made: Made) -> None:
    repository = read_repository(ada)
    sheet = made.sheet("ada")
    assert {slot: (own.variant, own.given) for slot, own in repository.manifest.slots.items()} == {v.slot: (v.id, v.given) for v in sheet.variants}
    assert repository.manifest.signature == sheet.signature(SECRET.encode())
    assert read_yaml((ada / ".grader" / "course.yaml").read_text(encoding="utf-8"), typed=True).data["course"] == "conv101"
    with pytest.raises(RepositoryError, match="there is no"):
        read_repository(made.folder)


@pytest.mark.parametrize("secret", [pytest.param(False, id="without-the-secret"), pytest.param(True, id="with-the-secret")])
def test_marking_leaves_nothing_but_its_results(ada: Path, monkeypatch: pytest.MonkeyPatch, secret: bool) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    if secret:  # then the numbers are drawn again, by solutions that lie in the repository
        monkeypatch.setenv("GRADER_SECRET", SECRET)
    before = {path.relative_to(ada) for path in ada.rglob("*")}
    run("ci", ada)
    left = {path.relative_to(ada) for path in ada.rglob("*")} - before
    assert {path.parts[0] for path in left} == {"grader-results"}


def test_the_action_runs_no_input() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)
    used = re.findall(r"inputs\.([\w-]+)", json.dumps(steps))
    assert sorted(set(used)) == sorted(action["inputs"])
    assert all(re.fullmatch(r"\$\{\{ steps\.mark\.outputs\.(\w+) \}\}", output["value"]) for output in action["outputs"].values())
    assert all(step["shell"] == "bash" for step in steps if "run" in step), "a composite action has no shell of its own"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="empty"),
        pytest.param({"input": "x", "kernel": None}, id="no-arrays"),
        pytest.param({"input": [[1, 2], [3]], "kernel": [[[]]]}, id="ragged-and-empty"),
        pytest.param({"input": {"a": [[1]]}, "kernel": [[{"b": 1}, "```"], ["<b>", None]]}, id="of-other-kinds"),
        pytest.param({"input": [[1] * 3] * 3, "kernel": [[1] * 3] * 3, "fence": "```\n<b>"}, id="that-would-end-their-fence"),
        pytest.param({"input": [[1e300, -1]] * 3, "kernel": [[True]]}, id="numbers-that-are-none-of-ours"),
    ],
)
def test_numbers_that_were_spoiled_stop_nothing(given: object, ada: Path) -> None:
    path = ada / ".grader" / "repository.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["slots"]["one-window"]["given"] = given
    path.write_text(json.dumps(data), encoding="utf-8")
    assert run("ci", ada).exit_code == 1
    assert read(ada, "record.json")["status"] == "failed", "the grader cannot mark it: a person looks"
    summary = (ada / "grader-results" / "summary.md").read_text(encoding="utf-8")
    assert summary.count("```") % 2 == 0
    assert ("'''" in summary) == ("fence" in json.dumps(given))


def test_the_summary_shows_the_arrays_that_were_asked_about(ada: Path, made: Made) -> None:
    run("ci", ada)
    summary = (ada / "grader-results" / "summary.md").read_text(encoding="utf-8")
    variant = next(variant for variant in made.sheet("ada").variants if variant.slot == "one-window")
    grids = given_lines(variant.given)
    assert len(grids) > 3
    assert "\n```text\n" + "\n".join(grids) + "\n```\n" in summary
