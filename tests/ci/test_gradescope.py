"""The autograder's zip, run in a folder laid out like the real one."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.ci.autograder import Metadata, kept_score, main
from grader.ci.autograder import run as autograde
from grader.ci.gradescope_zip import _shell
from grader.course.policies import Attempts

from .conftest import ASSIGNMENT, Made, answers_of, fill, mixed, read, run
from .gradescope_folder import before, lay_out


@pytest.fixture(scope="module")
def archive(made: Made) -> Path:
    result = run("gradescope", ASSIGNMENT, "--course", made.folder)
    assert result.exit_code == 0, result.output
    return Path(result.stdout.strip())


@pytest.fixture
def filled(made: Made, ada: Path) -> Path:
    sheet = made.sheet("ada")
    return fill(ada, sheet, mixed(sheet))


def results(archive: Path, root: Path) -> dict[str, Any]:
    """As the zip's own script gives them, in this process."""
    zipfile.ZipFile(archive).extractall(root / "source")
    return autograde(root)


def test_the_zip_holds_scripts_course_and_numbers_but_no_secret_and_no_key(archive: Path, made: Made) -> None:
    opened = zipfile.ZipFile(archive)
    names = opened.namelist()
    assert {"setup.sh", "run_autograder", "issued.json", "course/course.yaml"} <= set(names)
    assert all(opened.getinfo(name).external_attr >> 16 == 0o100755 for name in ("setup.sh", "run_autograder"))
    secret = (made.folder / ".grader-secret").read_bytes().strip()
    assert all(secret not in opened.read(name) for name in names)
    issued = json.loads(opened.read("issued.json"))
    assert set(issued["sheets"]["ada"]["1"]["slots"]["output-size-1"]) == {"variant", "given"}
    assert issued["students"]["ada@example.org"] == "ada"


