"""`verify` passes the shipped exercises, and says what is wrong with one that is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.classroom.verify import verified
from grader.course.bank import lay_out
from grader.course.course import Course, load_exercise
from tests.cli.conftest import Run

__all__ = ["Run"]


@pytest.mark.parametrize("exercise", ["one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding", "output-size", "size-formula"])
def test_the_shipped_exercises_are_fit(course: Course, exercise: str) -> None:
    found = verified(course.exercises[exercise], 40)
    assert found.faults == ()
    assert found.variants == 40
    blind = {name for name, rate in found.accepted.items() if rate.right}
    assert blind <= course.exercises[exercise].may_coincide
    json.dumps(found.to_json(), allow_nan=False)


def test_four_size_slots_together_leave_no_wrong_method_right(course: Course) -> None:
    found = verified(course.exercises["output-size"], 80, count=4)
    assert {name for name, rate in found.accepted.items() if rate.right} == set()
    assert len(found.accepted) == 13
    assert found.together == ()


def broken(folder: Path, exercise: str, old: str, new: str, file: str = "exercises/{}.yaml") -> Path:
    lay_out(folder)
    path = folder / file.format(exercise)
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("exercise", "old", "new", "file", "fault"),
    [
        pytest.param("one-window", "zh: 一个窗口", "zh: One window", "exercises/{}.yaml", "title.zh: there is no Chinese in it", id="translation-in-name-only"),
        pytest.param("output-size-basic", "from: 6, to: 19", "from: 3, to: 3", "exercises/{}.yaml", "none of 400 candidates can be handed out", id="where-never-met"),
        pytest.param("conv-array", "from: -2, to: 3", "from: 1, to: 1", "exercises/{}.yaml", "the wrong method 'flip180' gives the right answer", id="kernel-of-ones"),
        pytest.param("output_size_basic", "return {\"output_size\": input_size - kernel_size}", "return {\"output_size\": input_size - kernel_size + 1}", "solutions/{}.py", "the wrong method 'no-plus1' gives the right answer", id="mistake-that-is-right"),
    ],
)  # fmt: skip
def test_a_broken_exercise_is_unfit_and_says_why(tmp_path: Path, exercise: str, old: str, new: str, file: str, fault: str) -> None:
    folder = broken(tmp_path / "course", exercise, old, new, file)
    found = verified(load_exercise(folder, exercise.replace("_", "-")), 10)
    assert any(fault in said for said in found.faults), found.faults


def test_a_grader_that_marks_wrongly_is_found_out(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.marking.credit.recognised", lambda *_: ())
    assert any("is not recognised" in fault for fault in verified(course.exercises["one-window"], 3).faults)
