"""Which returned values are right: integers exactly, floats but for their last digits, or within a stated tolerance."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.course.outputs import right_cells, same_values
from tests.code.conftest import Graded
from tests.conftest import ROOT

BIG = 2**53


@pytest.mark.parametrize(
    ("own", "wanted", "tolerance", "right"),
    [
        pytest.param([1, 2], [1, 3], None, [True, False], id="integers"),
        pytest.param([BIG + 1], [BIG], None, [False], id="integers-that-no-float-tells-apart"),
        pytest.param([3.0, 3.5], [3, 3], None, [True, False], id="floats-that-are-whole"),
        pytest.param([172 + 2e-13, 1e-15], [172, 0], None, [True, True], id="last-digits"),
        pytest.param([172.000001, 1e-6], [172, 0], None, [False, False], id="more-than-last-digits"),
        pytest.param([1e12 + 1], [10**12], None, [True], id="last-digits-of-a-large-number"),
        pytest.param([1e6 + 1], [10**6], None, [False], id="one-off"),
        pytest.param([3], [3.0000000001], None, [True], id="a-float-is-wanted"),
        pytest.param([np.nan, np.inf, -np.inf], [0, 0, 0], None, [False] * 3, id="no-number"),
        pytest.param([np.nan], [np.nan], None, [False], id="nan-is-never-right"),
        pytest.param([1.1, 1.2], [1, 1], Fraction(1, 10), [False, False], id="tolerance-below"),
        pytest.param([1.1, 1.2], [1, 1], Fraction(1, 9), [True, False], id="tolerance"),
        pytest.param([np.nan], [0], Fraction(5), [False], id="nan-within-a-tolerance"),
    ],
)
def test_right_cells(own: list[Any], wanted: list[Any], tolerance: Fraction | None, right: list[bool]) -> None:
    assert right_cells(np.array(own), np.array(wanted), tolerance).tolist() == right


def test_a_lone_number_is_no_map_of_it() -> None:
    assert not same_values((np.array(1.0),), (np.ones((2, 2)),), None)
    assert not same_values((np.ones(2),), (np.ones(2), np.ones(2)), None)


@pytest.mark.parametrize(("old", "new", "mistakes"), [("", "", []), ("w[::-1, ::-1]", "w", ["flip180"])], ids=["right", "flipped"])
def test_a_convolution_by_fourier_transform(old: str, new: str, mistakes: list[str], graded: Graded) -> None:
    source = (ROOT / "tests" / "sandbox" / "benign" / "fourier.py").read_text(encoding="utf-8").replace(old, new)
    found = graded("code-conv2d", source)
    assert (found.verdict.value, list(found.mistakes)) == ("partial" if mistakes else "correct", mistakes)
