"""The grid's side in Python: what it shows before and after a check, and what it never shows. `test_lab.py` has the browser's."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from grader.notebook import Grid, check
from grader.notebook.cells import Cells, size_of
from tests.conftest import ROOT, CourseCopy

GIVEN = {"input": [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1]], "kernel": [[1, 2, 1], [0, 1, 0], [2, 1, 0]]}
TYPED = [[["10", "12", "12"], ["18", "17", "16"]]]
BACKWARD = {"input": [[1, 2], [3, 4]], "kernel": [[1]], "stride": 1, "grad_output": [[1, 0], [0, 1]]}


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def filled(cells: Cells = TYPED, language: str | None = None) -> Grid:
    grid = Grid("conv-array", GIVEN, language=language)
    grid.cells = cells
    return grid


def sent(grid: Grid, **content: Any) -> None:
    """As the browser's side sends it."""
    grid._handle_custom_msg({"cells": grid.cells, **content}, [])


@pytest.mark.parametrize("size", [3, 4, 6])
def test_every_grid_starts_with_the_same_cells(size: int) -> None:
    grid = Grid("conv-array", {"input": [[row * column for column in range(size)] for row in range(size)], "kernel": [[1, 2], [0, 1]]})
    assert grid.cells == [[["", ""], ["", ""]]]
    assert grid.value == [[None, None], [None, None]]


def test_what_is_sent_to_the_browser_before_a_check_knows_no_key() -> None:
    own = {name for name in Grid.class_own_traits() if not name.startswith("_")}
    assert {"cells", "numbers", "outcome"} <= own
    state = json.dumps(Grid("conv-array", GIVEN).get_state(own), ensure_ascii=False)
    assert "input (4×5)" in state  # what is sent is looked at
    assert not [number for number in ("10", "12", "18", "16") if number in state]
    assert "2×3" not in state


@pytest.mark.parametrize(("language", "words"), [("en", "Wrong: row 2, column 2 (you: 17)"), ("zh", "错误：第 2 行第 2 列（你的答案：17）")])
def test_a_check_names_the_wrong_cell(language: str, words: str) -> None:
    grid = filled(language=language)
    found = grid.check()
    assert grid.outcome["right"] == [[[True, True, True], [True, False, True]]]
    assert words in " ".join(grid.outcome["lines"])
    assert grid.outcome["picture"].startswith("<svg")
    assert repr(found).splitlines() == grid.outcome["lines"]
    assert repr(found) == repr(check("conv-array", GIVEN, grid.value, language))


def test_the_button_marks_the_cells_that_come_with_it() -> None:
    grid = Grid("conv-array", GIVEN)
    right = [[["10", "12", "12"], ["18", "16", "16"]]]
    sent(grid, cells=right)
    assert grid.value == [[10, 12, 12], [18, 16, 16]]
    assert grid.outcome["lines"][-1] == "Right."
    before = grid.outcome
    sent(grid)
    assert grid.outcome != before  # else the browser would not hear of it


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        pytest.param([[["", ""], ["", ""]]], "Nothing was filled in here.", id="blank"),
        pytest.param([[["10", "12"], ["18", "16"]]], "Your answer is 2×2", id="wrong-shape"),
        pytest.param([[["10", "12", "12"], ["18", "1 6", "16"]]], "'1·6' is no number", id="two-numbers-in-a-cell"),
        pytest.param([TYPED[0], TYPED[0]], "Your answer is 2×2×3", id="channels-nobody-asked-for"),
    ],
)
def test_what_is_no_full_answer_is_said(cells: Cells, words: str) -> None:
    grid = filled(cells)
    grid.check()
    assert words in " ".join(grid.outcome["lines"])


def test_a_pasted_block_is_laid_into_the_grid() -> None:
    grid = Grid("conv-array", GIVEN)
    sent(grid, paste="tensor([[[[10, 12, 12],\n [18, 16, 16]]]])", at=[0, 0, 0])
    assert grid.value == [[10, 12, 12], [18, 16, 16]]
    assert not grid.outcome  # pasted, not checked


def test_what_cannot_be_pasted_is_said_in_the_grid_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    grid, notes = Grid("conv-array", GIVEN, language="zh"), list[Any]()
    monkeypatch.setattr(grid, "send", notes.append)
    sent(grid, paste="[[1, 2], [3]]", at=[0, 0, 0])
    assert notes == [{"note": "第 1 行有 2 格，第 2 行有 1 格；每行格数应相同，空着的格请写 _"}]
    assert size_of(grid.cells) == (1, 2, 2)


def test_of_several_arrays_the_named_one_is_marked() -> None:
    grid = Grid("conv-backward", BACKWARD, part="grad_input")
    grid.cells = [[["1", "0"], ["0", "1"]]]
    found = grid.check()
    assert [(part.part, str(part.verdict)) for part in found.grade.parts] == [("grad_input", "correct")]


@pytest.mark.parametrize(
    ("exercise", "given", "part", "words"),
    [
        pytest.param("conv-aray", GIVEN, None, "conv-array", id="misspelled"),
        pytest.param(
            "output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, None, "asks for no array; answer it with check", id="no-array"
        ),
        pytest.param("conv-array", GIVEN, "result", "asks for output, not for an array 'result'", id="no-such-part"),
        pytest.param("conv-backward", BACKWARD, None, "name one, as part='grad_kernel'", id="several"),
        pytest.param("conv-array", {"input": [[1] * 70] * 2, "kernel": [[1]]}, None, "does not fit a grid", id="too-large"),
    ],
)
def test_what_no_grid_can_be_made_for_says_why(exercise: str, given: Any, part: str | None, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        Grid(exercise, given, part)


def test_the_words_are_in_the_course_s_first_language(course_copy: CourseCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    course_copy.edit("course.yaml", "languages: [en, zh]", "languages: [zh, en]")
    monkeypatch.chdir(course_copy.folder)
    grid = Grid("conv-array", GIVEN)
    assert (grid.language, grid.words["check"], grid.title) == ("zh-CN", "检查", "输出，逐行写出")
    assert "正确" in repr(check("conv-array", GIVEN, [[10, 12, 12], [18, 16, 16]]))
    with pytest.raises(ValueError, match="unknown language 'fr'; write en or zh"):
        Grid("conv-array", GIVEN, language="fr")


def test_without_anywidget_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['anywidget'] = None\nfrom grader.notebook import check\nfrom grader.notebook import Grid"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "ImportError: Grid needs the package anywidget; install it with: python -m pip install 'conv-grader[widget]'" in done.stderr
    assert "line 3" in done.stderr  # `check` needs nothing more
