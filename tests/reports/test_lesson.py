"""Lesson pages: their examples are public, their mistakes are those that grading finds, and an author's words stay words."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt

from grader.classroom.slips import as_written
from grader.course.code_key import code_of
from grader.course.course import Course, load_course
from grader.course.exercise import Exercise, variant_id
from grader.course.expressions import parse
from grader.course.secret import FILE
from grader.marking.record import Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.reports.example import Example, Lesson, kept_from, lesson, pinned_in
from grader.reports.lessons import WORKED, lesson_files
from grader.reports.worked import explanation
from grader.variants.separate import draw_single
from grader.variants.stream import stream_key
from tests.conftest import ROOT, CourseCopy

EXERCISES = sorted(path.stem for path in (ROOT / "exercises").glob("*.yaml"))
CODE = [name for name in EXERCISES if "kind: code" in (ROOT / "exercises" / f"{name}.yaml").read_text(encoding="utf-8")]
ANSWERED = [name for name in EXERCISES if name not in CODE]  # with numbers, words or arrays
PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


@lru_cache(maxsize=1)
def bank() -> Course:
    return load_course(ROOT)


@lru_cache(maxsize=128)
def lesson_of(name: str) -> Lesson:
    exercise = bank().exercises[name]
    return lesson(exercise, pinned_in(bank(), WORKED, name), kept_from(bank(), WORKED))


def key_of(example: Example) -> dict[str, Any]:
    return {part: as_written(answer) for part, answer in example.expected.key.items()}


@pytest.mark.parametrize("name", ANSWERED)
def test_the_right_answers_of_a_page_are_right(name: str) -> None:
    found = lesson_of(name)
    for example in {id(shown): shown for shown in (found.worked, *found.shown.values()) if shown}.values():
        grades = grade_slot(variant_of(example.exercise, example.given), key_of(example)).parts
        assert all(part.verdict is Verdict.CORRECT for part in grades)


@pytest.mark.parametrize("name", ANSWERED)
def test_every_mistake_of_a_page_is_found_in_the_answer_it_leads_to(name: str) -> None:
    found = lesson_of(name)
    exercise = found.exercise
    assert list(found.shown) == list(exercise.mistakes)
    for mistake, example in found.shown.items():
        if example is None:
            assert all(mistake in level.only_pinned for level in exercise.every_level)
            continue
        answers = example.answers(mistake)
        assert answers
        for part, readings in answers.items():
            for reading in readings:
                raw = {**key_of(example), part: as_written(reading)}
                grade = next(one for one in grade_slot(variant_of(example.exercise, example.given), raw).parts if one.part == part)
                assert mistake in grade.mistakes
                assert grade.credit <= exercise.mistakes[mistake].credit


@pytest.mark.parametrize("name", ANSWERED)
def test_the_explanation_arrives_at_the_key(name: str) -> None:
    worked = lesson_of(name).worked
    words = explanation(worked)
    assert words is not None, f"exercises/{name}.yaml has no `explanation`, or it does not fit the example; see docs/authors.md"
    parts = worked.exercise.parts_of(worked.given)
    for part in parts if not any(part.each for part in worked.exercise.parts) else ():
        key = worked.expected.key[part.id]
        if part.kind in ("integer", "vector", "shape"):
            for number in key if isinstance(key, tuple) else (key,):
                assert all(re.search(rf"(?<!\d){number}(?!\d)", text) for text in (words.en, words.zh)), f"{part.id} = {key}"


def sums(text: str) -> list[tuple[str, str]]:
    """What stands on both sides of each equals sign between numbers: `6 + 2·1 = 8`, `(8 − 3) / 2 = 2.5`."""
    found = re.findall(r"(?<![\w.])([0-9(][0-9+·/() −]*) = (−?\d+(?:[./]\d+)?)", text)
    return [(left, right) for left, right in found if left.count("(") == left.count(")")]


def value(text: str) -> Fraction:
    return Fraction(parse(text.replace("·", "*").replace("−", "-"))({}))


@pytest.mark.parametrize("name", ANSWERED)
def test_the_sums_of_an_explanation_are_right(name: str) -> None:
    words = explanation(lesson_of(name).worked)
    assert words is not None
    for text in (words.en, words.zh):
        for left, right in sums(text):
            assert value(left) == Fraction(right.replace("−", "-")), f"{left} = {right}"


def test_these_tests_see_sums() -> None:
    found = sums("the side: 6 + 2·1 = 8, (8 − 3) / 2 = 2.5, so −1 + 1·(4 − 1)·2 = 5.")
    assert found == [("6 + 2·1", "8"), ("(8 − 3) / 2", "2.5"), ("1 + 1·(4 − 1)·2", "5")]
    assert [value(left) for left, _ in found] == [8, Fraction(5, 2), 7]


def test_examples_are_those_of_the_public_key_or_set_for_that_purpose() -> None:
    for name in EXERCISES:
        found = lesson_of(name)
        pinned = [dict(found.exercise.complete(given)) for given in pinned_in(bank(), WORKED, name)]
        for example in (found.worked, *found.shown.values()):
            if example is None or example.given in pinned:
                continue
            numbers = (draw_single(example.exercise, stream_key(b"the public key of lesson pages", name, example.exercise.level, n)) for n in range(60))
            assert any(candidate.given == example.given for candidate in numbers)


def test_the_numbers_of_the_lesson_are_the_worked_examples() -> None:
    assert lesson_of("conv-array").worked.expected.key == {"output": [[10, 12, 12], [18, 16, 16], [13, 9, 3]]}
    assert lesson_of("output-size").worked.given == {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}


def test_another_secret_changes_no_page(course_copy: CourseCopy) -> None:
    """And no secret is needed: the first copy has none."""
    bare = lesson_files(load_course(course_copy.folder))
    (course_copy.folder / FILE).write_text("another secret, long enough to be one\n")
    assert lesson_files(load_course(course_copy.folder)) == bare


def test_what_students_are_asked_elsewhere_is_no_example(course_copy: CourseCopy) -> None:
    given = lesson_of("one-window").worked.given
    pinned = f"      - {{exercise: one-window, points: 1, given: {dict(given)}}}"
    course_copy.edit("course.yaml", "      - {exercise: one-window, points: 1}", pinned)
    course = load_course(course_copy.folder)
    kept = kept_from(course, WORKED)
    assert variant_id("one-window", given) in kept
    found = lesson(course.exercises["one-window"], (), kept)
    assert found.worked.given != given
    assert given not in [shown.given for shown in found.shown.values() if shown]


HOSTILE = '<script>x</script> *b* [l](javascript:1) `c` | # _i_ "q"'


def test_an_authors_words_are_never_markup(course_copy: CourseCopy) -> None:
    words = HOSTILE.replace('"', '\\"')
    course_copy.edit("exercises/one-window.yaml", "title: {en: One window, zh: 一个窗口}", f'title: {{en: "{words}", zh: "一{words}"}}')
    course_copy.edit("exercises/one-window.yaml", '  en: "The kernel lies on', f'  en: "{words} The kernel lies on')
    course_copy.edit("exercises/one-window.yaml", "the number this window gives", HOSTILE.replace('"', "'"))
    files = lesson_files(load_course(course_copy.folder))
    for file in ("README.md", "one-window.md", "one-window.zh.md"):
        tokens = [leaf for token in PARSER.parse(files[file]) for leaf in (token, *(token.children or ()))]
        markup = [token.content for token in tokens if token.type in ("html_inline", "html_block")]
        assert len(markup) == 1 and markup[0].startswith("<!-- Made by"), f"{file}: {markup}"
        assert "em_open" not in [token.type for token in tokens]
        links = {str(token.attrGet("href") or token.attrGet("src")) for token in tokens if token.type in ("link_open", "image")}
        assert all(re.fullmatch(r"[\w.-]+\.(md|svg)", target) for target in links), links
    heading = PARSER.parse(files["one-window.md"])
    title = next(after for token, after in pairwise(heading) if token.type == "heading_open")
    assert "".join(child.content for child in title.children or ()) == HOSTILE


def test_a_mistake_that_hides_in_the_example_is_shown_on_another(course_copy: CourseCopy) -> None:
    page = lesson_files(load_course(course_copy.folder))["output-size.md"]
    hidden = page[page.index("### `plus1-inside`") :].split("### ")[1]
    assert "It does not show in the example above." in hidden
    assert re.search(r"input_size \d+, kernel_size \d+, stride \d+, padding \d+", hidden)
    assert re.search(r"\*\*\d+\*\* \(right: \d+\)", hidden)


def test_an_explanation_that_does_not_fit_is_left_out(course_copy: CourseCopy) -> None:
    found = lesson(load_course(course_copy.folder).exercises["output-size"], [{"input_size": [6, 7], "kernel_size": 3, "stride": 2, "padding": 1}])
    assert explanation(found.worked) is None


def names_said(exercise: Exercise) -> list[str]:
    return [f"### `{name}`" for name in exercise.mistakes]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_page_has_every_mistake_with_its_credit_and_every_range(name: str) -> None:
    files = made()
    exercise = bank().exercises[name]
    page, chinese = files[f"{name}.md"], files[f"{name}.zh.md"]
    headings = [line.partition(":")[0] for line in page.splitlines() if line.startswith("### ")]
    assert headings == names_said(exercise)
    assert [line.partition("：")[0] for line in chinese.splitlines() if line.startswith("### ")] == headings
    for mistake, policy in exercise.mistakes.items():
        assert f"### `{mistake}`: {float(policy.credit * 100):g} %" in page
    for drawn in exercise.draw:
        assert (f"| `{drawn}` |" in page) == (drawn not in exercise.not_given), "what no student is given is nobody's business"


@lru_cache(maxsize=1)
def made() -> dict[str, str]:
    return lesson_files(bank())


@pytest.mark.parametrize("name", CODE)
def test_a_page_about_a_program_shows_no_hidden_case(name: str) -> None:
    example = lesson_of(name).worked
    expected = code_of(example.exercise, example.expected)
    hidden = {group.id for group in expected.code.groups if group.hidden}
    unseen = [case.text(expected.code.function, expected.names) for case in expected.cases if case.group in hidden]
    shown = [case.text(expected.code.function, expected.names) for case in expected.cases if case.group not in hidden]
    assert unseen
    for file in (f"{name}.md", f"{name}.zh.md"):
        page = made()[file].replace("\\|", "|")
        assert not [text for text in unseen if text in page and text not in shown]
        assert sum(text in page for text in set(shown)) >= 2
        assert f"def {expected.code.function}({expected.code.signature}):" in page
        assert len(page) < 20_000


@pytest.mark.parametrize("name", CODE)
def test_what_a_program_returns_on_a_page_is_what_torch_returns(name: str) -> None:
    """And what a wrong method returns is not."""
    example = lesson_of(name).worked
    expected = code_of(example.exercise, example.expected).public()
    calls = {case.text(expected.code.function, expected.names): number for number, case in enumerate(expected.cases)}
    page = made()[f"{name}.md"]
    listed = re.findall(r"^- `(.*?)` → (?:`(.*)`|an array of shape .*)$", page, re.MULTILINE)
    assert len(listed) >= 2
    for text, value in listed:
        if value:
            assert value == ", ".join(repr(one.tolist()) for one in expected.outputs.values[calls[text]] or ()).replace(", ", "`, `", 0)
    for wrong, right in re.findall(r"then returns (.*) \(right: (.*)\)\.$", page, re.MULTILINE):
        assert wrong != right
