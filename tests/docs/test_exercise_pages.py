"""The made pages of docs/: lesson pages, the table of wrong methods, the table of what `verify` found."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.tables import END, START, mistakes_table, replaced, verification_table
from grader.course.course import Course
from grader.reports.lessons import lesson_files
from tests.conftest import ROOT
from tests.docs.known_mistakes import KNOWN
from tests.docs.pages import code, rows, section

DOCS = ROOT / "docs"
HOME = DOCS / "exercises"
EXERCISES = sorted(path.stem for path in (ROOT / "exercises").glob("*.yaml"))
MISTAKES = (DOCS / "mistakes.md").read_text(encoding="utf-8")
VERIFY = (DOCS / "verify.md").read_text(encoding="utf-8")


def test_the_pages_are_what_the_command_makes_now(course: Course) -> None:
    made = lesson_files(course)
    there = {path.name: path.read_text(encoding="utf-8") for path in HOME.iterdir()}
    differing = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    assert not differing, f"run `python -m grader pages docs/exercises`: it changes {', '.join(differing[:8])}"


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_a_page_in_each_language_that_links_to_the_other(name: str) -> None:
    english, chinese = ((HOME / f"{name}{end}").read_text(encoding="utf-8") for end in (".md", ".zh.md"))
    assert f"]({name}.zh.md)" in english
    assert f"]({name}.md)" in chinese
    # Words of an English page that nobody translated would stand in the Chinese one as well.
    prose = [line for line in chinese.splitlines() if re.match(r"[A-Z][a-z]+ [a-z]+ ", line)]
    assert not prose, prose[:3]


@pytest.mark.parametrize("path", sorted(HOME.glob("*.md")), ids=lambda path: path.name)
def test_every_link_and_drawing_of_a_page_is_there(path: Path) -> None:
    page = re.sub(r"^(`{3,})text$.*?^\1$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"(?<!\\)\]\(([^)\s]+)\)", page)
    assert targets
    assert [target for target in targets if not (path.parent / target).is_file()] == []


def test_every_drawing_is_well_formed_and_on_a_page() -> None:
    drawings = sorted(HOME.glob("*.svg"))
    shown = [target for path in HOME.glob("*.md") for target in re.findall(r"!\[.*\]\((\S+\.svg)\)", path.read_text(encoding="utf-8"))]
    assert sorted(shown) == [path.name for path in drawings]
    for path in drawings:
        assert ET.fromstring(path.read_text(encoding="utf-8")).tag == "{http://www.w3.org/2000/svg}svg"


# Wrong methods.


def test_the_table_of_wrong_methods_is_what_the_command_makes_now(course: Course) -> None:
    made = replaced(MISTAKES, "mistakes", mistakes_table(course.exercises))
    assert made == MISTAKES, "run `python -m benchmarks.tables mistakes`"


def test_the_table_names_every_mistake_of_every_exercise_with_its_credit(course: Course) -> None:
    said = {code(row[0]): row[2] for row in rows(section(MISTAKES, "Recognised"))}
    for exercise in course.exercises.values():
        for name, policy in exercise.mistakes.items():
            assert f"[{exercise.id}](exercises/{exercise.id}.md) {float(policy.credit):.0%}" in said[name]


def not_applicable() -> dict[tuple[str, str], str]:
    return {(code(row[0]), code(row[1])): row[2] for row in rows(section(MISTAKES, "Not applicable"))}


@pytest.mark.parametrize("kind", KNOWN)
def test_every_known_wrong_method_is_recognised_or_said_not_to_apply(kind: str, course: Course) -> None:
    exercises, names = KNOWN[kind]
    excused = not_applicable()
    for exercise in exercises:
        missing = [name for name in names.split() if name not in course.exercises[exercise].mistakes and (exercise, name) not in excused]
        assert not missing, f"'{exercise}' has no mistake {', '.join(missing)}; add it, or say under 'Not applicable' in docs/mistakes.md why"


def test_what_is_said_not_to_apply_is_not_there_and_has_a_reason(course: Course) -> None:
    for (exercise, name), reason in not_applicable().items():
        assert name not in course.exercises[exercise].mistakes, f"docs/mistakes.md says that '{name}' does not apply to '{exercise}', which has it"
        assert len(reason.split()) >= 4
        assert any(exercise in exercises and name in names.split() for exercises, names in KNOWN.values()), f"'{name}' is no known wrong method"


def test_a_wrong_method_listed_twice_is_one(course: Course) -> None:
    names = [code(row[0]) for row in rows(section(MISTAKES, "Recognised"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == {name for exercise in course.exercises.values() for name in exercise.mistakes}


# What `verify` found.


def test_every_exercise_and_level_was_verified(course: Course) -> None:
    found = {(re.sub(r"\[(.*)\]\(.*\)", r"\1", row[0]), int(row[1]), int(row[2])) for row in rows(VERIFY)}
    counts: dict[tuple[str, int], set[int]] = {}
    for assignment in course.assignments.values():
        for entry in assignment.entries:
            if entry.given is None:
                counts.setdefault((entry.exercise.id, entry.exercise.level), set()).add(len(entry.slots))
    wanted = {
        (exercise.id, level.level, count)
        for exercise in course.exercises.values()
        for level in exercise.every_level
        for count in counts.get((exercise.id, level.level), {1})
    }
    assert found == wanted, "run `python -m benchmarks.tables verify`"


def test_all_that_was_verified_is_fit_and_right_answers_mean_right_methods(course: Course) -> None:
    for row in rows(VERIFY):
        name, level = re.sub(r"\[(.*)\]\(.*\)", r"\1", row[0]), int(row[1])
        assert row[3] == "yes", f"{name}, level {level}, is not fit"
        coinciding = set(re.findall(r"`([^`]+)`", row[6]))
        assert coinciding <= course.exercises[name].at(level).may_coincide, f"{name}, level {level}: right by a wrong method after acceptance"


def test_a_report_becomes_a_row() -> None:
    report = {
        "exercise": "output-size",
        "level": 2,
        "count": 4,
        "fit": False,
        "variants": 2000,
        "distinct": 86,
        "right_by_wrong_method": {
            "naive": {"ceil": {"right": 1, "applies": 4}, "a": {"right": 1, "applies": 2}, "b": {"right": 1, "applies": 8}, "c": {"right": 0, "applies": 8}},
            "accepted": {"ceil": {"right": 0, "applies": 4}},
        },
        "separated": 0.985,
        "work": {"cells": [4, 6], "multiply_adds": [0, 0], "digits": [7, 7]},
    }
    assert verification_table([report])[2] == (
        "| [output-size](exercises/output-size.md) | 2 | 4 | **no** | 86 of 2000 | `a` 50.0%, `ceil` 25.0% and 1 more | none | 98.5% | 4 to 6 | – | 7 | – |"
    )


def test_a_page_without_a_place_for_its_table_is_left_alone() -> None:
    page = f"# Title\n\n{START.format(name='verify')}\nold\n{END}\nkept\n"
    assert replaced(page, "verify", ["new"]) == f"# Title\n\n{START.format(name='verify')}\n\nnew\n\n{END}\nkept\n"
    with pytest.raises(ValueError, match="one place for its table"):
        replaced(page, "mistakes", ["new"])
