"""Rank correlation by hand, and what counts as found, missed and wrongly named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom.recovery import rank_correlation, recovered
from grader.course.course import Course
from grader.marking.grade import grade
from grader.marking.record import Record
from grader.marking.submission import Submission
from grader.variants.variant import draw_sheet
from tests.cli.conftest import Run

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([1, 2, 3], [10, 20, 30], 1.0, id="same-order"),
        pytest.param([1, 2, 3], [3, 2, 1], -1.0, id="other-way-round"),
        # Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6·(1+1+1+1+0) / (5·24) = 0.8
        pytest.param([1, 2, 3, 4, 5], [20, 10, 40, 30, 50], 0.8, id="two-swaps"),
        # Ranks 1.5 1.5 3 and 1 2 3: Pearson of the ranks is 1.5 / sqrt(1.5 · 2)
        pytest.param([5, 5, 9], [1, 2, 3], 1.5 / 3**0.5, id="a-tie-shares-its-rank"),
        pytest.param([5, 5], [1, 2], None, id="constant"),
        pytest.param([1], [1], None, id="one-student"),
    ],
)
def test_rank_correlation(first: list[float], second: list[float], expected: float | None) -> None:
    assert rank_correlation(first, second) == (None if expected is None else pytest.approx(expected))


def record(course: Course, student: str, answers: dict[str, object]) -> Record:
    sheet = draw_sheet(course, course.assignments["lesson1-worked"], student, 1, None)
    return grade(sheet, Submission(digest="sha256:0", student=student, answers=answers), graded_at=NOW)


def truth(course: Course, kinds: dict[str, tuple[str, str | None]], **about: object) -> dict[str, object]:
    answers = {
        variant.slot: {
            part.id: dict(zip(("kind", "mistake"), kinds.get(f"{variant.slot}.{part.id}", ("blank", None)), strict=True)) for part in variant.exercise.parts
        }
        for variant in draw_sheet(course, course.assignments["lesson1-worked"], "x", 1, None).variants
    }
    return {"mastery": 0.5, "damage": None, "answers": answers, **about}


def test_found_missed_and_wrongly_named(course: Course) -> None:
    records = [
        record(course, "ada", {"output-size-4": {"output_size": 4}, "output-size-3": {"output_size": 100}}),
        record(course, "alan", {"output-size-4": {"output_size": 6}}),
        record(course, "emmy", {"output-size-4": {"output_size": 6}}),
    ]
    known = {
        "ada": truth(course, {"output-size-4.output_size": ("mistake", "ceil"), "output-size-3.output_size": ("mistake", "pad-once")}),
        "alan": truth(course, {"output-size-4.output_size": ("slip", None)}),
        "emmy": truth(course, {"output-size-4.output_size": ("mistake", "stride-ignored")}, damage="cut-off"),
    }
    found = recovered(known, records)
    assert (found.students, found.showed, found.named, found.alone, found.slips, found.wrongly_named) == (2, 2, 1, 0, 1, 1)
    assert found.share == 0.5
    refused = replace(records[0], status=type(records[0].status).REFUSED)
    assert recovered(known, [refused]).students == 0


def test_a_trial_course_finds_every_mistake_and_calls_no_slip_one(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_SECRET", raising=False)
    assert run("simulate", "lesson1", "--students", 60, "--out", tmp_path / "trial", "--seed", 4).exit_code == 0
    monkeypatch.chdir(tmp_path / "trial")
    run("grade", "lesson1")
    report = run("report", "lesson1").stdout
    assert "missed 0;" in report
    assert "wrongly named 0" in report
    assert "rank correlation of points with true mastery 0.9" in report
