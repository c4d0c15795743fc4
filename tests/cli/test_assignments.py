"""The assignments that ship, all the way: sheets in both forms, a simulated class, its grades, the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.course.course import load_course
from grader.variants.separate import separation, showable
from grader.variants.variant import draw_sheet
from tests.cli.conftest import Run

ASSIGNMENTS = ("lesson2", "lesson3", "lesson4", "exam")


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_an_assignment_from_sheet_to_report(run: Run, course_dir: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("yaml", "json"):
        assert run("issue", name, "--student", "ada", "--format", form, "--out", form).exit_code == 0
    sheet = json.loads((course_dir / "json" / "ada" / name / "answers.json").read_text(encoding="utf-8"))
    text = (course_dir / "yaml" / "ada" / name / "answers.yaml").read_text(encoding="utf-8")
    assert all(f"\n  {slot}:" in text for slot in sheet["slots"]), "the same questions in both forms"
    assert run("simulate", name, "--students", "5", "--out", "trial").exit_code == 0
    monkeypatch.chdir(course_dir / "trial")
    assert run("grade", name, "--records", "records.jsonl").exit_code in (0, 1)
    assert run("report", name).exit_code == 0
    records = {record["student"]: record for record in map(json.loads, Path("records.jsonl").read_text(encoding="utf-8").splitlines())}
    truth = [json.loads(line) for line in Path(f"truth-{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    seen = 0
    for line in truth:
        record = records[line["student"]]
        if line["damage"] is not None:
            continue
        assert record["status"] == "graded"
        for slot in record["slots"]:
            for part in slot["parts"]:
                origin = line["answers"][slot["slot"]][part["part"]]
                if origin["kind"] == "right":
                    assert part["verdict"] == "correct", (slot["slot"], part)
                elif origin["kind"] == "mistake":
                    assert origin["mistake"] in part["mistakes"], (slot["slot"], part)
                seen += 1
    assert seen > 50


def test_the_exam_is_strict(course_dir: Path) -> None:
    policies = load_course(course_dir).assignment("exam").policies
    assert (policies.feedback, policies.attempts.count) == ("after_due", 1)
    assert policies.late.per_day and policies.late.until


def test_slots_drawn_together_show_every_wrong_method(course_dir: Path) -> None:
    """Each wrong method that the exercise can show at this level differs from the key in one of the slots at least."""
    course = load_course(course_dir)
    entries = [(name, entry) for name in ("lesson1", *ASSIGNMENTS) for entry in course.assignment(name).entries if len(entry.slots) > 1]
    assert {(entry.exercise.id, len(entry.slots)) for _, entry in entries} == {("output-size", 4), ("pool-size", 3), ("transposed-size", 3)}
    for name, entry in entries:
        for student in ("ada", "hua", "wang"):
            sheet = draw_sheet(course, course.assignment(name), student, 1, b"a secret for the assignments")
            group = [variant.expected for variant in sheet.variants if variant.slot in entry.slots]
            assert separation(group).shown >= showable(entry.exercise).shown, (name, entry.exercise.id, student)
            assert len(separation(group).shown) >= 6
