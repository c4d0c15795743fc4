"""The record: every key of docs/formats.md, exact points, and a way back from JSON that changes nothing."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from grader.course.points import number
from grader.marking.record import Flag, Record, Status, Verdict, read_record, read_slot

from . import wrong_methods
from .sheets import answered, drawn, dumped, exercise, hand_in, mark, pinned

RECORD = [
    "version", "course", "assignment", "student", "attempt", "submission", "submitted_at", "graded_at", "score", "possible", "status", "flags", "notes",
    "adjustments", "slots",
]  # fmt: skip
SLOT = ["slot", "exercise", "variant", "score", "possible", "parts"]
PART = ["part", "verdict", "credit", "points", "possible", "answer", "read_as", "key", "mistakes", "cells", "feedback"]


def thirds(wrong: int) -> Record:
    """A record with this many of nine cells wrong: credits that JSON has no exact number for."""
    given = {"input": [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]], "kernel": [[1, 2, 1], [0, 1, 0], [2, 1, 0]]}
    key = wrong_methods.right("conv-array", given)["output"]
    answer = [[cell if 3 * r + c >= wrong else None for c, cell in enumerate(row)] for r, row in enumerate(key)]
    return answered(pinned({"conv-array": ("conv-array", given)}), {"conv-array": answer})


def test_a_record_has_the_keys_of_the_contract_in_their_order() -> None:
    data = thirds(1).to_json()
    assert list(data) == RECORD
    assert list(data["slots"][0]) == SLOT
    assert list(data["slots"][0]["parts"][0]) == PART
    assert list(data["slots"][0]["parts"][0]["feedback"]) == ["en", "zh"]
    assert data["version"] == 1
    assert data["graded_at"] == "2026-12-01T04:00:00+00:00"
    assert len(data["slots"][0]["variant"]) == 16


@pytest.mark.parametrize(
    ("wrong", "credit", "points"), [(0, 1, 3), (1, 0.888889, 2.666667), (2, 0.777778, 2.333333), (3, 0.666667, 2), (4, 0.555556, 1.666667), (5, 0, 0)]
)
def test_points_are_exact_until_they_are_written(wrong: int, credit: float, points: float) -> None:
    part = thirds(wrong).to_json()["slots"][0]["parts"][0]
    assert (part["credit"], part["points"], part["possible"]) == (credit, points, 3)
    assert type(part["points"]) is type(points)


@pytest.mark.parametrize("wrong", range(6))
def test_a_record_read_back_is_the_same_record(wrong: int) -> None:
    record = thirds(wrong)
    back = read_record(json.loads(dumped(record)))
    assert back.to_json() == record.to_json()
    assert back.score == record.score, "0.888889 of 3 points is 8/3 again, not 2.666667"
    assert back == record


@pytest.mark.parametrize("name", ["one-window", "conv-array", "conv-padding", "output-size", "size-formula"])
def test_every_kind_of_grade_comes_back_from_json(name: str) -> None:
    for given in drawn(name, 25 if name != "size-formula" else 1, "records"):
        expected = exercise(name).expect(given)
        answers: list[Any] = [wrong_methods.wrong(name, mistake, given) for mistake in expected.mistakes]
        for answer in (*answers, None, "x", dict.fromkeys(expected.key, "1/3"), [[1.5, "7/2"], [None, "q"]]):
            record = hand_in(pinned({name: (name, given)}), json.dumps({"answers": {name: answer}}, default=str), "json")
            assert read_record(json.loads(dumped(record))).to_json() == record.to_json()


@pytest.mark.parametrize(
    ("value", "written"), [(Fraction(3), 3), (Fraction(1, 2), 0.5), (Fraction(1, 3), 0.333333), (Fraction(2, 3), 0.666667), (Fraction(0), 0)]
)
def test_numbers_of_a_record(value: Fraction, written: float) -> None:
    assert number(value) == written
    assert type(number(value)) is type(written)


def test_every_share_of_up_to_a_thousand_cells_comes_back_exactly() -> None:
    part = mark("one-window", {"input": [[1]], "kernel": [[2]]}, 2).to_json()
    for total in (3, 7, 9, 12, 16, 49, 121, 997, 1000):
        for right in range(total + 1):
            part["parts"][0]["credit"] = number(Fraction(right, total))
            assert read_slot(part).parts[0].credit == Fraction(right, total)


@pytest.mark.parametrize("written", [0.123457, 0.000001, 2.499999, 9999.999999])
def test_other_numbers_come_back_as_they_were_written(written: float) -> None:
    part = mark("one-window", {"input": [[1]], "kernel": [[2]]}, 2).to_json()
    part["parts"][0]["credit"] = written
    assert number(read_slot(part).parts[0].credit) == written


def test_the_words_of_verdicts_statuses_and_flags_are_the_contract_s() -> None:
    assert [str(verdict) for verdict in Verdict] == ["correct", "partial", "incorrect", "blank", "invalid", "ungraded"]
    assert [str(status) for status in Status] == ["graded", "refused", "failed"]
    assert {"not-theirs", "tampered"} <= {str(flag) for flag in Flag}
