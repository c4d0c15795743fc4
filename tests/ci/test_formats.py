"""Each format, field by field, read back by something that did not write it."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.dom import minidom

import pytest
from junitparser import Failure, JUnitXml, Properties

from grader.ci.badge import badge
from grader.ci.github import SHOWN, annotation_lines, classroom_result, encoded, outputs
from grader.ci.gitlab import code_quality
from grader.ci.gradescope import results_json
from grader.ci.junit import junit_xml
from grader.ci.outputs import points_line, result_files
from grader.ci.practice import Marked, mark_repository
from grader.ci.repository import read_repository
from grader.ci.summary import LIMIT, summary_markdown
from grader.ci.workflows import gitlab
from grader.marking.record import Adjustment, Verdict
from grader.reports.show import points
from grader.text import Text, both

from .conftest import Made, answers_of, fill, mixed

NOW = datetime(2026, 12, 2, tzinfo=UTC)
HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def marked(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    sheet = made.sheet("ada")
    home = made.repository("ada", tmp_path_factory.mktemp("formats"))
    fill(home, sheet, mixed(sheet))
    return mark_repository(read_repository(home), now=NOW)


@pytest.fixture(scope="module")
def right(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    sheet = made.sheet("ada")
    home = made.repository("ada", tmp_path_factory.mktemp("right"))
    fill(home, sheet, answers_of(sheet))
    return mark_repository(read_repository(home), now=NOW)


@pytest.fixture(scope="module")
def refused(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    home = made.repository("ada", tmp_path_factory.mktemp("refused"))
    (home / "answers.yaml").write_text("sheet: conv101/lesson1/ada/1\nanswers:\n  one-window: [1\n")
    return mark_repository(read_repository(home), now=NOW)


def ungraded(marked: Marked) -> Marked:
    first, *others = marked.items
    return replace(marked, items=(replace(first, verdict=Verdict.UNGRADED), *others))


# JUnit: its schema, as GitLab's parser walks it.


def test_junit_holds_a_case_for_each_part_with_its_points(marked: Marked) -> None:
    document = minidom.parseString(junit_xml(marked, "en"))
    assert document.documentElement is not None
    assert document.documentElement.nodeName == "testsuites"
    (suite,) = document.documentElement.getElementsByTagName("testsuite")
    cases = suite.getElementsByTagName("testcase")
    names = [(case.getAttribute("classname"), case.getAttribute("name")) for case in cases]
    assert len(set(names)) == len(names) == len(marked.items) == int(suite.getAttribute("tests")), "GitLab drops a case that has a name twice"
    wrong = [item for item in marked.items if not item.passed]
    assert int(suite.getAttribute("failures")) == len(suite.getElementsByTagName("failure")) == len(wrong)
    for case, item in zip(cases, marked.items, strict=True):
        own = {one.getAttribute("name"): one.getAttribute("value") for one in case.getElementsByTagName("property")}
        assert Fraction(own["points"]) == item.points
        assert Fraction(own["possible"]) == item.possible
        assert own["verdict"] == item.verdict
        assert case.getAttribute("file") == "answers.yaml"
        assert set(case.attributes.keys()) == {"classname", "name", "file", "line", "time"}
        failures = [failure.firstChild for failure in case.getElementsByTagName("failure")]
        assert [item.feedback.en in ((failure and failure.nodeValue) or "") for failure in failures] == [True] * (not item.passed)


def test_junit_is_read_back_by_a_library_of_its_own(marked: Marked) -> None:
    """With every part's points and fraction; the sums are those of the record."""
    (suite,) = JUnitXml.fromstring(junit_xml(marked, "zh"))
    cases = list(suite)
    wrong = sum(not item.passed for item in marked.items)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped, len(cases)) == (len(marked.items), wrong, 0, 0, len(marked.items))
    about = properties(suite)
    assert (about["student"], about["status"], about["flags"]) == ("ada", "graded", "unverified")
    assert Fraction(about["score"]) == marked.record.score
    earned = Fraction(0)
    for case, item in zip(cases, marked.items, strict=True):
        own = properties(case)
        earned += Fraction(own["points"])
        assert (case.classname, case.is_passed) == (item.slot, item.passed)
        assert case.name == f"{item.name}（{points(item.points)}/{points(item.possible)} 分）"
        for failure in case.result:
            assert (type(failure), failure.type) == (Failure, item.verdict)
            assert item.feedback.zh in str(failure.text)
    assert earned == marked.record.score != int(earned), "no fraction in it: this could not show that fractions survive"


