"""`solve` and `mark`: one line out for one line in; and the same record whichever way an answer comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.course.course import load_course
from grader.marking.grade import grade
from grader.marking.slot import grade_slot, variant_of
from grader.marking.submission import read_submission
from grader.variants.variant import draw_sheet
from tests.cli.conftest import Run, hand_in

GIVEN = {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}


@pytest.mark.parametrize("answers", [{"padded_size": 8, "output_size": 4}, {"padded_size": "７", "output_size": "3.5"}, {"output_size": None}, "nonsense"])
def test_the_same_slot_grade_through_mark_grade_and_python(run: Run, course_dir: Path, answers: object) -> None:
    marked = json.loads(run("mark", "output-size", input=json.dumps({"given": GIVEN, "answers": answers})).stdout)

    # An assignment may give a slot other points than the exercise's own, which `mark` uses.
    text = Path("course.yaml").read_text()
    Path("course.yaml").write_text(text.replace("output-size, points: 1, given: {input_size: 6", "output-size, points: 2, given: {input_size: 6"))
    course = load_course(course_dir)
    alone = grade_slot(variant_of(course.exercises["output-size"], GIVEN), answers).to_json()
    assert alone == marked

    body = json.dumps({"sheet": "conv101/lesson1-worked/ada/1", "student": "ada", "answers": {"output-size-4": answers}})
    hand_in(course_dir, "ada", "lesson1-worked", body, "answers.json")
    run("grade", "lesson1-worked", "--records", "folder.jsonl")
    Path("lines.jsonl").write_text(body.replace("ada", "alan") + "\n")
    run("grade", "lesson1-worked", "--from", "lines.jsonl", "--records", "both.jsonl")
    records = [json.loads(line) for line in Path("both.jsonl").read_text().splitlines()]
    assert [record["student"] for record in records] == ["ada", "alan"]
    sheet = draw_sheet(course, course.assignments["lesson1-worked"], "ada", 1, None)
    in_python = grade(sheet, read_submission(body.encode(), "json", "ada"), graded_at=datetime.now(UTC)).to_json()
    for record in (*records, in_python):
        slot = next(slot for slot in record["slots"] if slot["slot"] == "output-size-4")
        assert {**slot, "slot": "output-size"} == marked
    assert in_python["slots"] == records[0]["slots"]


def test_one_line_out_for_each_line_in_and_status_1(run: Run, course_dir: Path) -> None:
    lines = [
        json.dumps({"given": GIVEN, "answers": {"output_size": 3}}),
        "not json",
        '{"given": {"input_size": NaN}, "answers": {}}',
        '{"given": {"input_size": 1, "input_size": 2}, "answers": {}}',
        '{"answers": {"output_size": 3}}',
        json.dumps({"given": GIVEN}),
        json.dumps({"given": {**GIVEN, "stride": 0}, "answers": {}}),
        json.dumps({"given": {**GIVEN, "stride": "2"}, "answers": {}}),
        json.dumps({"given": {**GIVEN, "paddin": 1}, "answers": {}}),
        "",
        "[" * 100_000,
        json.dumps({"given": GIVEN, "answers": {"output_size": 4}}),
    ]
    result = run("mark", "output-size", input="\n".join(lines) + "\n")
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [("error" in line) for line in out] == [False, *[True] * 10, False]
    assert out[7]["error"] == "stride: expected an int, got '2'; remove the quotes"
    assert out[8]["error"] == "unknown given 'paddin'; this exercise takes input_size, kernel_size, stride, padding"
    assert all(";" in line["error"] or "nested" in line["error"] for line in out if "error" in line)
    assert out[-1]["parts"][1]["mistakes"] == ["ceil", "nearest", "pad-after", "kernel-ignored"]


def test_solve_reads_a_file_and_ends_with_0(run: Run, course_dir: Path) -> None:
    Path("given.jsonl").write_text(json.dumps({"given": {"input_size": [6, 9], "kernel_size": 3, "stride": [2, 1], "padding": 1}}) + "\n")
    result = run("solve", "output-size", "given.jsonl")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["key"] == {"padded_size": [8, 11], "output_size": [3, 9]}
    assert "hw-swapped" in found["applicable"]
    assert found["mistakes"]["fraction"] == {"output_size": ["7/2", 9]}


@pytest.mark.parametrize("command", ["solve", "mark"])
def test_an_unknown_exercise_is_wrong_use(run: Run, course_dir: Path, command: str) -> None:
    result = run(command, "output-sise", input="{}")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "grader: there is no exercise 'output-sise'; did you mean 'output-size'?\n"


def test_solve_works_in_a_folder_that_is_no_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(run("solve", "output-size", input=json.dumps({"given": GIVEN})).stdout)["key"]["output_size"] == 3
