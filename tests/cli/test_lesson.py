"""The lesson page's own numbers, all the way: issue, fill in, grade, show, report."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from grader.documents import read_yaml
from tests.cli.conftest import WORKED, Run, hand_in

PAGE = {
    "conv-array": [[10, 12, 12], [18, 16, 16], [13, 9, 3]],
    "conv-stride": [[10, 12], [13, 3]],
    "conv-padding": [[1, 3, 4, 10, 8], [5, 10, 12, 12, 6], [7, 18, 16, 16, 8], [11, 13, 9, 3, 4], [14, 13, 9, 7, 4]],
    "output-size-1": 2,
    "output-size-2": 5,
    "output-size-3": 2,
    "output-size-4": 3,
}


def test_the_page_through_issue_grade_and_show(run: Run, course_dir: Path) -> None:
    issued = run("issue", "lesson1-worked", "--student", "ada")
    assert issued.exit_code == 0
    sheet = (course_dir / "release/ada/lesson1-worked/answers.yaml").read_text()
    assert issued.stdout.strip() == str(course_dir / "release/ada/lesson1-worked/answers.yaml")
    assert "sheet: conv101/lesson1-worked/ada/1" in sheet
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)

    graded = run("grade", "lesson1-worked", "--records", "records.jsonl")
    assert graded.exit_code == 0, graded.output
    record = json.loads(Path("records.jsonl").read_text())
    assert (record["score"], record["possible"], record["status"], record["flags"]) == (10, 10, "graded", [])
    keys = {slot["slot"]: slot["parts"][-1]["key"] for slot in record["slots"]}
    assert keys == PAGE
    assert all(part["verdict"] == "correct" for slot in record["slots"] for part in slot["parts"])

    shown = run("show", "lesson1-worked", "ada")
    assert shown.exit_code == 0
    assert "10 of 10" in shown.stdout


@pytest.mark.parametrize(
    ("exercise", "given", "part", "key"),
    [
        pytest.param("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, "output_size", 3, id="example-4-rounded-down"),
        pytest.param("output-size", {"input_size": 5, "kernel_size": 3, "stride": 2, "padding": 0}, "output_size", 2, id="example-3"),
        pytest.param("output-size", {"input_size": 5, "kernel_size": 3, "stride": 1, "padding": 1}, "output_size", 5, id="example-2"),
        pytest.param("output-size", {"input_size": 4, "kernel_size": 3, "stride": 1, "padding": 0}, "output_size", 2, id="example-1"),
    ],
)
def test_solve_gives_the_pages_sizes(run: Run, course_dir: Path, exercise: str, given: dict[str, int], part: str, key: int) -> None:
    result = run("solve", exercise, input=json.dumps({"given": given}))
    assert json.loads(result.stdout)["key"][part] == key


@pytest.mark.parametrize("slot", ["conv-array", "conv-stride", "conv-padding"])
def test_solve_gives_the_pages_arrays(run: Run, course_dir: Path, slot: str) -> None:
    document = read_yaml(Path("course.yaml").read_text(), typed=True).data
    given = next(line["given"] for line in document["assignments"]["lesson1-worked"]["slots"] if line["exercise"] == slot)
    result = run("solve", slot, input=json.dumps({"given": given}))
    assert json.loads(result.stdout)["key"] == {"output": PAGE[slot]}


def test_a_drawn_sheet_is_the_same_twice_and_differs_between_students(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--out", "a")
    run("issue", "lesson1", "--out", "b")
    sheets = {path.parts[1]: path.read_text() for path in Path("a").glob("*/lesson1/answers.yaml")}
    assert {path.parts[1]: path.read_text() for path in Path("b").glob("*/lesson1/answers.yaml")} == sheets
    assert len(sheets) == 8
    assert len({text.partition("slots:")[2] for text in sheets.values()}) == 8


def test_a_sheet_already_begun_is_not_written_over(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--student", "ada")
    path = Path("release/ada/lesson1/answers.yaml")
    path.write_text("begun")
    again = run("issue", "lesson1", "--student", "ada")
    assert path.read_text() == "begun"
    assert "1 were there already" in again.stdout


def test_numbers_issued_stand_when_the_exercise_changes(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--student", "ada", "--format", "json")
    sheet = json.loads(Path("release/ada/lesson1/answers.json").read_text())
    exercise = Path("exercises/output-size-basic.yaml")
    exercise.write_text(exercise.read_text().replace("from: 6, to: 19", "from: 20, to: 29"))
    given = sheet["slots"]["output-size-basic"]["given"]
    sheet["answers"]["output-size-basic"]["output_size"] = given["input_size"] - given["kernel_size"] + 1
    hand_in(course_dir, "ada", "lesson1", json.dumps(sheet), "answers.json")
    run("grade", "lesson1", "--records", "r.jsonl")
    slots = {slot["slot"]: slot for slot in json.loads(Path("r.jsonl").read_text())["slots"]}
    assert slots["output-size-basic"]["parts"][0]["verdict"] == "correct"


def test_a_second_run_grades_only_what_changed(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    hand_in(course_dir, "alan", "lesson1-worked", WORKED.replace("/ada/", "/alan/"))
    assert "2 graded" in run("grade", "lesson1-worked").stdout
    assert "nothing new; 2 records in all" in run("grade", "lesson1-worked").stdout
    hand_in(course_dir, "alan", "lesson1-worked", WORKED.replace("/ada/", "/alan/").replace("10 12 12", "0 0 0"))
    third = run("grade", "lesson1-worked", "--records", "r.jsonl")
    assert "1 graded; 3 records in all" in third.stdout
    records = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [(r["student"], r["attempt"], r["score"]) for r in records] == [("ada", 1, 10), ("alan", 1, 10), ("alan", 2, pytest.approx(10 - 2 / 3, abs=1e-6))]
    assert "2 graded; 3 records in all" in run("grade", "lesson1-worked", "--all", "--records", "r.jsonl").stdout


def test_report_writes_grades_that_no_spreadsheet_runs(run: Run, course_dir: Path) -> None:
    roster = Path("roster.csv")
    roster.write_text(roster.read_text() + 'eve,"=HYPERLINK(""x"")",eve@example.org,@SUM\n')
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    run("grade", "lesson1-worked")
    result = run("report", "lesson1-worked")
    assert result.exit_code == 0
    assert "1 graded of 9" in result.stdout
    rows = list(csv.DictReader(Path("grades.csv").read_text(encoding="utf-8-sig").splitlines()))
    by_student = {row["student"]: row for row in rows}
    assert (by_student["ada"]["score"], by_student["ada"]["conv-array"], by_student["alan"]["status"]) == ("10", "2", "missing")
    assert by_student["eve"]["name"].startswith("'=")
    assert by_student["eve"]["section"] == "'@SUM"


def test_show_hides_the_key_when_the_policy_says_so(run: Run, course_dir: Path) -> None:
    course = Path("course.yaml")
    course.write_text(course.read_text().replace("feedback: now", "feedback: never"))
    hand_in(course_dir, "ada", "lesson1-worked", "sheet: conv101/lesson1-worked/ada/1\nanswers: {conv-stride: [[1, 2], [3, 4]]}\n")
    run("grade", "lesson1-worked")
    hidden, forced = run("show", "lesson1-worked", "ada"), run("show", "lesson1-worked", "ada", "--key")
    assert "right answer" not in hidden.stdout
    assert "right answer" in forced.stdout
    page = run("show", "lesson1-worked", "ada", "--html", "page.html")
    assert page.exit_code == 0
    assert "Right answer" not in Path("page.html").read_text()


def test_show_speaks_chinese(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "hua", "lesson1-worked", WORKED.replace("/ada/", "/hua/"))
    run("grade", "lesson1-worked")
    shown = run("show", "lesson1-worked", "hua", "--lang", "zh").stdout
    assert "卷积的输出" in shown
    assert "正确" in shown
    assert "Right." not in shown


def test_late_work_loses_by_the_day_as_its_own_line(run: Run, course_dir: Path) -> None:
    course = Path("course.yaml")
    course.write_text(
        course.read_text().replace("    title: {en: \"First lesson, the page's", "    due: 2026-12-08 23:59\n    title: {en: \"First lesson, the page's")
    )
    hand_in(course_dir, "ada", "lesson1-worked", WORKED, time="2026-12-09 00:10")
    hand_in(course_dir, "alan", "lesson1-worked", WORKED.replace("/ada/", "/alan/"), time="2026-12-10 00:10")
    hand_in(course_dir, "emmy", "lesson1-worked", WORKED.replace("/ada/", "/emmy/"), time="2026-12-20 00:10 Asia/Shanghai")
    run("grade", "lesson1-worked", "--records", "r.jsonl")
    records = {r["student"]: r for r in map(json.loads, Path("r.jsonl").read_text().splitlines())}
    assert [(s, records[s]["score"], [a["kind"] for a in records[s]["adjustments"]]) for s in ("ada", "alan", "emmy")] == [
        ("ada", 10, []),  # within the grace of 15 minutes
        ("alan", 8, ["late"]),  # two days begun
        ("emmy", 0, ["late"]),  # after the last day
    ]
