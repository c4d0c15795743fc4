"""The record as text: whole views word for word, and what must hold for every record."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Any

import pytest

from grader.marking.record import Adjustment, Flag, Status, Verdict, read_record
from grader.reports.show import points
from grader.text import LANGUAGES, Text
from tests.reports.conftest import Mark, View, part

GIVEN = {"input": [[1, 2, 0], [0, 1, 2], [1, 2, 1]], "kernel": [[1, 2], [0, 1]]}
WINDOW = {"input": [[2, 3], [4, 5]], "kernel": [[1, 0], [0, 1]]}
KEY = [[6, 4], [4, 6]]
WRONG = {"verdict": Verdict.PARTIAL, "credit": Fraction(1, 2), "answer": [[6, 14], [4, None]], "key": KEY, "cells": [[True, False], [True, False]]}

ENGLISH = """\
conv101 · hw1 · ada · attempt 1
Graded: 0.8 of 2 points
handed in 2026-12-01 10:00 UTC+08:00

For a person to look at:
- late-by-file-time: late only by the file's own time

==============================================================================
conv-array · Output of a convolution · 1 of 2 points
Slide the 2×2 kernel over the 3×3 input one cell at a time, without padding.
As conv2d does, the kernel is laid on as written (cross-correlation). Give the
output as rows of numbers.

  input (3×3)    kernel (2×2)
   1   2   0      1   2
   0   1   2      0   1
   1   2   1

◐ the output, row by row: partly right, 1 of 2 points
  your answer (2×2)    right answer (2×2)
   6  [14]              6   4
   4  [ _]              4   6
  [ ] marks a wrong cell. _ is a cell left blank.
  What was seen.
  The window of the first wrong cell, row 1, column 2:
  2·1 + 0·2 + 1·0 + 2·1 = 4

==============================================================================
Points of the answers: 1
late: −0.2
Total: 0.8 of 2 points"""

CHINESE = """\
conv101 · hw1 · ada · 第 1 次提交
已评分：0.8 / 2 分
提交时间 2026-12-01 10:00 UTC+08:00

需要人工查看：
- late-by-file-time：仅按文件时间判定为迟交

==============================================================================
conv-array · 卷积的输出 · 1 / 2 分
让 2×2 的卷积核在 3×3 的输入上每次移动一格，不填充。与 conv2d 一样，卷积核按原
样覆盖（互相关）。请按行写出输出。

  input (3×3)    kernel (2×2)
   1   2   0      1   2
   0   1   2      0   1
   1   2   1

◐ 输出，逐行写出：部分正确，1 / 2 分
  你的答案 (2×2)
   6  [14]
   4  [ _]
  [ ] 表示错误的格。_ 表示空着的格。
  所见。
  第一个错误的格（第 1 行第 2 列）对应的窗口：
  2·1 + 0·2 + 1·0 + 2·1 = ?

