"""The drawing of one window, and when there is one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from grader.marking.record import Verdict
from grader.reports.drawing import Step, formula, step_of, window
from tests.reports.conftest import part

SVG = "{http://www.w3.org/2000/svg}"
INPUT = [[1, 2, 0, 3], [0, 1, 2, 3], [1, 2, 1, 0]]
KERNEL = [[1, -2], [0, 1]]
KEY = [[-2, 4, -3], [0, -2, -4]]


def convolved(given: dict[str, Any]) -> list[list[int]]:
    """torch's answer, the referee."""
    array, kernel = (torch.tensor(given[name])[None, None] for name in ("input", "kernel"))
    stride, padding = given.get("stride", 1), given.get("padding", 0)
    rows: list[list[int]] = F.conv2d(array, kernel, stride=stride, padding=padding)[0, 0].tolist()
    return rows


def masked(answer: Any, key: Any) -> list[list[bool]]:
    return [[a == k for a, k in zip(own, right, strict=True)] for own, right in zip(answer, key, strict=True)]


def texts(svg: str) -> list[str]:
    return [found.text or "" for found in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("stride", "padding"),
    [(1, 0), (2, 0), (1, 1), (2, 2), ([1, 2], 0), ([2, 1], [0, 2])],
)
def test_every_window_gives_what_torch_gives(stride: Any, padding: Any) -> None:
    given = {"input": INPUT, "kernel": KERNEL, "stride": stride, "padding": padding}
    key = convolved(given)
    for row, right in enumerate(key):
        for column, value in enumerate(right):
            answer = [list(cells) for cells in key]
            answer[row][column] = None  # type: ignore[call-overload]
            step = step_of(part(answer=answer, key=key, cells=masked(answer, key)), given)
            assert step is not None
            assert (step.row, step.column, step.result) == (row, column, value)


def test_a_wrong_shape_shows_the_first_window() -> None:
    step = step_of(part(answer=[[1, 2], [3, 4]], key=KEY), {"input": INPUT, "kernel": KERNEL})
    assert step is not None
    assert (step.row, step.column, step.window) == (0, 0, [[1, 2], [0, 1]])


@pytest.mark.parametrize(
    ("fields", "given"),
    [
        pytest.param({"verdict": Verdict.CORRECT, "answer": KEY, "cells": masked(KEY, KEY)}, {}, id="all-right"),
        pytest.param({"verdict": Verdict.BLANK}, {}, id="blank"),
        pytest.param({"verdict": Verdict.INVALID, "answer": "many"}, {}, id="not-an-array"),
        pytest.param({"answer": [[1]], "key": 4}, {}, id="asked-for-one-number"),
        pytest.param({"answer": [[1]], "key": [[9, 9, 9], [9, 9, 9]]}, {}, id="another-exercise-does-something-else"),
        pytest.param({"answer": [[1]], "key": [["1/2"]]}, {}, id="fractions"),
        pytest.param({"answer": [[1]]}, {"kernel": None}, id="no-kernel"),
        pytest.param({"answer": [[1]]}, {"padding": "same"}, id="padding-in-words"),
        pytest.param({"answer": [[1]]}, {"stride": 0}, id="stride-of-nothing"),
        pytest.param({"answer": [[1]]}, {"input": [[1] * 40]}, id="too-large-to-read"),
        pytest.param({"answer": [[1]]}, {"input": [INPUT, INPUT]}, id="channels"),
    ],
)
def test_there_is_no_drawing_where_it_would_be_wrong_or_empty(fields: dict[str, Any], given: dict[str, Any]) -> None:
    assert step_of(part(**({"key": KEY} | fields)), {"input": INPUT, "kernel": KERNEL} | given) is None


def test_the_drawing_shows_padding_kernel_and_every_wrong_cell() -> None:
    given = {"input": [[5, 6], [7, 8]], "kernel": [[2, -3], [4, 1]], "padding": 1}
    key = convolved(given)
    answer: list[list[Any]] = [[5, 26, 24], [91, 92, None], ["x", 0, 0]]
    cells = masked(answer, key)
    step = step_of(part(answer=answer, key=key, cells=cells), given)
    assert step is not None
    svg = window(step, answer, cells, "en")
    shown = texts(svg)
    assert shown.count("0") == 12 + sum(row.count(0) for row in answer)
    assert [text for text in shown if text.startswith("×")] == ["×2", "×−3", "×4", "×1"]
    assert shown.count("✗") == sum(not right for row in cells for right in row) > 1
    assert {"91", "_", "x"} <= set(shown)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == f"The window for row {step.row + 1}, column {step.column + 1} of the output"
    assert "It is wrong." in (root[1].text or "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_shape_marks_nothing_as_wrong(language: str) -> None:
    step = Step(INPUT, KERNEL, (1, 1), (0, 0), 0, 0)
    svg = window(step, [[1, 2], [3, 4]], None, language)
    assert "✗" not in svg
    assert "wrong" not in (ET.fromstring(svg)[1].text or "")


def test_the_drawing_never_holds_the_result() -> None:
    step = Step([[7]], [[111]], (1, 1), (0, 0), 0, 0)
    svg = window(step, [[5]], [[False]], "en")
    assert "777" not in svg
    assert "111" in svg


@pytest.mark.parametrize("side", [1, 9])
def test_sizes_from_one_cell_to_nine(side: int) -> None:
    array = [[row * side + column + 1 for column in range(side)] for row in range(side)]
    step = Step(array, [[3]], (1, 1), (0, 0), side - 1, side - 1)
    cells = [[row < side - 1 or column < side - 1 for column in range(side)] for row in range(side)]
    svg = window(step, array, cells, "zh")
    assert texts(svg).count(str(side * side)) == 2  # in the input, and in the student's output
    assert texts(svg).count("✗") == 1


def test_an_answer_too_large_to_read_is_left_out() -> None:
    step = Step(INPUT, KERNEL, (1, 1), (0, 0), 0, 0)
    assert "777" not in window(step, [[777] * 40], None, "en")
    assert "777" in window(step, [[777] * 4], None, "en")


def test_a_hostile_cell_is_text_in_the_drawing() -> None:
    svg = window(Step(INPUT, KERNEL, (1, 1), (0, 0), 0, 0), [["<b>&"], ["\x1b[2J"]], None, "en")
    assert "<b>" not in svg
    assert "\x1b" not in svg
    assert "<b>&" in texts(svg)


@pytest.mark.parametrize(
    ("result", "expected"),
    [(False, ["0·1 + 3·(−2) +", "2·0 + 3·1 = ?"]), (True, ["0·1 + 3·(−2) +", "2·0 + 3·1 = −3"])],
)
def test_formula(result: bool, expected: list[str]) -> None:
    assert formula(Step(INPUT, KERNEL, (1, 1), (0, 0), 0, 2), "en", result=result) == expected


def test_a_very_long_formula_says_how_much_it_leaves_out() -> None:
    ones = [[1] * 9 for _ in range(9)]
    pieces = formula(Step(ones, ones, (1, 1), (0, 0), 0, 0), "en", result=True)
    assert pieces[-1] == "… (and 36 more products) = 81"
    assert sum(piece.count("·") for piece in pieces) == 45