def properties(element: Any) -> dict[str, str]:
    return {own.name: own.value for own in element.child(Properties)}


def test_junit_says_what_the_grader_could_not_mark(marked: Marked) -> None:
    suite = minidom.parseString(junit_xml(ungraded(marked), "en")).getElementsByTagName("testsuite")[0]
    assert suite.getAttribute("errors") == "1" == str(len(suite.getElementsByTagName("error")))


def test_junit_speaks_chinese(marked: Marked) -> None:
    assert "此处未作答。" in junit_xml(marked, "zh").decode()


# GitHub.


def test_classroom_result_field_by_field(marked: Marked) -> None:
    result = json.loads(base64.b64decode(encoded(classroom_result(marked, "en", Fraction(1)))))
    assert set(result) == {"version", "status", "max_score", "tests"}
    assert (result["version"], result["status"], result["max_score"]) == (1, "fail", 20)
    for test, item in zip(result["tests"], marked.items, strict=True):
        assert set(test) == {"name", "status", "score", "message", "test_code", "filename", "line_no", "duration"}
        assert (test["name"], test["score"], test["line_no"], test["filename"]) == (item.name, item.points, item.line, "answers.yaml")
        assert test["status"] == ("pass" if item.passed else "fail")
        assert (test["message"] is None) == item.passed
    total = sum(test["score"] for test in result["tests"])  # as the reporter adds them up
    assert total == float(marked.record.score) != int(total), "no fraction in it: this could not show that fractions survive"


@pytest.mark.parametrize(
    ("kind", "pass_mark", "status"),
    [("right", Fraction(1), "pass"), ("marked", HALF, "pass"), ("marked", Fraction(1), "fail"), ("refused", Fraction(0), "fail")],
)
def test_classroom_status(kind: str, pass_mark: Fraction, status: str, request: pytest.FixtureRequest) -> None:
    assert classroom_result(request.getfixturevalue(kind), "en", pass_mark)["status"] == status


def test_what_attempts_cost_is_in_the_sum_of_classroom(right: Marked) -> None:
    line = Adjustment(kind="attempt", points=Fraction(-5, 2), words=both("attempt 2: 12.5 % off"))
    dearer = replace(right, record=replace(right.record, adjustments=(line,)))
    assert sum(test["score"] for test in classroom_result(dearer, "en", HALF)["tests"]) == 17.5 == dearer.record.score


def test_outputs_are_single_lines(marked: Marked) -> None:
    lines = outputs(marked, classroom_result(marked, "en", HALF))
    assert [line.partition("=")[0] for line in lines] == ["result", "points", "possible", "status"]
    assert all(re.fullmatch(r"[a-z]+=[A-Za-z0-9+/=.]*", line) for line in lines)


def test_annotations_lead_to_the_line_of_the_answer(made: Made, ada: Path) -> None:
    path = ada / "answers.yaml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^  one-window: *$", "  one-window: 123456", text)
    text = re.sub(r"(?m)^  output-size-3: .*$", "  output-size-3: {padded_size: 77, output_size: x}", text)
    text = re.sub(r"(?m)^(  conv-stride:\n    output: \|.*)$", r"\1\n      1 2\n      3 4", text)
    path.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    found = [annotation_place(line) for line in annotation_lines(mark_repository(read_repository(ada), now=NOW), "en")]
    places = {title.partition("%3A")[0]: number for number, title in found}
    assert len(places) == 14
    for name, number in places.items():
        slot, _, part = name.partition(".")
        assert re.match(rf"  {slot}:|    {part}:", lines[number - 1]), f"{name}: line {number} is {lines[number - 1]!r}"
    assert lines[places["one-window.value"] - 1] == "  one-window: 123456"
    assert lines[places["conv-stride.output"] - 1].startswith("    output: |"), "the array's own name, not a row of it"


