"""Levels: the same exercise with other numbers; what a level takes over, and every fault with its line."""

from __future__ import annotations

import re

import pytest

from grader.course.course import Course, load_course, load_exercise
from grader.course.exercise import Exercise
from grader.course.faults import CourseError
from grader.variants.draw import broken_rule
from grader.variants.separate import draw_single
from grader.variants.stream import stream_key
from grader.variants.variant import draw_sheet
from tests.conftest import ROOT, CourseCopy

BASIC = "exercises/output-size-basic.yaml"
LEVELS = """levels:
  2:
    draw: {kernel_size: {from: 9, to: 12}}
    where: [kernel_size < input_size, kernel_size % 2 == 1]
  3: {draw: {input_size: {from: 30, to: 40}}, work: {digits: [2, 2]}, may_coincide: [blocks], only_pinned: [same]}
"""


def relevelled(copy: CourseCopy, levels: str) -> None:
    """Puts other levels in the place of those that `output-size-basic` has."""
    path = copy.folder / BASIC
    text, count = re.subn(r"^levels:\n(?:  .*\n)+", levels, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def levelled(course_copy: CourseCopy) -> Exercise:
    relevelled(course_copy, LEVELS)
    return load_exercise(course_copy.folder, "output-size-basic")


def drawn(exercise: Exercise, count: int = 40) -> list[dict[str, int]]:
    return [dict(draw_single(exercise, stream_key(b"levels", number)).given) for number in range(count)]


def test_a_level_takes_over_what_it_does_not_say(levelled: Exercise) -> None:
    second, third = levelled.at(2), levelled.at(3)
    assert [exercise.level for exercise in levelled.every_level] == [1, 2, 3]
    assert levelled.at(1) is levelled
    assert levelled.at(2) is second, "built once"
    assert list(second.draw) == list(third.draw) == ["input_size", "kernel_size"], "the order of the file is that of the stream"
    assert [rule.text for rule in second.where] == ["kernel_size < input_size", "kernel_size % 2 == 1"]
    assert [rule.text for rule in third.where] == [rule.text for rule in levelled.where] == ["kernel_size + 2 <= input_size"]
    assert (second.work, third.work.digits) == (levelled.work, (2, 2))
    assert (second.may_coincide, third.may_coincide) == (frozenset(), frozenset({"blocks"}))
    assert (second.only_pinned, third.only_pinned) == (frozenset(), frozenset({"same"}))
    for level in (second, third):
        assert (level.id, level.points, level.draw_version, level.parts) == (levelled.id, levelled.points, levelled.draw_version, levelled.parts)
        assert level.mistakes.keys() == levelled.mistakes.keys()
        assert level.expect({"input_size": 7, "kernel_size": 3}).key == {"output_size": 5}
    with pytest.raises(KeyError):
        third.at(2)


def test_an_empty_list_or_mapping_lifts_what_stands_above(course_copy: CourseCopy) -> None:
    course_copy.edit(BASIC, "where: [kernel_size + 2 <= input_size]", "where: [kernel_size + 2 <= input_size]\nwork: {digits: [1, 1]}\nmay_coincide: [same]")
    relevelled(course_copy, "levels:\n  2: {where: [], work: {}, may_coincide: []}\n  3: {where: []}\n")
    first = load_exercise(course_copy.folder, "output-size-basic")
    second, third = first.at(2), first.at(3)
    assert (len(first.where), first.work.digits, first.may_coincide) == (1, (1, 1), frozenset({"same"}))
    assert (second.where, second.work.digits, second.may_coincide) == ((), None, frozenset())
    assert (third.where, third.work.digits, third.may_coincide) == ((), (1, 1), frozenset({"same"}))


def test_each_level_draws_by_its_own_rules(levelled: Exercise) -> None:
    first, second, third = (drawn(levelled.at(level)) for level in (1, 2, 3))
    assert all(6 <= given["input_size"] <= 19 and 2 <= given["kernel_size"] <= 7 for given in first)
    assert all(6 <= given["input_size"] <= 19 and given["kernel_size"] in (9, 11) for given in second)
    assert all(30 <= given["input_size"] <= 40 and 2 <= given["kernel_size"] <= 7 for given in third)


def test_levels_leave_the_exercise_as_it_was(course: Course, levelled: Exercise, course_copy: CourseCopy) -> None:
    relevelled(course_copy, "")
    alone = load_exercise(course_copy.folder, "output-size-basic")
    assert alone.levels == {}
    assert alone.rules == levelled.rules == course.exercises["output-size-basic"].rules
    assert len({exercise.rules for exercise in levelled.every_level}) == 3
    assert drawn(alone) == drawn(levelled) == drawn(course.exercises["output-size-basic"])


@pytest.mark.parametrize("exercise", sorted(path.stem for path in (ROOT / "exercises").glob("*.yaml")))
def test_every_level_that_ships_can_be_drawn(course: Course, exercise: str) -> None:
    for level in course.exercises[exercise].every_level:
        givens = [draw_single(level, stream_key(b"shipped", number)).given for number in range(3)]
        assert all(given.keys() <= level.draw.keys() - level.not_given for given in givens)
        # What no variant holds cannot be looked up in one: such rules are kept when it is drawn.
        assert level.not_given or all(broken_rule(level, given) is None for given in givens)


# An assignment that asks for a level.


def test_an_assignment_names_the_level(course_copy: CourseCopy, secret: bytes) -> None:
    course_copy.edit("course.yaml", "- {exercise: output-size-basic, points: 1}", "- {exercise: output-size-basic, points: 1, level: 3}")
    course_copy.edit("course.yaml", "- {exercise: conv-array, points: 3}", "- {exercise: conv-array, points: 3, level: 1}")
    relevelled(course_copy, LEVELS)
    course = load_course(course_copy.folder)
    entries = {entry.exercise.id: entry for entry in course.assignment("lesson1").entries}
    assert [entries[name].exercise.level for name in ("output-size-basic", "conv-array", "output-size", "size-formula")] == [3, 1, 2, 2]
    assert course.exercises["output-size-basic"].level == 1
    sheets = [draw_sheet(course, course.assignment("lesson1"), student, 1, secret) for student in ("ada", "alan", "emmy")]
    given = [variant.given for sheet in sheets for variant in sheet.variants if variant.slot == "output-size-basic"]
    assert len(given) == 3
    assert all(30 <= own["input_size"] <= 40 for own in given)


@pytest.mark.parametrize(
    ("line", "at", "fault"),
    [
        pytest.param(
            "{exercise: size-formula, points: 2, level: 3}",
            "level: ▸3}",
            "'size-formula' has no level 3; it has 2 alone; add the level under `levels:` in exercises/size-formula.yaml",
            id="the-only-level",
        ),
        pytest.param(
            "{exercise: output-size-basic, points: 2, level: 2}",
            "level: ▸2}",
            "'output-size-basic' has no level 2; it has 1 and 3; add the level under `levels:` in exercises/output-size-basic.yaml",
            id="two-levels",
        ),
        pytest.param("{exercise: size-formula, points: 2, level: 4}", "level: ▸4}", "expected 1, 2 or 3, got 4; choose one of these", id="no-level-at-all"),
        pytest.param(
            '{exercise: size-formula, points: 2, level: "2"}', 'level: ▸"2"}', "expected 1, 2 or 3, got '2'; choose one of these", id="a-level-in-quotes"
        ),
    ],
)
def test_a_level_that_an_exercise_lacks(course_copy: CourseCopy, line: str, at: str, fault: str) -> None:
    relevelled(course_copy, "levels:\n  3: {draw: {kernel_size: 4}}\n")
    course_copy.edit("course.yaml", "{exercise: size-formula, points: 2}", line)
    assert course_copy.faults() == [f"{course_copy.place('course.yaml', at)} assignments.lesson1.slots[6].level: {fault}"]


# Faults in `levels`.

NAMES = "known are input_size, input_size_height, input_size_width, kernel_size, kernel_size_height, kernel_size_width"
FAULTS = [
    pytest.param("  4: {where: []}", "▸{where: []}", "levels.4: '4' is no level; the levels are 1, 2 and 3", id="level-4"),
    pytest.param("  1: {where: []}", "▸{where: []}", "levels.1: level 1 is what stands outside `levels`; leave it out here, or correct `level:`", id="its-own"),
    pytest.param("  3: {}", "▸{}", "levels.3: level 3 changes nothing; write what differs from level 1 under `draw:`, or leave it out", id="no-change"),
    pytest.param("  3: {drw: {}}", "drw: ▸{}", "levels.3.drw: unknown key 'drw'; did you mean 'draw'?", id="unknown-key"),
    pytest.param("  3: hard", "3: ▸hard", "levels.3: expected a mapping, got 'hard'; write `key: value` lines", id="no-mapping"),
    pytest.param(
        "  3: {draw: {kernal_size: 3}}", "kernal_size: ▸3", "levels.3.draw.kernal_size: 'kernal_size' is not drawn at level 1; did you mean 'kernel_size'?", id="another-name"
    ),
    pytest.param(
        "  3: {draw: {kernel_size: {from: 2, to: input_sise}}}",
        "to: ▸input_sise",
        "levels.3.draw.kernel_size.to: 'input_sise' is no name of this exercise; did you mean 'input_size'?",
        id="bound",
    ),
    pytest.param("  3: {draw: {kernel_size: [3, x]}}", "kernel_size: ▸[3, x]", "levels.3.draw.kernel_size: kernel_size[1]: expected an int, got 'x'; write a whole number", id="value"),
    pytest.param(
        "  3: {where: [kernel_size < 3, kernal_size > 1]}",
        "3, ▸kernal_size",
        "levels.3.where[1]: 'kernal_size' is no name of this exercise; did you mean 'kernel_size'?",
        id="where",
    ),
    pytest.param("  3: {work: {digits: [3, 1]}}", "▸[3, 1]", "levels.3.work.digits: the least is above the most; write [least, most]", id="work"),
    pytest.param(
        "  3: {may_coincide: [block]}", "[▸block]", "levels.3.may_coincide[0]: 'block' is no mistake of this exercise; did you mean 'blocks'?", id="may-coincide"
    ),
    pytest.param(
        "  3: {only_pinned: [sam]}", "[▸sam]", "levels.3.only_pinned[0]: 'sam' is no mistake of this exercise; did you mean 'same'?", id="only-pinned"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("levels", "at", "fault"), FAULTS)
def test_a_faulty_level(course_copy: CourseCopy, levels: str, at: str, fault: str) -> None:
    relevelled(course_copy, f"levels:\n{levels}\n")
    assert course_copy.faults() == [f"{course_copy.place(BASIC, at)} {fault}"]


def test_a_value_that_the_solution_does_not_take(course_copy: CourseCopy) -> None:
    course_copy.edit("exercises/conv-padding.yaml", "      padding: 2 ", "      padding: [1, 1, 2] ")
    place = course_copy.place("exercises/conv-padding.yaml", "padding: ▸[1, 1, 2]")
    assert f"{place} levels.2.draw.padding: expected an int or [H, W], got a list of 3; give two ints" in course_copy.faults()


def test_words_that_a_level_has_no_name_for(course_copy: CourseCopy) -> None:
    """A kernel of one axis has no height. The words stand outside `levels`, and that is the line."""
    course_copy.edit("exercises/conv-array.yaml", "kernel: {shape: [3, 3], from: -3, to: 3}", "kernel: [1, 2, 3, 4, 5]")
    said = course_copy.faults()
    prompt = course_copy.place("exercises/conv-array.yaml", 'en: ▸"Slide the')
    assert said[0] == f"{prompt} levels.2.prompt.en: 'kernel_height' is no name of this exercise; did you mean 'input_height'?"
    assert all(" levels.2." in line for line in said)


def test_what_a_level_takes_over_is_said_once(course_copy: CourseCopy) -> None:
    relevelled(course_copy, LEVELS)
    course_copy.edit(BASIC, "input_size: {from: 6, to: 19}", "input_size: {from: 6, to: 19 + x}")
    course_copy.edit(BASIC, "credit: 0.5", "credit: 2")
    course_copy.edit(BASIC, "{from: 9, to: 12}", "{from: 9, to: 12 + y}")
    assert course_copy.faults() == [
        f"{course_copy.place(BASIC, '19 + x')} draw.input_size.to: 'x' is no name of this exercise; none is known here",
        f"{course_copy.place(BASIC, 'credit: ▸2')} mistakes.no-plus1.credit: expected a number from 0 to 1, got 2; write it as 0.5, 1 or 1/3",
        f"{course_copy.place(BASIC, '12 + y')} levels.2.draw.kernel_size.to: 'y' is no name of this exercise; known are input_size, input_size_height, input_size_width",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "at"),
    [
        pytest.param("  3: {draw: {input_size: 3, kernel_size: {from: 4, to: 6}}}", "▸{input_size: 3", id="its-own-draw"),
        pytest.param("  3: {where: [kernel_size > input_size]}", "▸draw:\n", id="the-draw-it-takes-over"),
    ],
)
def test_a_level_that_cannot_be_drawn_names_itself(course_copy: CourseCopy, levels: str, at: str) -> None:
    relevelled(course_copy, f"levels:\n{levels}\n")
    hard = load_exercise(course_copy.folder, "output-size-basic").at(3)
    with pytest.raises(CourseError) as caught:
        draw_single(hard, b"0" * 32)
    assert str(caught.value).startswith(f"{course_copy.place(BASIC, at)} levels.3.draw: none of 400 candidates can be handed out")
