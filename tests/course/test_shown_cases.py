"""The cases that students may see, kept beside each code exercise: as torch computes them, without the hidden ones, and never out of date."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.code_key import CodeExpected, code_of
from grader.course.course import load_exercise
from grader.course.exercise import Exercise, forget_solutions
from grader.course.exercise_file import read_exercise
from grader.course.outputs import Outputs, same_values
from grader.course.shown_cases import shown_cases, shown_cases_file, shown_cases_text
from tests.conftest import ROOT, CourseCopy

CODE = sorted(path.stem for path in (ROOT / "exercises").glob("code-*.yaml"))
ANEW = "write them anew: python -m grader.course.shown_cases"


def hidden_of(exercise: Exercise) -> set[str]:
    part = exercise.code_part
    assert part is not None
    assert part.code is not None
    return {group.id for group in part.code.groups if group.hidden}


def calls(expected: CodeExpected) -> list[str]:
    return [f"{case.group}: {case.text(expected.code.function, expected.names)}" for case in expected.cases]


def same(own: Outputs, other: Outputs, tolerance: Fraction | None) -> bool:
    return len(own.values) == len(other.values) and all(
        one is two is None or (one is not None and two is not None and same_values(one, two, tolerance))
        for one, two in zip(own.values, other.values, strict=True)
    )


@pytest.mark.parametrize("name", CODE)
def test_what_travels_with_the_bank_is_what_torch_computes(name: str) -> None:
    exercise = load_exercise(ROOT, name)
    kept = shown_cases(exercise, ROOT)
    assert kept is not None, f"{name}: its cases are out of date; {ANEW}"
    computed = code_of(exercise, exercise.expect({})).public()
    assert (calls(kept), kept.names, kept.part) == (calls(computed), computed.names, computed.part), ANEW
    assert same(kept.outputs, computed.outputs, kept.part.tolerance), ANEW
    assert list(kept.mistakes) == list(computed.mistakes), ANEW
    assert all(same(kept.wrong(mistake), computed.wrong(mistake), kept.part.tolerance) for mistake in kept.mistakes), ANEW


@pytest.mark.parametrize("name", CODE)
def test_of_hidden_cases_nothing_is_kept(name: str) -> None:
    exercise = read_exercise(ROOT, name)
    _, _, text = (ROOT / shown_cases_file(exercise)).read_text(encoding="utf-8").partition("\n")
    data = json.loads(text)
    groups = {group for group, *_ in data["cases"]}
    assert groups
    assert not groups & hidden_of(exercise)
    assert {len(outputs) for outputs in (data["key"], *data["mistakes"].values())} == {len(data["cases"])}, "one output for each case, and no more"


def test_nothing_lies_beside_exercises_that_are_gone() -> None:
    assert sorted(path.stem for path in (ROOT / "exercises").glob("*.cases")) == CODE


def edited(copy: CourseCopy, file: str, old: str, new: str) -> None:
    path = copy.folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "believed"),
    [
        pytest.param(lambda copy: None, True, id="as-it-came"),
        pytest.param(lambda copy: edited(copy, "exercises/code-conv2d.yaml", "Write conv2d", "Write it"), True, id="another-title"),
        pytest.param(lambda copy: edited(copy, "exercises/code-conv2d.yaml", "plain: {weight: 2", "plain: {weight: 3"), True, id="another-weight"),
        pytest.param(lambda copy: edited(copy, "solutions/code_conv2d.py", "stride: int = 1", "stride: int = 2"), False, id="another-solution"),
        pytest.param(
            lambda copy: edited(copy, "exercises/code-conv2d.yaml", "padding: {weight: 2", "padding: {hidden: true"), False, id="a-group-hidden-since"
        ),
        pytest.param(lambda copy: edited(copy, "exercises/code-conv2d.yaml", "level: 2", "level: 2\ndraw_version: 2"), False, id="drawn-anew"),
        pytest.param(lambda copy: edited(copy, "exercises/code-conv2d.cases", '"dtype":"<i8"', '"dtype":"<u8"'), False, id="damaged"),
        pytest.param(lambda copy: edited(copy, "exercises/code-conv2d.cases", "\n", ""), False, id="no-seal"),
        pytest.param(lambda copy: (copy.folder / "exercises/code-conv2d.cases").write_bytes(b"\xff\n\0"), False, id="no-text"),
        pytest.param(lambda copy: (copy.folder / "exercises/code-conv2d.cases").unlink(), False, id="gone"),
        pytest.param(
            lambda copy: (copy.folder / "exercises/code-conv2d.cases").write_bytes((ROOT / "exercises/code-im2col.cases").read_bytes()),
            False,
            id="of-another-exercise",
        ),
    ],
)
def test_it_is_believed_only_while_it_is_of_these_very_cases(change: Callable[[CourseCopy], object], believed: bool, course_copy: CourseCopy) -> None:
    change(course_copy)
    exercise = read_exercise(course_copy.folder, "code-conv2d")
    assert (shown_cases(exercise, course_copy.folder) is not None) is believed


def test_a_course_of_ones_own_has_its_own(course_copy: CourseCopy) -> None:
    edited(
        course_copy,
        "solutions/code_conv2d.py",
        '"plain": [call(*pair) for pair in maps((4, 4, 3, 3), (5, 5, 3, 3))]',
        '"plain": [call(draw.array(3, 3), draw.array(2, 2))]',
    )
    forget_solutions()
    exercise = read_exercise(course_copy.folder, "code-conv2d")
    path: Path = course_copy.folder / shown_cases_file(exercise)
    path.write_text(shown_cases_text(exercise), encoding="utf-8")
    found = shown_cases(exercise, course_copy.folder)
    assert found is not None
    assert [case.group for case in found.cases].count("plain") == 1
    forget_solutions()


def test_an_exercise_that_asks_for_no_program_has_none() -> None:
    assert shown_cases(read_exercise(ROOT, "output-size"), ROOT) is None