# As students write a sheet. `@NAME` stands on the line that the annotation of NAME has to name.
SHEETS = [
    pytest.param("  output-size-3: {padded_size: 77, output_size: x}  # @output-size-3.padded_size @output-size-3.output_size", id="flow-on-a-line"),
    pytest.param(
        """\
  output-size-3: {  # 先算填充后的边长
    padded_size: 77,  # @output-size-3.padded_size

    # 再算输出
    output_size: 6.5}  # @output-size-3.output_size""",
        id="flow-over-lines-with-chinese-comments",
    ),
    pytest.param(
        """\
  output-size-3:
    # I took the padding twice
    output_size: 9  # @output-size-3.output_size

    padded_size: 9  # @output-size-3.padded_size""",
        id="block-in-another-order",
    ),
    pytest.param(
        """\
  "output-size-3":
      'padded_size': ９９  # @output-size-3.padded_size
      'output_size': 九  # @output-size-3.output_size""",
        id="quoted-names-and-full-width-digits",
    ),
    pytest.param("  one-window: 123456  # @one-window.value", id="without-the-name-of-its-part"),
    pytest.param("  one-window:  # @one-window.value", id="blank"),
    pytest.param(
        """\
  conv-stride:
    output: |  # @conv-stride.output
      1 2
      3 4
  # 下一题
  one-window: 7  # @one-window.value""",
        id="rows-and-the-answer-below-them",
    ),
    pytest.param(
        """\
  conv-stride:
    output:  # @conv-stride.output
      - [1, 2]
      - [3,
         4]
  one-window: 7  # @one-window.value""",
        id="a-list-of-lists-in-both-ways",
    ),
    pytest.param(
        """\
  conv-stride:
    output:  # @conv-stride.output
      - - 1
        - 2
      - - 3
        - 4
  one-window: [7]  # @one-window.value""",
        id="a-block-of-blocks",
    ),
    pytest.param(
        """\
  conv-stride: {output: [[1, 2],  # @conv-stride.output
                         [3, 4]]}
  output-size-basic: {output_size: -1}  # @output-size-basic.output_size""",
        id="a-flow-array-over-lines",
    ),
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("written", SHEETS)
def test_annotations_name_the_line_however_a_sheet_is_written(written: str, ends: str, ada: Path) -> None:
    text = f"# 卷积层 · 第一课\nsheet: conv101/lesson1/ada/1\n\nanswers:\n{written}\n"
    (ada / "answers.yaml").write_bytes(text.replace("\n", ends).encode())
    wanted = {name: number for number, line in enumerate(text.splitlines(), start=1) for name in re.findall(r"@(\S+)", line)}
    found = {f"{item.slot}.{item.part}": item.line for item in mark_repository(read_repository(ada), now=NOW).items}
    assert {name: found[name] for name in wanted} == wanted
    shown = [annotation_place(line) for line in annotation_lines(mark_repository(read_repository(ada), now=NOW), "zh") if "file=answers.yaml" in line]
    places = {title.partition("%3A")[0]: number for number, title in shown if not title.startswith("更多")}
    assert {name: places[name] for name in wanted if name in places} == {name: line for name, line in wanted.items() if name in places}
    assert any(name in places for name in wanted)


def annotation_place(line: str) -> tuple[int, str]:
    found = re.fullmatch(r"::(?:error|warning|notice) file=answers\.yaml,line=(\d+),title=([^,:]*)::[^\r\n]*", line)
    assert found is not None, line
    return int(found[1]), found[2]


def test_an_unreadable_sheet_is_annotated_where_it_breaks(refused: Marked) -> None:
    (line,) = annotation_lines(refused, "en")
    assert annotation_place(line)[0] in (3, 4)


def test_no_more_annotations_than_github_shows(marked: Marked) -> None:
    item = next(item for item in marked.items if item.verdict is Verdict.INCORRECT)
    many = replace(marked, items=tuple(replace(item, part=f"p{n}") for n in range(30)))
    lines = list(annotation_lines(many, "en"))
    assert len(lines) == SHOWN
    assert "21 more" in lines[-1]
    assert all(f"p{n}" in lines[-1] for n in range(9, 30)), "each is named"


# Gradescope, GitLab, badge.


def test_gradescope_results_field_by_field(marked: Marked) -> None:
    results = results_json(marked, "en", 1.23456)
    assert set(results) == {
        "score", "output", "output_format", "test_output_format", "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "execution_time",
    }  # fmt: skip
    assert results["score"] == float(marked.record.score)
    assert results["execution_time"] == 1.235
    assert results["stdout_visibility"] == "hidden"
    assert results["visibility"] == "visible"
    assert [test["number"] for test in results["tests"]] == [str(n) for n in range(1, len(marked.items) + 1)]
    for test, item in zip(results["tests"], marked.items, strict=True):
        assert set(test) == {"score", "max_score", "status", "name", "number", "output", "output_format", "tags", "visibility"}
        assert (test["score"], test["max_score"], test["tags"]) == (item.points, item.possible, [item.verdict])
        assert test["status"] == ("passed" if item.passed else "failed")
        assert test["visibility"] == "visible", "one hidden test would hide the total from the student"


def test_code_quality_field_by_field(marked: Marked) -> None:
    entries = code_quality(marked, "en")
    wrong = [item for item in marked.items if not item.passed]
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == len(wrong)
    for entry, item in zip(entries, wrong, strict=True):
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"] == {"path": "answers.yaml", "lines": {"begin": item.line}}


def test_badge(marked: Marked, right: Marked, refused: Marked) -> None:
    assert badge(right, "en") == {"schemaVersion": 1, "label": "points", "message": "20/20", "color": "brightgreen"}
    assert badge(marked, "zh")["label"] == "得分"
    assert badge(refused, "en")["color"] == "lightgrey"


def test_gitlab_finds_the_share_in_the_log(right: Marked) -> None:
    found = re.search(r"coverage: '/(.*)/'", gitlab("x", "1"))
    assert found is not None
    share = re.search(found[1], points_line(right), re.MULTILINE)
    assert share is not None
    assert share[1] == "100"


def test_every_file_is_there_for_a_refused_sheet(refused: Marked) -> None:
    files = result_files(refused, "zh", HALF)
    assert all(files.values())
    assert json.loads(files["record.json"])["status"] == "refused"


def test_the_summary_stays_below_what_github_drops(marked: Marked) -> None:
    item = next(item for item in marked.items if item.verdict is Verdict.INCORRECT)
    long = replace(item, feedback=Text("word " * 700, "字" * 2000))
    huge = replace(marked, items=tuple(replace(long, part=f"p{n}") for n in range(500)))
    for language in ("en", "zh"):
        text = summary_markdown(huge, language)
        assert len(text.encode()) < LIMIT + 1000
        assert text.rstrip().endswith({"en": "see the files of this run.", "zh": "请查看本次运行的结果文件。"}[language])


def test_keys_are_in_no_file_before_the_assignment_shows_them(made: Made, ada: Path) -> None:
    path = ada / ".grader" / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"feedback": "now"', '"feedback": "never"'), encoding="utf-8")
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    record: dict[str, Any] = json.loads(result_files(mark_repository(read_repository(ada), now=NOW), "en", HALF)["record.json"])
    assert {part["key"] for slot in record["slots"] for part in slot["parts"]} == {None}
