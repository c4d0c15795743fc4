"""`check` in a notebook: the grade of a practice variant with the picture of the window."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch

from grader.notebook import check
from tests.conftest import ROOT

GIVEN = {"input": [[1, 2, 0, 3], [0, 1, 2, 3], [1, 2, 1, 0], [5, 2, 3, 1]], "kernel": [[1, 2, 1], [0, 1, 0], [2, 1, 0]]}
RIGHT = torch.nn.functional.conv2d(torch.tensor([[GIVEN["input"]]]), torch.tensor([[GIVEN["kernel"]]]))[0, 0]


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(RIGHT.tolist(), id="lists"),
        pytest.param(RIGHT, id="tensor"),
        pytest.param(RIGHT.double(), id="tensor-of-floats"),
        pytest.param(RIGHT.numpy(), id="array"),
        pytest.param({"output": RIGHT}, id="by-part"),
        pytest.param("\n".join(" ".join(map(str, row)) for row in RIGHT.tolist()), id="rows"),
    ],
)
def test_a_right_answer_in_any_form(answer: Any) -> None:
    found = check("conv-array", {name: np.array(value) for name, value in GIVEN.items()}, answer)
    assert [str(part.verdict) for part in found.grade.parts] == ["correct"]
    assert "<svg" not in found._repr_html_()


@pytest.mark.parametrize(("language", "words"), [("en", "The window of the first wrong cell, row 1, column 2"), ("zh", "第一个错误的格（第 1 行第 2 列）")])
def test_a_wrong_cell_is_named_and_its_window_shown(language: str, words: str) -> None:
    answer = RIGHT.tolist()
    answer[0][1] += 1
    found = check("conv-array", GIVEN, answer, language)
    page = found._repr_html_()
    assert words in page
    assert words in repr(found)
    assert "<svg" in page
    ET.fromstring(page)  # whole, and nothing unescaped
    assert str(RIGHT[0, 1].item()) not in repr(found).split("=")[-1]  # the result is left for the student


def test_what_a_student_wrote_is_text() -> None:
    page = check("one-window", {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 1]]}, "<script>alert(1)</script>")._repr_html_()
    assert "<script" not in page


def test_a_decimal_is_marked_by_its_digits() -> None:
    found = check("output-size-basic", {"input_size": 6, "kernel_size": 3}, {"output_size": 4.5})
    assert found.grade.parts[0].read_as == "4.5"


@pytest.mark.parametrize(
    ("exercise", "given", "words"),
    [
        pytest.param("conv-aray", GIVEN, "conv-array", id="misspelled"),
        pytest.param("output-size-basic", {"input_size": 3, "kernel_size": 6}, "torch refuses these values", id="kernel-too-large"),
    ],
)
def test_what_cannot_be_checked_says_why(exercise: str, given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(exercise, given, 1)
