"""What lies in a hand-in folder can be anything: each gives a record, none stops the run or changes another's grade."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import WORKED, Run, hand_in


def records(run: Run) -> dict[str, dict[str, object]]:
    result = run("grade", "lesson1-worked", "--records", "r.jsonl")
    assert "Traceback" not in result.output
    found = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    for record in found:
        assert record["status"] in ("graded", "refused", "failed")
        assert record["status"] == "graded" or all(note["en"] and note["zh"] for note in record["notes"])
    return {record["student"]: record for record in found} | {"": {"exit": result.exit_code}}


def home(course_dir: Path, student: str) -> Path:
    folder = course_dir / "submitted" / student / "lesson1-worked"
    folder.mkdir(parents=True)
    return folder


def test_files_that_are_no_files(run: Run, course_dir: Path) -> None:
    os.mkfifo(home(course_dir, "alan") / "answers.yaml")
    (home(course_dir, "emmy") / "answers.yaml").symlink_to("/etc/passwd")
    (home(course_dir, "grace") / "answers.yaml").mkdir()
    (home(course_dir, "hua") / "answers.yaml").symlink_to("nowhere")
    with (home(course_dir, "john") / "answers.yaml").open("wb") as big:
        big.truncate(50_000_000)
    home(course_dir, "katherine")  # nothing handed in
    (course_dir / "submitted" / "wang").write_text("a file where a folder belongs")
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    found = records(run)
    assert {student: record.get("status") for student, record in found.items() if student} == {
        "ada": "graded",
        "alan": "refused",
        "emmy": "refused",
        "grace": "refused",
        "hua": "refused",
        "john": "refused",
    }
    assert found["ada"]["score"] == 10
    assert found[""]["exit"] == 1
    assert "plain file" in str(found["alan"]["notes"])
    assert "larger than" in str(found["john"]["notes"])


def test_two_answer_files_are_one_refused_record_that_names_both(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "ada", "lesson1-worked", WORKED)
    hand_in(course_dir, "ada", "lesson1-worked", "{}", "answers.json")
    found = records(run)
    assert found["ada"]["status"] == "refused"
    assert "answers.yaml, answers.json" in str(found["ada"]["notes"])


def test_another_students_sheet_is_refused_and_flagged(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "alan", "lesson1-worked", WORKED)
    found = records(run)
    assert (found["alan"]["status"], found["alan"]["flags"], found["alan"]["score"]) == ("refused", ["not-theirs"], 0)


@pytest.mark.parametrize("student", ["=cmd()", "..hidden", "a b", "<script>", "x" * 70, "\u202eevil", "::error::", "нет", "a\tb"])
def test_a_hostile_folder_name_is_a_refused_record_and_no_path(run: Run, course_dir: Path, student: str) -> None:
    folder = course_dir / "submitted" / student / "lesson1-worked"
    folder.mkdir(parents=True)
    (folder / "answers.yaml").write_text(WORKED)
    result = run("grade", "lesson1-worked", "--records", "r.jsonl")
    (record,) = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert record["status"] == "refused"
    assert result.exit_code == 1
    assert "nothing new" in run("grade", "lesson1-worked").output  # known by the same name again
    assert "\u202e" not in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())


def test_somebody_who_is_not_on_the_roster(run: Run, course_dir: Path) -> None:
    hand_in(course_dir, "mallory", "lesson1-worked", WORKED.replace("/ada/", "/mallory/"))
    found = records(run)
    assert (found["mallory"]["status"], found["mallory"]["flags"]) == ("refused", ["not-on-roster"])


def test_lines_that_cannot_be_used(run: Run, course_dir: Path) -> None:
    good = {
        "sheet": "conv101/lesson1-worked/ada/1",
        "student": "ada",
        "answers": {"output-size-4": {"output_size": 3}},
        "submitted_at": "2026-12-01T10:00:00Z",
        "attempt": 2,
    }
    lines = [
        "nonsense",
        "[1, 2]",
        '{"answers": {}}',
        json.dumps(good),
        '{"student": "alan"}',
        "",
        '{"student": "emmy", "answers": []}',
        '{"a": "' + "x" * 1_200_000 + '"}',
    ]
    Path("all.jsonl").write_text("\n".join(lines) + "\n")
    result = run("grade", "lesson1-worked", "--from", "all.jsonl", "--records", "r.jsonl")
    found = {r["student"]: r for r in map(json.loads, Path("r.jsonl").read_text().splitlines())}
    assert {s: r["status"] for s, r in found.items()} == {
        "line-1": "refused", "line-2": "refused", "line-3": "refused", "ada": "graded", "alan": "refused", "emmy": "refused", "line-8": "refused",
    }  # fmt: skip
    assert (found["ada"]["attempt"], found["ada"]["submitted_at"]) == (2, "2026-12-01T10:00:00+00:00")
    assert result.exit_code == 1


def test_order_of_lines_changes_no_record(run: Run, course_dir: Path) -> None:
    lines = [
        json.dumps({"sheet": f"conv101/lesson1-worked/{s}/1", "student": s, "answers": {"output-size-4": {"output_size": n}}})
        for n, s in enumerate(["ada", "alan", "emmy"])
    ]
    Path("a.jsonl").write_text("\n".join(lines) + "\n")
    Path("b.jsonl").write_text("\n".join(reversed(lines)) + "\n")
    run("grade", "lesson1-worked", "--from", "a.jsonl", "--records", "a.out")
    Path("grades.db").unlink()
    run("grade", "lesson1-worked", "--from", "b.jsonl", "--records", "b.out")

    def timeless(name: str) -> list[dict[str, object]]:
        return [{**json.loads(line), "graded_at": None} for line in Path(name).read_text().splitlines()]

    assert timeless("a.out") == timeless("b.out")


def test_altered_numbers_are_marked_against_the_true_ones_and_flagged(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--student", "ada", "--format", "json")
    sheet = json.loads(Path("release/ada/lesson1/answers.json").read_text())
    sheet["slots"]["output-size-basic"]["given"] = {"input_size": 3, "kernel_size": 3}
    sheet["answers"]["output-size-basic"]["output_size"] = 1
    hand_in(course_dir, "ada", "lesson1", json.dumps(sheet), "answers.json")
    run("grade", "lesson1", "--records", "r.jsonl")
    record = json.loads(Path("r.jsonl").read_text())
    slot = next(slot for slot in record["slots"] if slot["slot"] == "output-size-basic")
    assert record["flags"] == ["tampered"]
    assert slot["parts"][0]["verdict"] != "correct"
    assert "output-size-basic" in record["notes"][0]["en"]


def test_an_honest_sheet_is_never_called_tampered(run: Run, course_dir: Path) -> None:
    for form in ("yaml", "json"):
        run("issue", "lesson1", "--out", form, "--format", form)
    for number, student in enumerate(["ada", "alan", "emmy", "grace"]):
        form = "yaml" if number % 2 else "json"
        hand_in(course_dir, student, "lesson1", Path(form, student, "lesson1", f"answers.{form}").read_bytes(), f"answers.{form}")
    result = run("grade", "lesson1", "--records", "r.jsonl")
    assert result.exit_code == 0
    assert [json.loads(line)["flags"] for line in Path("r.jsonl").read_text().splitlines()] == [[], [], [], []]


def test_a_sheet_issued_again_after_the_secret_changed_is_still_honest(run: Run, course_dir: Path) -> None:
    run("issue", "lesson1", "--student", "ada", "--out", "before")
    Path(".grader-secret").write_text("another secret of thirty-two letters\n")
    run("issue", "lesson1", "--student", "ada", "--out", "after")
    sheet = Path("after/ada/lesson1/answers.yaml").read_text()
    assert sheet == Path("before/ada/lesson1/answers.yaml").read_text()
    hand_in(course_dir, "ada", "lesson1", sheet)
    run("grade", "lesson1", "--records", "r.jsonl")
    assert json.loads(Path("r.jsonl").read_text())["flags"] == []
