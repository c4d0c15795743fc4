"""The README and docs: their commands run and print what the pages say, their tables are complete, their links lead somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from grader.classroom.issuing import true_sheet
from grader.classroom.store import Store
from grader.classroom.trial import hand_in_all, lay_out_trial
from grader.classroom.verify import verified
from grader.cli.lines import marked, solved
from grader.course.bank import lay_out
from grader.course.course import Course, load_course, load_exercise
from grader.course.faults import CourseError
from grader.course.part import Option, Part
from grader.course.schema import CourseModel, ExerciseModel, TextModel
from grader.documents import read_yaml
from grader.marking.answer import read, text_of
from grader.marking.grade import grade
from grader.marking.number import number
from grader.marking.reading import read_part
from grader.marking.record import Flag, Status, Verdict
from grader.marking.submission import from_data
from grader.reports.table import grades_csv
from grader.reports.table import rows as table_rows
from grader.text import both
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import draw_sheet
from tests.conftest import ROOT
from tests.kinds import kinds_course

from .pages import PAGES, Reader, blocks, code, commands, matches, rows, section

FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
AUTHORS = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
STUDENTS = (ROOT / "docs" / "students.md").read_text(encoding="utf-8")
INSTRUCTORS = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


# Commands.


@pytest.mark.parametrize(
    "name", ["README.md", "docs/students.md", "docs/instructors.md", "docs/authors.md", "docs/nbgrader.md", "docs/ci.md", "docs/security.md"]
)
def test_every_command_prints_what_the_page_says(name: str, tmp_path: Path) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    reader = Reader(tmp_path)
    ran = 0
    for block in blocks(page):
        if block.file is not None:
            reader.save(block)
        for command in commands(block) if block.language == "console" else ():
            asked = command.text == "echo $?"
            assert asked or reader.status == 0, f"{name}: the command before line {command.line} failed, and the page does not say so"
            output = reader.type(command.text)
            assert matches(command.output, output), f"{name}:{command.line}: $ {command.text}\n{output}"
            ran += 1
    assert reader.status == 0, f"{name}: the last command failed"
    assert ran >= (1 if name == "docs/security.md" else 5), f"{name} has hardly any commands left: is it still marked up as `console`?"


@pytest.mark.parametrize(
    ("promised", "output", "same"),
    [
        pytest.param(["a", "...", "d"], "a\nb\nc\nd\n", True, id="lines-elided"),
        pytest.param(["a", "...", "d"], "a\nd\n", True, id="nothing-elided"),
        pytest.param(["a ... c"], "a b c\n", True, id="within-a-line"),
        pytest.param(["a ... c"], "a b\nc\n", False, id="never-over-a-line"),
        pytest.param(["a", ""], "a  \n\n", True, id="spaces-and-lines-at-the-end"),
        pytest.param(["a"], "a\nb\n", False, id="more-than-promised"),
        pytest.param(["a.c"], "abc\n", False, id="taken-literally"),
        pytest.param([], "a\n", False, id="no-output-promised"),
    ],
)
def test_outputs_are_compared_line_by_line(promised: list[str], output: str, same: bool) -> None:
    assert matches(tuple(promised), output) is same


# The exercise of authors.md, and the slips in it.


def author_files() -> dict[str, str]:
    return {block.file: block.text for block in blocks(AUTHORS) if block.file is not None}


def lay_out_exercise(folder: Path, files: Mapping[str, str]) -> Path:
    lay_out(folder)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("row", rows(section(AUTHORS, "Faults, and how they read")), ids=lambda row: row[1])
def test_each_slip_is_reported_as_the_page_says(row: list[str], tmp_path: Path) -> None:
    right, wrong, message = map(code, row)
    files = author_files()
    holding = [name for name, text in files.items() if right in text]
    assert len(holding) == 1, f"'{right}' stands in {holding or 'none'} of the page's files"
    files[holding[0]] = files[holding[0]].replace(right, wrong, 1)
    folder = lay_out_exercise(tmp_path / "course", files)
    try:
        faults = verified(load_exercise(folder, "layer-weights"), 20).faults
    except CourseError as error:
        faults = tuple(map(str, error.faults))
    assert any(matches((message,), fault) for fault in faults), "\n".join(faults)


def test_authors_page_names_every_key_of_an_exercise() -> None:
    named = {code(row[0]) for row in rows(section(AUTHORS, "Every key of an exercise file")) if len(row) == 2}
    assert set(ExerciseModel.model_fields) <= named


# File formats, key by key and both ways.


def paths(data: Any, place: str = "") -> Iterator[str]:
    """Every key of a JSON value, as `slots[].parts[].key`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield f"{place}.{key}".removeprefix(".")
            yield from paths(value, f"{place}.{key}")
    elif isinstance(data, list):
        for item in data:
            yield from paths(item, f"{place}[]")


