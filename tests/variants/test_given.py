"""Numbers as plain text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from grader.variants.given import Plane, beside, clipped, columns, given_lines, grid, planes, wrapped

INPUT = [[1, 2, 0], [0, -11, 2]]
KERNEL = [[1, 0], [0, 1], [5, 5]]
NINE = [[row * 9 + column for column in range(9)] for row in range(9)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, [], id="nothing-given"),
        pytest.param({"input_size": [5, 7], "stride": 2}, ["input_size [5, 7], stride 2"], id="sizes-only"),
        pytest.param({"input": [[7]]}, ["input (1×1)", " 7"], id="one-cell"),
        pytest.param(
            {"stride": 2, "input": INPUT, "kernel": KERNEL},
            [
                "input (2×3)     kernel (3×2)",
                " 1     2   0     1   0",
                " 0   -11   2     0   1",
                "                 5   5",
                "",
                "stride 2",
            ],
            id="arrays-side-by-side-then-scalars",
        ),
        pytest.param(
            {"weight": [[[1, 2]], [[3, 4]]]},
            ["weight[0] (1×2)    weight[1] (1×2)", " 1   2              3   4"],
            id="three-axes-by-torch-index",
        ),
        pytest.param({"bias": [1, -2]}, ["bias [1, -2]"], id="one-axis-stays-on-its-line"),
        pytest.param({"mode": "same\n::error::"}, ["mode:", "same", ":·:error:·:"], id="no-command-from-a-value"),
    ],
)
def test_given_lines(given: dict[str, Any], expected: list[str]) -> None:
    assert given_lines(given) == expected


def test_arrays_that_do_not_fit_stand_below_each_other() -> None:
    lines = given_lines({"input": NINE, "kernel": NINE}, width=60)
    assert lines[0] == "input (9×9)"
    assert lines[10:12] == ["", "kernel (9×9)"]
    assert max(map(columns, lines)) <= 60


def test_an_array_wider_than_the_page_is_not_cut() -> None:
    lines = given_lines({"input": [list(range(100, 140))]}, width=40)
    assert [int(number) for number in lines[1].split()] == list(range(100, 140))


def test_wrong_cells_stand_in_brackets() -> None:
    plane = Plane("answer", [[10, None], ["卷", -3]], [[True, False], [False, True]])
    # The wide character takes two columns: it fills a cell as `10` does.
    assert grid(plane) == ["answer (2×2)", " 10  [ _]", "[卷]  -3"]


def test_planes_carry_their_own_marks() -> None:
    first, second = planes("answer", [[[1]], [[2]]], [[[True]], [[False]]])
    assert (first.heading, first.wrong) == ("answer[0]", False)
    assert (second.heading, second.wrong) == ("answer[1]", True)


def test_what_is_far_too_large_is_clipped_but_never_what_was_marked() -> None:
    big = [[1] * 50 for _ in range(60)]
    cut = clipped(Plane("answer", big))
    assert (len(cut.rows), len(cut.rows[0])) == (41, 41)
    assert "60×50" in cut.heading
    marked = Plane("answer", big, [[True] * 50 for _ in range(60)])
    assert clipped(marked) is marked


@for_all(st.text(alphabet="ab ，。卷积（）1", max_size=80), st.integers(min_value=6, max_value=30))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)
    assert all(line.strip() for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        pytest.param("one two three", 7, ["one two", "three"], id="between-words"),
        pytest.param("卷积核按原样覆盖。", 8, ["卷积核按", "原样覆", "盖。"], id="no-full-stop-begins-a-line"),
        pytest.param("abcdefghij", 4, ["abcd", "efgh", "ij"], id="one-long-word-is-cut"),
        pytest.param("", 4, [], id="nothing"),
    ],
)
def test_wrapped(text: str, width: int, expected: list[str]) -> None:
    assert wrapped(text, width) == expected


def test_beside_pads_by_columns_not_by_characters() -> None:
    assert beside([["卷积", "1"], ["b", "2"]]) == ["卷积    b", "1       2"]
