"""What people write into a sheet that YAML does not read: one misplaced row must not cost every question."""

from __future__ import annotations

from typing import Any

import pytest

from grader.documents import DocumentError, read_yaml
from grader.mending import mended_sheet

ROWS = "5 4 2\n0 8 -5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a:\n  output: |   # rows\n  5 4 2\n  0 8 -5\n", {"a": {"output": ROWS + "\n"}}, id="rows-under-the-name"),
        pytest.param("a:\n  output: |\n5 4 2\n0 8 -5\nb: 3\n", {"a": {"output": ROWS + "\n"}, "b": "3"}, id="rows-at-the-margin"),
        pytest.param("a:\n  output: |\n       5 4  2\n      10 8 -5\n", {"a": {"output": "5 4  2\n10 8 -5\n"}}, id="first-row-aligned-to-the-right"),
        pytest.param("a:\n  5 4 2\n  0 8 -5\n", {"a": ROWS}, id="rows-without-a-bar-stay-rows"),
        pytest.param("a:\n  output: >\n    5 4 2\n    0 8 -5\n", {"a": {"output": ROWS}}, id="rows-behind-the-folding-sign-stay-rows"),
        pytest.param("a: [[5 4 2] [0 8 -5]]\nb: 2\n", {"a": "[[5 4 2] [0 8 -5]]\n", "b": "2"}, id="no-comma-between-rows"),
        pytest.param("a: [[5 4 2]\n    [0 8 -5]]\nb: 2\n", {"a": "[[5 4 2]\n[0 8 -5]]\n", "b": "2"}, id="a-numpy-print"),
        pytest.param("a: [[1, , 3], [4, 5, 6]]\n", {"a": [["1", None, "3"], ["4", "5", "6"]]}, id="a-blank-cell"),
        pytest.param("answers:\n  one-window:17\n  b: 2\n", {"answers": {"one-window": "17", "b": "2"}}, id="no-space-after-the-colon"),
    ],
)
def test_what_is_meant_is_read(text: str, expected: Any) -> None:
    assert read_yaml(text, typed=False).data == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\n 2: : 3\n", id="colons"),
        pytest.param("a: {b: 1\n", id="an-open-brace"),
        pytest.param("a: |\n  x\n y: 2\n", id="words-out-of-place"),
    ],
)
def test_what_is_no_row_of_numbers_is_left_alone(text: str) -> None:
    with pytest.raises(DocumentError):
        read_yaml(text, typed=False)


@pytest.mark.parametrize(
    "text", ["a: 1\nb: [1, 2]\n", "a:\n  output: |\n    1 2\n    3 4\nb: 'x, , y'\n", "# a comment: with one\nsheet: c/a/s/1\nanswers: {}\n"]
)
def test_a_sheet_that_can_be_read_is_never_changed_by_mending(text: str) -> None:
    assert read_yaml(mended_sheet(text), typed=False).data == read_yaml(text, typed=False).data


def test_course_files_are_never_mended() -> None:
    with pytest.raises(DocumentError):
        read_yaml("a: [1, , 3]\n", typed=True)