==============================================================================
答案得分：1
迟交：−0.2
总分：0.8 / 2 分"""


@pytest.mark.parametrize(("language", "keys", "expected"), [("en", True, ENGLISH), ("zh", False, CHINESE)])
def test_a_whole_view(made: Mark, language: str, keys: bool, expected: str) -> None:
    late = Adjustment(kind="late", points=Fraction(-1, 5), words=Text("late", "迟交"))
    view = made("conv-array", GIVEN, part(**WRONG)).change(adjustments=(late,), flags=(Flag.LATE_BY_FILE_TIME,))
    assert view.text(language, keys=keys) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", [[[5]], [[1, 2]], "777.5", "many", None])
def test_the_key_is_shown_only_where_it_may_be(mark: Mark, language: str, answer: Any) -> None:
    view = mark("conv-array", {"input": [[7]], "kernel": [[111]]}, answer)
    assert "777" not in view.text(language, keys=False).replace("777.5", "")
    assert "777" in view.text(language, keys=True).replace("777.5", "")


def test_the_key_is_not_repeated_beside_a_right_answer(mark: Mark) -> None:
    text = mark("conv-array", GIVEN, KEY).text(keys=True)
    assert "✓ the output, row by row: correct, 2 of 2 points" in text
    assert "right answer" not in text
    assert "[ ]" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_and_flag_has_words_in_both_languages(made: Mark, language: str) -> None:
    seen = set()
    for verdict in Verdict:
        line = next(line for line in made("one-window", {}, part(verdict=verdict)).text(language).splitlines() if "output" in line)
        seen |= {line, line[0]}
    assert len(seen) == 2 * len(Verdict), "each verdict has words and a sign of its own"
    text = made("one-window", {}).change(flags=tuple(Flag)).text(language)
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == len(Flag)
    assert all(len(line.split(":" if language == "en" else "：", 1)[1].strip()) > 5 for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_is_chinese_and_english_has_none(lesson: Mark, language: str) -> None:
    text = lesson({"conv-array": [[1]], "output-size-1": {"padded_size": "x"}, "nowhere": 1}).text(language)
    chinese = [line for line in text.splitlines() if re.search("[一-鿿]", line)]
    assert bool(chinese) == (language == "zh")
    # In the Chinese view no English sentence is left: three English words in a row are one.
    assert not (language == "zh" and re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,} ", text))


def test_a_refused_record_says_so_first(lesson: Mark) -> None:
    lines = lesson({"conv-array": [[1]]}, sheet="conv101/lesson1-worked/bob/1").text().splitlines()
    assert lines[1] == "Refused: no points of 10, nothing was marked"
    assert lines[3] == "This hand-in was refused and nothing in it was marked, for this reason:"
    assert lines[4].startswith("- ") and "bob" in lines[4]
    assert "Please note:" not in lines
    assert not any("conv-array" in line for line in lines)


def test_a_failed_record_says_whose_fault_it_is_and_keeps_the_rest(made: Mark) -> None:
    view = made("one-window", {}, part(part="value", verdict=Verdict.UNGRADED), part(verdict=Verdict.CORRECT, credit=Fraction(1), answer=3, read_as="3"))
    lines = view.change(status=Status.FAILED, notes=(Text("a note", "注"),)).text().splitlines()
    assert lines[1] == "Grader failed: 2 of 2 points so far, not final"
    assert lines[4].startswith("The grader itself failed here. That is not the student's fault;")
    assert "- a note" in lines
    assert "! the number this window gives: not graded yet, 0 of 2 points" in lines


@pytest.mark.parametrize(
    ("exercise", "given", "raw", "expected"),
    [
        pytest.param("conv-array", GIVEN, None, "your answer: (blank)", id="blank"),
        pytest.param("one-window", WINDOW, "many", 'your answer: "many"', id="unreadable-in-quotes"),
        pytest.param("size-formula", {}, "(i+p-k)//s+1", "your answer: (i+p-k)//s+1", id="formula"),
        pytest.param("size-formula", {}, "(i+p-k)//s+1", "right answer: ", id="formula-key"),
        pytest.param(
            "output-size", {"input_size": [9, 6], "kernel_size": 3, "stride": [2, 1], "padding": 1}, {"output_size": "4, 6"}, "your answer: (4, 6)", id="pair"
        ),
        pytest.param(
            "output-size", {"input_size": [9, 6], "kernel_size": 3, "stride": [2, 1], "padding": 1}, {"output_size": "4, 6"}, "right answer: (5, 6)", id="key"
        ),
        pytest.param("conv-array", {"input": [[2]], "kernel": [[3]]}, [[5]], "[5]    6", id="one-cell"),
    ],
)
def test_answers_as_they_were_read(mark: Mark, exercise: str, given: dict[str, Any], raw: Any, expected: str) -> None:
    lines = [" ".join(line.split()) for line in mark(exercise, given, raw).text().splitlines()]
    assert any(" ".join(expected.split()) in line for line in lines), lines


def test_nine_by_nine_fits_and_marks_one_cell(mark: Mark) -> None:
    array = [[row * 9 + column for column in range(9)] for row in range(9)]
    answer = [list(row) for row in array]
    answer[8][8] = 7
    text = mark("conv-array", {"input": array, "kernel": [[1]]}, answer).text()
    assert "[ 7]" in text
    assert text.count("[") == 2  # the cell and the legend
    assert max(map(len, text.splitlines())) <= 78


HOSTILE = "\x1b[2J\u202e\n::error::owned\r\n::set-output name=a::b <script>\x00"


@pytest.mark.parametrize(
    "raw",
    [HOSTILE, [[HOSTILE, 1], [2, 3]], [[1, 2], [HOSTILE, 4]], {HOSTILE: 3}, {"output": HOSTILE}, [[HOSTILE] * 2], "::error::x", [["::error::x", 1]]],
)
@pytest.mark.parametrize("exercise", ["conv-array", "one-window", "output-size", "size-formula"])
def test_what_a_student_writes_cannot_leave_its_line(lesson: Mark, mark: Mark, exercise: str, raw: Any) -> None:
    sizes = {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}
    given = {"conv-array": GIVEN, "one-window": WINDOW, "output-size": sizes, "size-formula": {}}[exercise]
    views: list[View] = [mark(exercise, given, raw), lesson({"conv-array": raw, HOSTILE: raw})]
    for text in (view.text(language) for view in views for language in LANGUAGES):
        assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]
        assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_can_what_a_record_holds(made: Mark, language: str) -> None:
    """Marking makes all of this safe; a record read from a file may not have been through it."""
    words = Text(HOSTILE, HOSTILE)
    hostile = part(part=HOSTILE, key=HOSTILE, answer=[[HOSTILE], [HOSTILE]], cells=[[False], [True]], feedback=words, read_as=HOSTILE)
    view = made("one-window", {HOSTILE: HOSTILE, "a": [[HOSTILE]]}, hostile, part(answer=HOSTILE, read_as=HOSTILE))
    late = Adjustment(kind="late", points=Fraction(-1), words=words)
    text = view.change(course=HOSTILE, student=HOSTILE, submitted_at=HOSTILE, notes=(words,), adjustments=(late,)).text(language)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]
    assert "::" not in text


def test_a_pasted_flood_is_clipped(mark: Mark) -> None:
    text = mark("conv-array", GIVEN, [[n] for n in range(3000)]).text()
    assert "3000×1" in text
    assert len(text.splitlines()) < 100


def test_an_exercise_or_given_that_is_gone_leaves_the_marks(mark: Mark) -> None:
    view = mark("conv-array", GIVEN, [[6, 4], [4, 7]])
    text = View(view.record, {}, {}).text()
    assert "◐ output: partly right, 1.5 of 2 points" in text
    assert "[7]" in text
    # A given that the exercise no longer fits: the question is left out, the rest stands.
    assert "[7]" in View(view.record, view.exercises, {"conv-array": {"kernel": 3}}).text()


def test_a_question_is_asked_in_full_where_a_pinned_given_leaves_a_default_out(lesson: Mark) -> None:
    assert "with stride 1" in lesson({}).text()  # conv-padding of the worked lesson does not pin its stride


def test_a_record_from_its_json_reads_the_same(lesson: Mark) -> None:
    view = lesson({"conv-array": [[10, 12, 12], [18, 16, 1], [1, "x", None]], "output-size-1": {"padded_size": 4, "output_size": "7/2"}})
    again = View(read_record(view.record.to_json()), view.exercises, view.given)
    assert again.text() == view.text()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(0), "0"),
        (Fraction(10), "10"),
        (Fraction(100), "100"),
        (Fraction(9, 16), "0.5625"),
        (Fraction(14, 9), "1.56"),
        (Fraction(-1, 5), "−0.2"),
        (Fraction(1, 10**6), "0"),
        (Fraction(-1, 10**6), "0"),
        (Fraction(2999999, 10**6), "3"),
    ],
)
def test_points(value: Fraction, expected: str) -> None:
    assert points(value) == expected
