"""Levels in a course: issued, handed in, graded, and guarded against rules that change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, hand_in

COURSE = Path("course.yaml")
STRIDE = Path("exercises/conv-stride.yaml")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new))


@pytest.fixture
def hard(course_dir: Path) -> Path:
    """A course whose first lesson asks for the third level of one exercise; what was handed in is judged by that."""
    edit(COURSE, "{exercise: conv-stride, points: 3}", "{exercise: conv-stride, points: 3, level: 3}")
    return course_dir


def given_of(slot: str) -> dict[str, Any]:
    sheet = json.loads(Path("release/ada/lesson1/answers.json").read_text())
    return dict(sheet["slots"][slot]["given"])


def test_a_sheet_at_a_level_is_issued_and_graded(run: Run, hard: Path) -> None:
    assert run("issue", "lesson1", "--student", "ada", "--format", "json").exit_code == 0
    given = given_of("conv-stride")
    assert given["stride"] in ([2, 3], [3, 2])
    sheet = json.loads(Path("release/ada/lesson1/answers.json").read_text())
    assert sheet["slots"]["conv-stride"]["exercise"] == "conv-stride"
    assert f"it moves {given['stride'][1]} cells to the right, and {given['stride'][0]} rows down" in sheet["slots"]["conv-stride"]["prompt"]["en"]
    solved = json.loads(run("solve", "conv-stride", input=json.dumps({"given": given})).stdout)
    for answers, credit, mistakes in ((solved["key"], 1, []), (solved["mistakes"]["stride-cols-only"], 0.5, ["stride-cols-only"])):
        hand_in(hard, "ada", "lesson1", json.dumps({**sheet, "answers": {"conv-stride": answers}}), "answers.json")
        assert run("grade", "lesson1", "--records", "records.jsonl").exit_code == 0
        record = json.loads(Path("records.jsonl").read_text().splitlines()[-1])
        part = next(slot for slot in record["slots"] if slot["slot"] == "conv-stride")["parts"][0]
        assert (part["credit"], part["mistakes"], record["flags"]) == (credit, mistakes, [])


def test_what_was_issued_at_a_level_stands_when_the_course_asks_for_another(run: Run, hard: Path) -> None:
    run("issue", "lesson1", "--student", "ada", "--format", "json")
    given = given_of("conv-stride")
    edit(COURSE, "{exercise: conv-stride, points: 3, level: 3}", "{exercise: conv-stride, points: 3, level: 2}")
    Path("release/ada/lesson1/answers.json").unlink()
    assert run("issue", "lesson1", "--student", "ada", "--format", "json").exit_code == 0
    assert given_of("conv-stride") == given
    hand_in(hard, "ada", "lesson1", Path("release/ada/lesson1/answers.json").read_bytes(), "answers.json")
    run("grade", "lesson1", "--records", "records.jsonl")
    assert json.loads(Path("records.jsonl").read_text())["flags"] == []


CHANGE = ("stride: {choice: [[2, 3], [3, 2]]}", "stride: {choice: [[2, 3], [3, 2], [2, 2]]}")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(*CHANGE, "the rules of drawing at level 3 have changed since sheets were issued under version 1", id="the-level-asked-for"),
        pytest.param("from: -4, to: 6}\n      kernel: {shape: [3, 3], from: -3, to: 3}", "from: -4, to: 5}\n      kernel: {shape: [3, 3], from: -3, to: 3}", None, id="a-level-nobody-asked-for"),
        pytest.param("from: 0, to: 5}", "from: 0, to: 4}", None, id="the-exercise-s-own"),
    ],
)  # fmt: skip
def test_the_rules_of_each_level_are_kept_apart(run: Run, hard: Path, old: str, new: str, fault: str | None) -> None:
    assert run("issue", "lesson1", "--student", "ada").exit_code == 0
    edit(STRIDE, old, new)
    result = run("issue", "lesson1", "--student", "alan")
    assert result.exit_code == (0 if fault is None else 1)
    assert (fault or "") in result.stderr


def test_two_levels_of_one_exercise_in_one_assignment(run: Run, hard: Path) -> None:
    line = "{exercise: conv-stride, points: 3, level: 3}"
    edit(COURSE, line, f"{line}\n      - {{exercise: conv-stride, points: 1}}")
    assert run("issue", "lesson1", "--student", "ada", "--format", "json").exit_code == 0
    assert given_of("conv-stride-1")["stride"] in ([2, 3], [3, 2])
    assert given_of("conv-stride-2")["stride"] == 2
    assert run("issue", "lesson1", "--student", "alan").exit_code == 0


def test_a_simulated_class_at_a_level_is_graded_as_it_was_made(run: Run, hard: Path) -> None:
    assert run("simulate", "lesson1", "--students", "6").exit_code in (0, 1)


def test_verify_looks_at_every_level(run: Run, course_dir: Path) -> None:
    result = run("verify", "conv-stride", "size-formula", "--variants", 20, "--json")
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["exercise"], one["level"], one["count"]) for one in found] == [("conv-stride", level, 1) for level in (1, 2, 3)] + [("size-formula", 2, 1)]
    text = run("verify", "output-size", "--variants", 20).stdout.splitlines()
    assert [line for line in text if line.startswith("fit")] == [
        "fit   output-size, level 1",
        "fit   output-size (4 drawn together), level 2",
        "fit   output-size, level 3",
    ]
    edit(COURSE, "points: 6, count: 4}", "points: 6, count: 4, level: 3}")
    together = [json.loads(line) for line in run("verify", "output-size", "--variants", 20, "--json").stdout.splitlines()]
    assert [(one["level"], one["count"]) for one in together] == [(1, 1), (2, 4), (3, 4)], "the exam asks for level 2"


def test_an_unfit_level_names_itself(run: Run, course_dir: Path) -> None:
    edit(STRIDE, "      stride: {choice: [[2, 3], [3, 2]]}", "      stride: 3")
    result = run("verify", "conv-stride", "--variants", 20)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith(("fit", "UNFIT"))] == [
        "fit   conv-stride, level 1",
        "fit   conv-stride, level 2",
        "UNFIT conv-stride, level 3",
    ]
    assert any("exercises/conv-stride.yaml: levels.3.draw: the wrong method 'stride-equals-kernel' applies to no variant" in line for line in lines)
    assert lines[-1] == "2 of 3 are fit to hand out"