def model_paths(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """Every key that a model of a course file knows. Free names are `NAME`."""
    for name, found in model.model_fields.items():
        here = f"{place}.{name}".removeprefix(".")
        yield here
        yield from _type_paths(found.annotation, here)


def _type_paths(annotation: Any, place: str) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        for argument in arguments:
            yield from _type_paths(argument, place)
    elif origin is list:
        yield from _type_paths(arguments[0], f"{place}[]")
    elif origin is dict and isinstance(arguments[1], type) and issubclass(arguments[1], BaseModel):
        yield f"{place}.NAME"
        yield from model_paths(arguments[1], f"{place}.NAME")
    # Words are explained once; an assignment's policies are the course's.
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not TextModel and place != "assignments.NAME.policies":
        yield from model_paths(annotation, place)


def documented(title: str) -> list[str]:
    """What the first column of a section's own table lists, in order."""
    own = re.split(r"^#+ ", section(FORMATS, title), maxsplit=1, flags=re.MULTILINE)[0]
    return [code(row[0]) for row in rows(own)]


def compare(title: str, found: set[str]) -> None:
    """Every key of a real file has a row, and every row a key."""
    said = documented(title)
    patterns = {path: re.compile(re.sub(r"\b[A-Z]+\b", r"[^.\\[\\]]+", re.escape(path))) for path in said}
    assert len(said) == len(set(said)), "a key is explained twice"
    missing = sorted(path for path in found if not any(pattern.fullmatch(path) for pattern in patterns.values()))
    assert not missing, f"docs/formats.md, '{title}', does not explain {missing}"
    gone = [path for path, pattern in patterns.items() if not any(pattern.fullmatch(path) for path in found)]
    assert not gone, f"docs/formats.md, '{title}', explains {gone}, which is not there"


@pytest.mark.parametrize(("title", "model"), [("course.yaml", CourseModel), ("Exercise", ExerciseModel)])
def test_keys_of_course_files(title: str, model: type[BaseModel]) -> None:
    compare(title, set(model_paths(model)))


def test_keys_of_sheets(course: Course, secret: bytes) -> None:
    sheet = draw_sheet(course, course.assignment("lesson1"), "ada", 1, secret)
    every_kind = draw_sheet(kinds_course(), kinds_course().assignment("all"), "ada", 1, secret)
    compare("Sheet, JSON", {path for one in (sheet, every_kind) for path in paths(sheet_json(one, one.signature(secret)))})
    text = sheet_yaml(sheet, course.languages, sheet.signature(secret))
    # What is given has names of its own, explained with the sheet in JSON.
    compare("Sheet, YAML", {path for path in paths(read_yaml(text, typed=True).data) if ".given." not in path})


def test_keys_of_a_record(course: Course, secret: bytes) -> None:
    sheet = draw_sheet(course, course.assignment("lesson1"), "ada", 2, secret)
    answers = {"one-window": 1, "conv-array": [[1, 2], [3, None]], "no-such-slot": 1}
    late = datetime(2026, 12, 10, tzinfo=UTC)
    submission = from_data({"answers": answers}, digest="sha256:0", student="ada", submitted_at=late)
    record = grade(sheet, submission, graded_at=late).to_json()
    assert record["notes"] and record["adjustments"], "the record was meant to have everything"
    compare("Record", set(paths(record)))


def test_keys_of_solve_and_mark() -> None:
    exercise = load_exercise(ROOT, "output-size")
    given = {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}
    compare("solve", set(paths(solved(exercise, {"given": given}))))
    slot = marked(exercise, {"given": given, "answers": {"padded_size": 8}})
    assert {f"slots[].{path}" for path in paths(slot)} <= set(documented("Record")), "a line of `mark` is an element of a record's slots"


def test_keys_of_the_truth(tmp_path: Path) -> None:
    lay_out_trial(ROOT, tmp_path / "trial", 12, seed=1)
    course = load_course(tmp_path / "trial")
    assignment = course.assignment("lesson1")
    with Store(course.store, course.folder, course.id) as store:
        list(hand_in_all(course, assignment, list(course.roster or {}), store=store, secret=b"the secret of a trial", seed=1, now=datetime.now(UTC)))
        assert true_sheet(course, assignment, "sim-001", 1, store, None).student == "sim-001"
    truth = [json.loads(line) for line in (tmp_path / "trial" / "truth-lesson1.jsonl").read_text(encoding="utf-8").splitlines()]
    compare("Truth of a simulated class", {path for line in truth for path in paths(line)})


def test_columns_of_grades(course: Course) -> None:
    assignment = course.assignment("lesson1")
    header = grades_csv(assignment, table_rows(course, assignment, [])).splitlines()[0].split(",")
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    assert documented("grades.csv") == [*header[: -len(slots)], "SLOT"]
    assert header[-len(slots) :] == slots


@pytest.mark.parametrize(("title", "values"), [("Statuses", Status), ("Verdicts", Verdict), ("Flags", Flag)])
def test_every_outcome_is_explained(title: str, values: type[Status] | type[Verdict] | type[Flag]) -> None:
    assert documented(title) == [str(value) for value in values]


def test_instructors_are_told_what_to_do_about_every_flag() -> None:
    assert [code(row[0]) for row in rows(section(INSTRUCTORS, "Flags"))] == [str(flag) for flag in Flag]


# What is read as a number and as an array.


def written(cell: str) -> str:
    """The answer in a cell: what stands between the backticks, with `⏎` as a new line."""
    found = re.match(r"`([^`]*)`", cell)
    assert found is not None, f"no answer stands in '{cell}'"
    return found[1].replace("⏎", "\n")


NUMBERS = [
    *rows(section(FORMATS, "Numbers")),
    *rows(section(STUDENTS, "Numbers")),
    *rows(section(STUDENTS, "数字的写法")),
]


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row[0])
def test_numbers_are_read_as_the_tables_say(row: list[str]) -> None:
    value = number(written(row[0]))
    assert ("not a number" if value is None else text_of(value)) == row[1]