def test_the_same_course_gives_the_same_zip(archive: Path, made: Made, tmp_path: Path) -> None:
    run("gradescope", ASSIGNMENT, "--course", made.folder, "--out", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_run_where_it_was_built(made: Made, filled: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = lay_out(tmp_path / "autograder", filled)
    result = run("gradescope", ASSIGNMENT, "--course", made.folder, "--out", tmp_path / "a.zip", "--try", root)
    assert result.exit_code == 0, result.output + capfd.readouterr().err
    found = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert f"results: {root / 'results' / 'results.json'}" in result.output
    run("ci", filled.parent)
    record = read(filled.parent, "record.json")
    assert found["score"] == record["score"], "the same points as everywhere"
    assert [test["score"] for test in found["tests"]] == [part["points"] for slot in record["slots"] for part in slot["parts"]]
    assert found["extra_data"]["flags"] == [], "these are the true variants"


@pytest.mark.parametrize(
    ("metadata", "attempt", "taken"),
    [
        pytest.param({}, 1, 0, id="in-time"),
        pytest.param({"created_at": "2026-12-09T12:00:00+08:00"}, 1, Fraction(1, 10), id="a-day-late"),
        pytest.param({"created_at": "2026-12-09T12:00:00+08:00", "assignment": {"due_date": "2026-12-10T12:00:00+08:00"}}, 1, 0, id="gradescopes-own-due-date"),
        pytest.param(
            {
                "created_at": "2026-12-09T12:00:00+08:00",
                "users": [{"email": "Ada@Example.org", "assignment": {"due_date": "2026-12-11T12:00:00+08:00"}}],
            },
            1,
            0,
            id="an-extension",
        ),
        pytest.param({"previous_submissions": before(3.5)}, 2, 0, id="second-attempt"),
    ],
)
def test_lateness_and_attempts_are_those_of_the_metadata(
    metadata: dict[str, Any], attempt: int, taken: Fraction, archive: Path, filled: Path, tmp_path: Path
) -> None:
    found = results(archive, lay_out(tmp_path / "autograder", filled, **metadata))
    points = sum(Fraction(str(test["score"])) for test in found["tests"])
    assert found["score"] == pytest.approx(float(points * (1 - taken)))
    assert found["extra_data"]["sheet"].endswith(f"/{attempt}")


@pytest.mark.parametrize(
    ("previous", "keep", "count", "kept"),
    [
        pytest.param((), "best", 3, 5, id="first"),
        pytest.param((7.5,), "best", 3, 7.5, id="best-was-before"),
        pytest.param((7.5,), "last", 3, 5, id="last-is-this"),
        pytest.param((1, 2, 3), "best", 3, 3, id="too-many-attempts-best"),
        pytest.param((4, 2, 3), "last", 3, 3, id="too-many-attempts-last"),
        pytest.param((None, 2), "best", 3, 5, id="one-had-failed"),
        pytest.param((None,), "best", 1, 0, id="only-one-that-failed"),
    ],
)
def test_the_score_that_counts(previous: tuple[float | None, ...], keep: str, count: int, kept: float) -> None:
    scores = tuple(None if score is None else Fraction(str(score)) for score in previous)
    metadata = Metadata(created_at=None, due=None, users=(), previous=scores)
    assert kept_score(Fraction(5), metadata, Attempts(count=count, keep=keep)) == Fraction(str(kept))


def test_a_better_score_before_is_kept_and_said(archive: Path, filled: Path, tmp_path: Path) -> None:
    found = results(archive, lay_out(tmp_path / "autograder", filled, previous_submissions=before(19.5, None)))
    assert found["score"] == 19.5
    assert "The score that counts by the rules of the course: 19.5." in found["output"]
    assert found["extra_data"]["own_score"] < 19.5


@pytest.mark.parametrize(
    ("metadata", "flag", "words"),
    [
        pytest.param({"users": [{"email": "nobody@example.org"}]}, ["not-on-roster"], "nobody@example.org", id="not-on-the-roster"),
        pytest.param({"users": []}, ["not-on-roster"], "the roster", id="nobody-named"),
        pytest.param({"users": [{"email": "hua@example.org"}]}, ["not-theirs"], "the sheet of ada", id="anothers-sheet"),
    ],
)
def test_who_cannot_be_marked_is_told_why(metadata: dict[str, Any], flag: list[str], words: str, archive: Path, filled: Path, tmp_path: Path) -> None:
    found = results(archive, lay_out(tmp_path / "autograder", filled, **metadata))
    assert (found["score"], found["extra_data"]["flags"], found["extra_data"]["person_looks"]) == (0, flag, True)
    assert words in found["tests"][0]["output"]


def test_nothing_handed_in(archive: Path, tmp_path: Path) -> None:
    found = results(archive, lay_out(tmp_path / "autograder", None))
    assert "there is no answers.yaml" in found["tests"][0]["output"]


def test_an_altered_given_is_marked_against_the_true_one(archive: Path, made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    path = fill(ada, sheet, answers_of(sheet))
    text = path.read_text(encoding="utf-8")
    head, _, tail = text.partition('"exercise": "output-size-basic", "given": {')
    path.write_text(f'{head}"exercise": "output-size-basic", "given": {{"padding": 1, {tail}', encoding="utf-8")
    found = results(archive, lay_out(tmp_path / "autograder", path))
    assert (found["score"], found["extra_data"]["flags"]) == (20, ["tampered"])


def test_a_fault_of_ours_leaves_no_score(archive: Path, filled: Path, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "autograder", filled)
    zipfile.ZipFile(archive).extractall(root / "source")
    (root / "submission_metadata.json").write_text("{")
    assert main([str(root)]) == 1
    assert not (root / "results").exists()


def test_words_of_the_shell_script_stay_one_word() -> None:
    assert _shell("it's; rm -rf $HOME") == "'it'\\''s; rm -rf $HOME'"


def test_the_zip_is_one(archive: Path) -> None:
    assert zipfile.ZipFile(io.BytesIO(archive.read_bytes())).testzip() is None
