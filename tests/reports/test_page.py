"""The record as a page: one document, nothing loaded, nothing executed, readable without colours."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

from grader.marking.record import Adjustment, Flag, Status, Verdict
from grader.reports.page import STYLE
from grader.text import LANGUAGES, Text
from tests.reports.conftest import Mark, part

VOID = {"meta", "br"}
PLAIN = "html head title style body main header section article p h1 h2 h3 strong b small span ul li a"
TABLES = "table caption thead tbody tfoot tr th td div figure figcaption svg desc g rect text"
ALLOWED = {*VOID, *PLAIN.split(), *TABLES.split()}
GIVEN = {"input": [[1, 2, 0], [0, 1, 2], [1, 2, 1]], "kernel": [[1, 2], [0, 1]]}
WINDOW = {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 1]]}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Parsed(HTMLParser):
    """Every element with the text in it; fails on a tag that is not closed where it should be."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of <{tag}> stands twice"
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect", f"<{tag}/> closes itself"
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [e for e in self.elements if e.tag == tag and all(value in (e.attributes.get(name) or "").split() for name, value in wanted.items())]


def parsed(page: str) -> Parsed:
    document = Parsed()
    document.feed(page)
    document.close()
    assert document.open == [], "a tag is left open"
    return document


ANSWERS: dict[str, Any] = {
    "conv-array": [[10, 12, 12], [18, 16, None], [13, 9, "x"]],
    "conv-stride": [[10, 12, 12], [18, 16, 16], [13, 9, 3]],
    "conv-padding": "nothing to read",
    "output-size-1": {"padded_size": 4, "output_size": 2},
    "output-size-2": {"padded_size": 6, "output_size": 4},
    "output-size-3": 3,
}