@pytest.mark.parametrize("title", ["Numbers", "数字的写法"])
def test_what_students_are_told_is_no_number_is_none(title: str) -> None:
    paragraph = section(STUDENTS, title).rstrip().split("\n\n")[-1]
    listed = re.findall(r"`([^`]*)`", paragraph)[1:]  # the first is the example that is not rounded
    assert len(listed) == 9
    assert [text for text in listed if number(text) is not None] == []


@pytest.mark.parametrize("row", rows(section(FORMATS, "Arrays")), ids=lambda row: row[0])
def test_arrays_are_read_as_the_table_says(row: list[str]) -> None:
    assert (read("array", written(row[0])).shown or "not an array") == row[1]


SHAPE = Part(id="shape", kind="shape", weight=Fraction(1), axes=(("N", "C", "H", "W"),))
OPTIONS = (("vertical-edges", "finds vertical edges"), ("blur", "blurs, so that noise is less"), ("sharpen", "sharpens"))
CHOICE = Part(id="choice", kind="choice", weight=Fraction(1), options=tuple(Option(name, both(words)) for name, words in OPTIONS))


def as_typed(part: Part, cell: str) -> Any:
    """What YAML makes of an answer that is typed after its colon."""
    return read_yaml(f"{part.id}: {written(cell)}\n", typed=False).data[part.id]


@pytest.mark.parametrize("row", rows(section(FORMATS, "Shapes")), ids=lambda row: row[0])
def test_shapes_are_read_as_the_table_says(row: list[str]) -> None:
    assert (read_part(SHAPE, (1, 8, 6, 6), as_typed(SHAPE, row[0])).shown or "not a shape") == row[1]


@pytest.mark.parametrize("row", rows(section(FORMATS, "Choices")), ids=lambda row: row[0])
def test_choices_are_read_as_the_table_says(row: list[str]) -> None:
    raw = as_typed(CHOICE, row[0])
    assert (read_part(CHOICE, "blur", raw).shown or "not an answer") == row[1]
    assert (read_part(replace(CHOICE, kind="choices"), frozenset(), raw).shown or "not an answer") == row[2]


# Links, and what a page must not hold.


@every_page
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(path)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.is_file(), f"{path.name} links to {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{path.name} links to {target}; there are {sorted(_anchors(linked))}"


@every_page
def test_no_page_names_a_machine_or_a_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Bounded, so that `course/work/` of a reader's own would not count.
    found = re.findall(r"(?<![\w.])(?:/work|/tmp|/home|/root|/Users|[A-Z]:\\)[\w/\\.-]*|\S*(?:pypi\.org|pythonhosted|download\.pytorch|localhost)\S*", text)
    assert not found, f"{path.name} names {found}"


@every_page
def test_fences_are_closed(path: Path) -> None:
    assert len(re.findall(r"^```", path.read_text(encoding="utf-8"), re.MULTILINE)) % 2 == 0


def _prose(path: Path) -> str:
    """A page without its fenced blocks and code."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
