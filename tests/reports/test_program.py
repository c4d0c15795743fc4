"""A program's groups of cases in the views of a record: word for word, in both languages, and what a view must never show."""

from __future__ import annotations

from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

from grader.marking.record import PartGrade, Verdict
from grader.reports.program import program_text
from grader.text import LANGUAGES, Text
from tests.reports.conftest import Mark, View, part

CALL = "conv2d([[1]], [[2]], padding=1)"
WORDS = Text("It returns an array of shape (1, 1), which is not the right shape.", "返回的数组形状为 (1, 1)，形状不正确。")
RAISES = Text("It raises KeyError: '<img src=x>'.", "抛出异常 KeyError: '<img src=x>'。")


def group(name: str, passed: int, cases: int, **about: Any) -> dict[str, Any]:
    titles = {"plain": ("the kernel is square", "卷积核是方阵"), "padding": ("the padding is 1", "填充为 1"), "stride": ("the stride is 2", "步幅为 2")}
    en, zh = titles.get(name, (name, name))
    fails = {"first": None, "call": None, "seen": None, "expected": None}
    return {"group": name, "title": {"en": en, "zh": zh}, "weight": 1, "hidden": False, "cases": cases, "passed": passed} | fails | about


def run_of(*groups: dict[str, Any], output: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"isolation": "full", "outcome": "loaded", "groups": list(groups), "output": list(output)}


FIRST = {"first": "wrong-shape", "call": CALL, "seen": WORDS.to_json(), "expected": "[[0, 2], [0, 0]]"}
LATER = {"first": "wrong-shape", "call": "conv2d([[3]], [[4]], padding=2)", "seen": WORDS.to_json(), "expected": "[[8]]"}
OTHER = {"first": "raised", "call": "conv2d([[5]], [[6]], stride=2)", "seen": RAISES.to_json(), "expected": "[[30]]"}
HIDDEN = {"first": "wrong-shape", "hidden": True, "seen": {"en": "wrong shape", "zh": "形状不正确"}}
RUN = run_of(
    group("plain", 2, 2),
    group("padding", 0, 2, **FIRST),
    group("padding", 1, 2, **LATER),
    group("stride", 0, 3, **OTHER),
    group("larger", 0, 3, **HIDDEN),
    output=("  x = <b>1</b>", ":·:error"),
)
FEEDBACK = Text(f"It fails where the padding is 1. {CALL}: {WORDS.en}", f"以下情况出错：填充为 1。{CALL}：{WORDS.zh}")

ENGLISH = """\
◐ the function conv2d: partly right, 0.5 of 2 points
  your answer: a program of 14 lines
  It fails where the padding is 1. conv2d([[1]], [[2]], padding=1): It returns
  an array of shape (1, 1), which is not the right shape.
  ✓ the kernel is square  2/2
  ✗ the padding is 1  0/2
    Right is [[0, 2], [0, 0]].
  ✗ the padding is 1  1/2
  ✗ the stride is 2  0/3
    conv2d([[5]], [[6]], stride=2)
    It raises KeyError: '<img src=x>'.
    Right is [[30]].
  ✗ larger (hidden)  0/3
    wrong shape
  It printed, at the end:
      x = <b>1</b>
    :·:error"""

CHINESE = """\
◐ 函数 conv2d：部分正确，0.5 / 2 分
  你的答案：14 行的程序
  以下情况出错：填充为 1。conv2d([[1]], [[2]], padding=1)：返回的数组形状为
  (1, 1)，形状不正确。
  ✓ 卷积核是方阵  2/2
  ✗ 填充为 1  0/2
  ✗ 填充为 1  1/2
  ✗ 步幅为 2  0/3
    conv2d([[5]], [[6]], stride=2)
    抛出异常 KeyError: '<img src=x>'。
  ✗ larger（不公开）  0/3
    形状不正确
  最后输出的内容：
      x = <b>1</b>
    :·:error"""


def program(**fields: Any) -> PartGrade:
    about = {"part": "code", "verdict": Verdict.PARTIAL, "credit": Fraction(1, 4), "answer": "sha256:0", "read_as": "14 lines"}
    return part(**({**about, "feedback": FEEDBACK, "run": RUN} | fields))


@pytest.fixture
def view(made: Mark) -> View:
    return made("code-conv2d", {}, program())


class Page(HTMLParser):
    """The tags of a page, the rows of its table of groups and its lines of output, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.output = ""
        self._in: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if dict(attrs).get("class") in ("groups", "printed"):
            self._in = tag
        elif self._in == "table" and tag == "tr":
            self.rows.append([])
        elif self._in == "table" and tag in ("td", "th", "p"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = None

    def handle_data(self, data: str) -> None:
        if self._in == "pre":
            self.output += data
        elif self._in == "table" and self.rows and data.strip():
            self.rows[-1][-1] += data


@pytest.mark.parametrize(("language", "keys", "expected"), [("en", True, ENGLISH), ("zh", False, CHINESE)])
def test_the_groups_stand_below_the_feedback(view: View, language: str, keys: bool, expected: str) -> None:
    assert expected in view.text(language, keys=keys)


def test_the_page_has_the_same_in_a_table(view: View) -> None:
    found = Page(view.page("en", keys=True))
    assert found.rows == [
        ["✓", "the kernel is square", "2/2"],
        ["✗", "the padding is 1", "Right is [[0, 2], [0, 0]].", "0/2"],
        ["✗", "the padding is 1", "1/2"],
        ["✗", "the stride is 2", "conv2d([[5]], [[6]], stride=2)", "It raises KeyError: '<img src=x>'.", "Right is [[30]].", "0/3"],
        ["✗", "larger cases not shown", "wrong shape", "0/3"],
    ]
    assert found.output == "  x = <b>1</b>\n:·:error"
    assert "img" not in found.tags
    chinese = Page(view.page("zh", keys=False))
    assert chinese.rows[3] == ["✗", "步幅为 2", "conv2d([[5]], [[6]], stride=2)", "抛出异常 KeyError: '<img src=x>'。", "0/3"]
    assert chinese.rows[4][1] == "larger 测试不公开"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_call_should_have_returned_is_a_key(view: View, language: str) -> None:
    for text in (view.text(language, keys=False), view.page(language, keys=False)):
        assert "[[30]]" not in text
        assert "[[0, 2], [0, 0]]" not in text


def test_what_a_student_printed_is_text(view: View) -> None:
    page = view.page("en")
    assert "  x = &lt;b&gt;1&lt;/b&gt;\n" in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(None, id="not-run"),
        pytest.param(run_of(), id="no-program"),
    ],
)
def test_where_nothing_was_run_there_is_no_table(made: Mark, run: Any) -> None:
    view = made("code-conv2d", {}, program(run=run, verdict=Verdict.INVALID, credit=Fraction(0)))
    assert Page(view.page("en")).rows == []
    assert "✗ " not in view.text("en")


def test_whoever_tries_a_program_is_told_everything_of_each_group() -> None:
    text = program_text(program(), "en", keys=True)
    assert text.count(WORDS.en) == 2
    assert "conv2d([[3]], [[4]], padding=2)" in text
    assert "Right is [[8]]." in text
