"""The cells of a grid: what stands for which number, and where a pasted block goes."""

from __future__ import annotations

from typing import Any

import pytest

from grader.notebook.cells import LARGEST, Cells, array_of, blank_cells, pasted, size_of
from grader.text import Text

EMPTY = blank_cells(1, 2, 2)
FULL = [[["1", "2"], ["3", "4"]]]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        pytest.param("3", 3, id="integer"),
        pytest.param("-3", -3, id="hyphen"),
        pytest.param("−3", -3, id="minus"),
        pytest.param("３", 3, id="full-width"),
        pytest.param(" 3 ", 3, id="spaces-around"),
        pytest.param("3.0", 3, id="no-fraction-left"),
        pytest.param("0.5", "0.5", id="decimal"),
        pytest.param("1/9", "1/9", id="fraction"),
        pytest.param("", None, id="blank"),
        pytest.param(" ", None, id="space"),
        pytest.param("three", "three", id="word"),
        pytest.param("1 2", "1·2", id="two-numbers-are-one-wrong-cell"),
        pytest.param("1,2", "1·2", id="a-comma-is-no-border"),
        pytest.param(",", "·", id="nothing-but-a-comma"),
    ],
)
def test_a_cell(typed: str, value: Any) -> None:
    assert array_of([[[typed, "1"]]], axes=2) == [[value, 1]]


@pytest.mark.parametrize(
    ("cells", "axes", "array"),
    [
        pytest.param(FULL, 2, [[1, 2], [3, 4]], id="one-map"),
        pytest.param(FULL, 3, [[[1, 2], [3, 4]]], id="one-channel-where-channels-are-asked-for"),
        pytest.param([[["1"]], [["2"]]], 3, [[[1]], [[2]]], id="channels"),
        pytest.param([[["1"]], [["2"]]], 2, [[[1]], [[2]]], id="channels-where-one-map-is-asked-for"),
    ],
)
def test_axes(cells: Cells, axes: int, array: Any) -> None:
    assert array_of(cells, axes=axes) == array


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("1\t2\t3\n4\t\t6\n", [[["1", "2", "3"], ["4", "", "6"]]], id="spreadsheet-with-an-empty-cell"),
        pytest.param("1\t\r\n\t4\r\n", [[["1", ""], ["", "4"]]], id="spreadsheet-with-empty-ends"),
        pytest.param("tensor([[[[ 1, -2],\n          [ 3,  4]]]])", [[["1", "-2"], ["3", "4"]]], id="what-conv2d-prints"),
        pytest.param("tensor([[[1], [2]], [[3], [4]]])", [[["1"], ["2"]], [["3"], ["4"]]], id="channels-of-torch"),
        pytest.param("[[1 2]\n [3 4]]", [[["1", "2"], ["3", "4"]]], id="numpy"),
        pytest.param("[1, 2, 3]", [[["1", "2", "3"]]], id="one-row"),
        pytest.param("1/9 0.5\n−3 a", [[["1/9", "0.5"], ["-3", "a"]]], id="fractions-and-words"),
    ],
)
def test_a_block_gives_an_empty_grid_its_shape(text: str, cells: Cells) -> None:
    assert pasted(EMPTY, text, 0, 0, 0) == cells


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        pytest.param((0, 0, 0), [[["7", "8"], ["3", "4"]]], id="first-cell"),
        pytest.param((0, 1, 1), [[["1", "2", ""], ["3", "7", "8"]]], id="grows-to-the-right"),
        pytest.param((0, 2, 0), [[["1", "2"], ["3", "4"], ["7", "8"]]], id="grows-down"),
        pytest.param((1, 0, 0), [[["1", "2"], ["3", "4"]], [["7", "8"], ["", ""]]], id="grows-by-a-channel"),
    ],
)
def test_a_block_leaves_the_other_cells(place: tuple[int, int, int], cells: Cells) -> None:
    assert pasted(FULL, "7 8", *place) == cells
    assert FULL == [[["1", "2"], ["3", "4"]]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[[1, 2], [3]]", "row 1 is 2 long and row 2 is 1", id="ragged"),
        pytest.param("[[1, 2], [3, 4]", "the brackets do not pair up", id="open-bracket"),
        pytest.param("[[]]", "there are no numbers", id="nothing"),
        pytest.param("[[[[1]]], [[[2]]]]", "has 4 axes", id="four-axes"),
        pytest.param("1 2\n" * (LARGEST + 1), f"up to {LARGEST}", id="too-many-rows"),
        pytest.param("1 " * 200_000, "more than", id="far-too-long"),
    ],
)
def test_what_cannot_be_pasted_says_why(text: str, words: str) -> None:
    found = pasted(EMPTY, text, 0, 0, 0)
    assert isinstance(found, Text)
    assert words in found.en
    assert found.zh


def test_a_block_may_not_grow_the_grid_over_its_limit() -> None:
    assert isinstance(pasted(blank_cells(1, LARGEST, 1), "1 2\n3 4", 0, LARGEST - 1, 0), Text)
    grown = pasted(blank_cells(1, LARGEST - 1, 1), "1 2\n3 4", 0, LARGEST - 2, 0)
    assert isinstance(grown, list)
    assert size_of(grown) == (1, LARGEST, 2)
