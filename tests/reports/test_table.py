"""The class table and grades.csv: cells that a spreadsheet takes for what they are, and points in short."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.reports.table import _short, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    assert safe_cell("ada-1 = ok") == "ada-1 = ok"


@pytest.mark.parametrize(
    ("points", "shown"),
    [pytest.param(Fraction(-45, 32), "-1.41", id="rounded"), pytest.param(Fraction(-4, 5), "-0.8", id="exact"), pytest.param(Fraction(2), "2", id="whole")],
)
def test_points_in_the_table_have_two_places(points: Fraction, shown: str) -> None:
    assert _short(points) == shown
