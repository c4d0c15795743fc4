"""One repository, graded by pytest, by `grader ci` and by `grade --from-repos`: the same points and verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from grader.reports.show import points
from grader.variants.variant import Sheet

from .conftest import ASSIGNMENT, Made, answers_of, fill, mixed, read, run, run_pytest

Answers = Callable[[Sheet], dict[str, dict[str, Any]]]


def points_of(record: Any) -> dict[str, tuple[float, str]]:
    return {f"{slot['slot']}.{part['part']}": (part["points"], part["verdict"]) for slot in record["slots"] for part in slot["parts"]}


@pytest.mark.parametrize(("answers", "status"), [pytest.param(mixed, 1, id="mixed"), pytest.param(answers_of, 0, id="all-right")])
def test_the_same_points_three_ways(answers: Answers, status: int, made: Made, ada: Path, tmp_path: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, answers(sheet))
    run_pytest(ada, "-q", "--grader-json", str(tmp_path / "pytest.json"), "--junitxml", str(tmp_path / "pytest.xml"), status=status)
    by_pytest = json.loads((tmp_path / "pytest.json").read_text(encoding="utf-8"))
    assert run("ci", ada).exit_code == status
    by_ci = read(ada, "record.json")
    assert run("grade", ASSIGNMENT, "--from-repos", tmp_path, "--records", tmp_path / "records.jsonl", "--course", made.folder, "--all").exit_code == 0
    counted = [json.loads(line) for line in (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    by_clone = next(record for record in counted if record["submission"] == by_ci["submission"])
    assert by_pytest["score"] == by_ci["score"] == by_clone["score"]
    assert points_of(by_pytest) == points_of(by_ci) == points_of(by_clone)
    assert by_pytest["flags"] == by_ci["flags"] == ["unverified"]
    assert by_clone["flags"] == []
    properties = [{one.get("name"): one.get("value") for one in case.iter("property")} for case in ElementTree.parse(tmp_path / "pytest.xml").iter("testcase")]
    assert sum(float(own["points"] or 0) for own in properties) == pytest.approx(by_ci["score"])


def test_mixed_holds_every_verdict_that_answers_can_earn(made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    run("ci", ada)
    record = read(ada, "record.json")
    assert {verdict for _, verdict in points_of(record).values()} == {"correct", "partial", "blank", "invalid", "incorrect"}
    assert record["score"] != int(record["score"]), "no fraction in it: this could not show that fractions survive"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["--pass-mark", "0.5"], 0, id="reached"),
        pytest.param(["--pass-mark", "99%"], 1, id="missed"),
        pytest.param(["--pass-mark", "0.5", "-n", "2"], 0, id="reached-in-workers"),
        pytest.param(["-n", "2"], 1, id="missed-in-workers"),
        pytest.param(["--pass-mark", "2"], 4, id="no-share"),
    ],
)
def test_exit_status_follows_the_pass_mark(arguments: list[str], status: int, made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    found = run_pytest(ada, "-q", *arguments, status=status)
    if status != 4:
        run("ci", ada)
        record = read(ada, "record.json")
        assert f"points: {points(Fraction(str(record['score'])))} of 20\n" in found.stdout


def test_another_test_that_fails_is_not_forgiven(made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, answers_of(sheet))
    (ada / "test_own.py").write_text("def test_own():\n    assert False\n")
    run_pytest(ada, "-q", "--pass-mark", "0", status=1)


def test_failures_are_the_feedback_and_lead_to_the_line(made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    found = run_pytest(ada, "-q", status=1).stdout
    assert "Nothing was filled in here." in found
    assert "Traceback" not in found
    assert "answers.yaml:2" in found


def test_a_part_of_the_tests_is_said_to_be_one(made: Made, ada: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, answers_of(sheet))
    found = run_pytest(ada, "-q", "-k", "output-size-1", status=0)
    assert "points: 1.5 of 1.5 (only 2 of 14 parts were run)" in found.stdout


def test_other_peoples_answer_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("sheet: x\n")
    run_pytest(tmp_path, "-q", status=5)