@pytest.mark.parametrize("keys", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_needs_nothing(lesson: Mark, language: str, keys: bool) -> None:
    page = lesson(ANSWERS).page(language, keys=keys)
    document = parsed(page)
    assert page.startswith("<!doctype html>\n")
    assert {element.tag for element in document.elements} <= ALLOWED
    assert document.all("html")[0].attributes["lang"] == {"en": "en", "zh": "zh-CN"}[language]
    ids = {element.attributes["id"] for element in document.elements if "id" in element.attributes}
    links = [element.attributes["href"] for element in document.elements if "href" in element.attributes]
    assert len(links) == 7
    assert all(link is not None and link[0] == "#" and link[1:] in ids for link in links)
    assert not [element for element in document.elements if "src" in element.attributes or any(name.startswith("on") for name in element.attributes)]
    assert "url(" not in page and "@import" not in page


def test_the_top_says_who_what_and_how_much(lesson: Mark) -> None:
    view = lesson(ANSWERS)
    document = parsed(view.page())
    assert document.all("h1")[0].text == "ada"
    assert document.all("title")[0].text == "lesson1-worked · ada · attempt 1"
    rows = [element.text for element in document.all("tr", class_="total")]
    assert rows == [f"Total{document.all('p', class_='score')[0].text.split()[1]} / 10"]
    assert len(document.all("section", class_="slot")) == len(view.record.slots) == 7


def test_adjustments_stand_between_the_marks_and_the_total(made: Mark) -> None:
    late = Adjustment(kind="late", points=Fraction(-1, 5), words=Text("2 days late: 20 % off", "迟交"))
    view = made("one-window", GIVEN, part(part="value", verdict=Verdict.CORRECT, credit=Fraction(1), answer=4, read_as="4")).change(adjustments=(late,))
    rows = [row.text for row in parsed(view.page()).all("tr") if row.attributes.get("class")]
    assert rows == ["Points of the answers2", "2 days late: 20 % off−0.2", "Total1.8 / 2"]


def test_wrong_cells_are_marked_by_sign_and_word(lesson: Mark) -> None:
    document = parsed(lesson(ANSWERS).page())
    wrong = document.all("td", class_="wrong")
    assert [cell.text for cell in wrong] == ["_✗", "x✗"]
    signs = [e for e in document.all("span", class_="sign") if e.text == "✗" and e.attributes.get("aria-label") == "wrong"]
    assert len(signs) >= len(wrong)
    assert "✗ and a thick frame mark a wrong cell." in document.all("p", class_="legend")[0].text


@pytest.mark.parametrize(("language", "first"), [("en", "row 1"), ("zh", "第 1 行")])
def test_arrays_are_tables_with_numbered_rows_and_columns(mark: Mark, language: str, first: str) -> None:
    document = parsed(mark("conv-array", GIVEN, [[6, 4], [4, 7]]).page(language))
    grids = document.all("table", class_="grid")
    assert [(grid.attributes["aria-label"] or "").split(" (")[-1] for grid in grids] == ["3×3)", "2×2)", "2×2)", "2×2)"]
    rows = [head.attributes["aria-label"] for head in document.all("th", scope="row") if "aria-label" in head.attributes]
    assert len(rows) == 3 + 2 + 2 + 2
    assert rows[0] == first
    assert all(head.attributes.get("scope") in ("row", "col") for head in document.all("th"))


@pytest.mark.parametrize(
    ("raw", "caption"),
    [
        pytest.param([[6, 14], [4, 7]], "The window of the first wrong cell, row 1, column 2:", id="first-wrong-cell"),
        pytest.param([[6, 14]], "The first window, which gives row 1, column 1 of the output:", id="wrong-shape"),
        pytest.param([6, 14], "The first window, which gives row 1, column 1 of the output:", id="one-row"),
        pytest.param([[6, 4], [4, 6]], None, id="right"),
        pytest.param("none", None, id="unreadable"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_the_window_is_drawn_where_it_helps(mark: Mark, raw: Any, caption: str | None) -> None:
    document = parsed(mark("conv-array", GIVEN, raw).page(keys=False))
    figures = document.all("figure")
    assert len(figures) == len(document.all("svg")) == (0 if caption is None else 1)
    if caption is not None:
        assert caption in figures[0].text
        assert document.all("p", class_="formula")[0].text.endswith(" = ?")


def test_one_window_has_no_output_to_draw(mark: Mark) -> None:
    assert parsed(mark("one-window", WINDOW, 10).page()).all("figure") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", [[[5]], [[1, 2]], "many", None])
def test_the_key_is_on_the_page_only_where_it_may_be(mark: Mark, language: str, answer: Any) -> None:
    view = mark("conv-array", {"input": [[7]], "kernel": [[111]]}, answer)
    assert "777" not in view.page(language, keys=False)
    assert "777" in view.page(language, keys=True)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>'\"&\x1b\u202e</style></title>"


@pytest.mark.parametrize("raw", [HOSTILE, [[HOSTILE, 1], [2, 3]], [[HOSTILE]], {HOSTILE: HOSTILE}, [HOSTILE, [1]]])
@pytest.mark.parametrize("exercise", ["conv-array", "one-window", "size-formula"])
def test_what_a_student_writes_is_text(mark: Mark, lesson: Mark, exercise: str, raw: Any) -> None:
    given = {"conv-array": GIVEN, "one-window": WINDOW, "size-formula": {}}[exercise]
    for view in (mark(exercise, given, raw), lesson({"conv-array": raw, HOSTILE: raw})):
        for language in LANGUAGES:
            page = view.page(language)
            assert {element.tag for element in parsed(page).elements} <= ALLOWED
            assert not re.search("<(script|img)|[\x00-\x09\x0b-\x1f\u202e]", page)


def test_hostile_names_are_text_too(made: Mark) -> None:
    view = made("one-window", {HOSTILE: HOSTILE, "a": [[HOSTILE]]}, part(part=HOSTILE, key=HOSTILE, answer=HOSTILE, feedback=Text(HOSTILE, HOSTILE)))
    view = view.change(student=HOSTILE, course=HOSTILE, assignment=HOSTILE, submitted_at=HOSTILE, notes=(Text(HOSTILE, HOSTILE),))
    assert {element.tag for element in parsed(view.page()).elements} <= ALLOWED
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", view.page())
    assert "alert(1)" in parsed(view.page()).all("h1")[0].text


def test_a_refused_record_gives_its_reason_and_no_questions(lesson: Mark) -> None:
    document = parsed(lesson({}, sheet="conv101/lesson1-worked/bob/1").page())
    opening = document.all("section", class_="opening")
    assert len(opening) == 1
    assert "for this reason" in opening[0].text and "bob" in opening[0].text
    assert document.all("table") == [] and document.all("section", class_="slot") == []
    assert "not-theirs" in document.all("section", class_="notes")[0].text


def test_failed_and_ungraded(made: Mark) -> None:
    view = made("one-window", GIVEN, part(part="value", verdict=Verdict.UNGRADED)).change(status=Status.FAILED, flags=tuple(Flag))
    document = parsed(view.page())
    assert "not the student's fault" in document.all("section", class_="opening")[0].text
    assert document.all("span", class_="badge")[0].text == "! not graded yet"
    assert len(document.all("li")) == len(Flag)


@pytest.mark.parametrize(
    ("exercise", "given", "raw", "expected"),
    [
        ("size-formula", {}, "(i+p-k)//s+1", "your answer: (i+p-k)//s+1"),
        ("output-size", {"input_size": [9, 6], "kernel_size": 3, "stride": [2, 1], "padding": 1}, {"output_size": [4, 6]}, "your answer: (4, 6)"),
        ("one-window", {"input": [[2]], "kernel": [[3]]}, "-5", "your answer: -5"),
    ],
)
def test_answers_on_one_line(mark: Mark, exercise: str, given: dict[str, Any], raw: Any, expected: str) -> None:
    assert expected in [answer.text for answer in parsed(mark(exercise, given, raw).page()).all("p", class_="answer")]


@pytest.mark.parametrize("side", [1, 9])
def test_arrays_from_one_cell_to_nine(mark: Mark, side: int) -> None:
    array = [[row * side + column + 1 for column in range(side)] for row in range(side)]
    answer = [list(row) for row in array]
    answer[-1][-1] = 777
    document = parsed(mark("conv-array", {"input": array, "kernel": [[1]]}, answer).page())
    assert [cell.text for cell in document.all("td", class_="wrong")] == ["777✗"]
    assert len(document.all("svg")) == 1


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_background(scheme: str) -> None:
    """WCAG 2 AA, 1.4.3: at least 4.5 to 1 for every colour that text has, on each background it stands on."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", blocks[0 if scheme == "light" else 1]))
    for back in ("back", "soft"):
        for name in ("text", "link", "kernel", "good", "part", "wrong", "quiet"):
            lighter, darker = sorted((luminance(colours[name]), luminance(colours[back])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, f"{name} on {back}"


def test_importing_the_views_imports_neither_torch_nor_rich() -> None:
    code = "import sys, grader.reports.page, grader.reports.show; print(sorted({'torch', 'rich', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
