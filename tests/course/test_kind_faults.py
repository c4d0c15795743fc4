"""Slips in what an exercise says of its kinds and rules: what is said, word for word, and where. The exercises are those of tests/kinds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.course import load_course, load_exercise
from grader.course.faults import CourseError
from grader.course.fitness import fitting
from grader.course.part import Part
from grader.course.values import GivenError
from tests.conftest import CourseCopy
from tests.kinds import FOLDER, kinds_course

RULES = "write a value, {from: …, to: …}, {choice: […]}, {shape: […], from: …, to: …}, or another rule of docs/authors.md"


@pytest.fixture
def kinds_copy(tmp_path: Path) -> CourseCopy:
    shutil.copytree(FOLDER, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    return CourseCopy(tmp_path / "course")


def test_the_course_of_kinds_has_no_fault(kinds_copy: CourseCopy) -> None:
    assert kinds_copy.faults() == []


@pytest.mark.parametrize(
    ("exercise", "old", "new", "at", "message"),
    [
        pytest.param(
            "layer", "{value: ", "{values: ", "{values", f"draw.out_channels: no rule of drawing has just the keys values; {RULES}", id="unknown-rule"
        ),
        pytest.param(
            "layer",
            "input_shape_channels * 3",
            "input_shap_channels * 3",
            '"input_shap_ch',
            "draw.out_channels.value: 'input_shap_channels' is no name of this exercise; did you mean 'input_shape_channels'?",
            id="unknown-name-in-a-value",
        ),
        pytest.param(
            "layer",
            "input_shape_3 + 1",
            "input_shape_height + 1",
            '"input_shape_height + 1',
            "draw.input_shape.list[3].from: 'input_shape_height' is no name of this exercise; did you mean 'input_shape_3'?",
            id="axis-of-a-list-that-is-not-drawn-yet",
        ),
        pytest.param("layer", "{list: [{from: 2", "{list: [[1], {from: 2", None, None, id="a-constant-list-in-a-list-is-a-value"),
        pytest.param(
            "stack",
            "to: layers_1_kernel_size - 2",
            "to: layers_2_kernel_size - 2",
            "layers_2_kernel_size - 2",
            "draw.layers.list[0].padding.to: 'layers_2_kernel_size' is no name of this exercise; did you mean 'layers_1_kernel_size'?",
            id="layer-that-is-not-drawn-yet",
        ),
        pytest.param(
            "stack",
            "ceil_mode: {choice: [true, false]}",
            "ceil_mode: {derived: true}",
            "{derived: true}",
            "draw.layers.list[1].ceil_mode: a layer holds integers, [H, W], true, false and texts only; give a rule for one of these",
            id="rule-that-no-layer-takes",
        ),
        pytest.param(
            "effect",
            "count: 4",
            "count: 6",
            "6, include",
            "draw.options.count: expected a whole number from 2 to 5, got 6; that many are drawn, those of `include` among them",
            id="sample-too-large",
        ),
        pytest.param(
            "effect",
            "include: [vertical-edges, h",
            "include: [edges, h",
            "[edges, h",
            "draw.options.include: 'edges' is not in `sample`; add it there, or leave it out here",
            id="include-that-is-not-there",
        ),
        pytest.param(
            "effect",
            "blur, sharpen",
            "blur, blur",
            "[vertical-edges, horizontal-edges, blur",
            "draw.options.sample: expected a list of different names; write [name, name], each once",
            id="sample-twice",
        ),
        pytest.param("debug", 'text: "layer', 'text: "{layer', '"{layer', None, id="brace-in-a-text"),
        pytest.param(
            "debug",
            "{derived: true}",
            "{derived: yes}",
            "yes}",
            "draw.error.derived: expected true, got 'yes'; write {derived: true}, or another rule",
            id="derived-yes",
        ),
        pytest.param(
            "debug",
            "  channels: {from: 3, to: 4}\n",
            "",
            None,
            None,
            id="derived-from-what-is-not-drawn",
        ),
        pytest.param(
            "unknown",
            "leave_out: ask",
            "leave_out: asked",
            "asked",
            "leave_out: 'asked' is no choice among names; draw `asked: {choice: [name, name]}`",
            id="leave-out-of-nothing",
        ),
        pytest.param(
            "unknown",
            "[kernel_size, padding]",
            "[kernel_size, stride]",
            "ask: ▸{choice",
            "draw.ask: 'stride' is drawn by no rule, so it cannot be left out; known are input_size, kernel_size, output_size, padding",
            id="leave-out-what-is-not-drawn",
        ),
        pytest.param(
            "unknown",
            "[kernel_size, padding]",
            "[kernel_size, input_size]",
            "ask: ▸{choice",
            "draw.ask: 'input_size' may be left out, and the reference of solutions/unknown.py needs it; give that argument the default None: input_size: int | None = None",
            id="leave-out-what-is-needed",
        ),
        pytest.param(
            "layer",
            "axes: [C_out, C_in, kH, kW], ",
            "",
            "weight_shape: ▸{",
            "parts.weight_shape: a shape needs `axes`, and only a shape has them; write axes: [N, C, H, W]",
            id="shape-without-axes",
        ),
        pytest.param(
            "layer",
            "axes: [C_out, C_in, kH, kW]",
            "axes: [C_out, C_out, kH, kW]",
            "▸[C_out, C_out",
            "parts.weight_shape.axes: expected the names of the axes, each once; write axes: [N, C, H, W], or [[N, C, H, W], [C, H, W]]",
            id="axis-twice",
        ),
        pytest.param(
            "debug",
            "kind: integer",
            "kind: integer, axes: [N]",
            "fix: ▸{",
            "parts.fix: a shape needs `axes`, and only a shape has them; write axes: [N, C, H, W]",
            id="axes-of-an-integer",
        ),
        pytest.param(
            "effect",
            "kind: choice",
            "kind: integer",
            "▸effect:\n    kind",
            "parts.effect: a choice needs `options`, and only a choice has them; write options: {name: {en: …, zh: …}, …}",
            id="options-of-an-integer",
        ),
        pytest.param(
            "effect",
            "      blur: {",
            "      B: {",
            "B: ▸{",
            "parts.effect.options.B: 'B' is no name of an option; use two or more letters, digits, _ and -, and no `none`",
            id="option-of-one-letter",
        ),
        pytest.param(
            "effect",
            "zh: 锐化",
            "zh: 检测水平边缘",
            "sharpen: ▸{",
            "parts.effect.options.sharpen: 'sharpen' and 'horizontal-edges' cannot be told apart by '检测水平边缘'; give one of them another name or other words",
            id="two-options-in-the-same-words",
        ),
        pytest.param(
            "effect",
            "en: sharpens",
            "en: B.",
            "sharpen: ▸{",
            "parts.effect.options.sharpen: 'b' may mean another option, or none of them; write more words",
            id="words-that-are-a-letter",
        ),
        pytest.param("effect", "options_from: options", "options_from: scale", "scale", None, id="options-from-a-number"),
        pytest.param("effect", "options_from: options", "options_from: choice", "choice\n", None, id="options-from-nothing"),
        pytest.param(
            "effect",
            "sharpen, nothing-at-all]",
            "sharpest, nothing-at-all]",
            "options: ▸{sample",
            "draw.options: 'sharpest' is no option of effect; did you mean 'sharpen'?",
            id="option-that-is-none",
        ),
        pytest.param(
            "facts",
            "options_from: statements",
            "options_from: kernel",
            "kernel",
            "parts.true_ones.options_from: 'kernel' is not drawn; known are statements",
            id="options-from-what-is-not-drawn",
        ),
        pytest.param(
            "mean",
            "tolerance: 0.005",
            "tolerance: lots",
            "lots",
            "parts.deviation.tolerance: expected a number from 0 to 1000, got 'lots'; write it as 0.5, 1 or 1/3",
            id="tolerance-in-words",
        ),
        pytest.param(
            "mean",
            "{kind: number, title: {en: one weight",
            "{kind: integer, tolerance: 1, title: {en: one weight",
            "1, title: {en: one",
            "parts.weight.tolerance: only a number has a tolerance; leave it out; other answers are compared exactly",
            id="tolerance-of-an-integer",
        ),
        pytest.param(
            "mean",
            ", to within {tolerance}?",
            "?",
            "0.005, title",
            "parts.deviation.tolerance: the en prompt does not say it, and students have to know; write {tolerance} or 0.005 in prompt.en",
            id="tolerance-that-nobody-is-told",
        ),
    ],
)
def test_a_faulty_exercise_says_where_and_how_to_put_it_right(
    kinds_copy: CourseCopy, exercise: str, old: str, new: str, at: str | None, message: str | None
) -> None:
    file = f"exercises/{exercise}.yaml"
    kinds_copy.edit(file, old, new)
    said = kinds_copy.faults()
    if message is None:
        # What is said is another module's business here: that it is said, and at its file, is not.
        assert said and all(fault.startswith((file, "course.yaml", "solutions")) for fault in said)
    else:
        assert at is not None
        assert f"{kinds_copy.place(file, at)} {message}" in said


@pytest.mark.parametrize(
    ("solution", "old", "new", "exercise", "message"),
    [
        pytest.param("debug", '@derived("error")', '@derived("errors")', "debug", "has no @derived(\"error\"); did you mean 'errors'?", id="derived-misspelt"),
        pytest.param("debug", '@derived("error")', "", "debug", 'has no @derived("error"); none is known here', id="derived-missing"),
        pytest.param(
            "debug",
            "def error(channels: int, wrong: int)",
            "def error(channels: int, width: int)",
            "debug",
            "error: takes width, which the reference does not take",
            id="derived-from-nothing",
        ),
        pytest.param(
            "debug",
            "def error(channels: int, wrong: int)",
            "def error(channels: int, wrong: int, error: str)",
            "debug",
            "it is computed from error, which is not drawn above it; move it below",
            id="derived-from-itself",
        ),
    ],
)
def test_a_faulty_solution(kinds_copy: CourseCopy, solution: str, old: str, new: str, exercise: str, message: str) -> None:
    kinds_copy.edit(f"solutions/{solution}.py", old, new)
    assert any(message in fault for fault in kinds_copy.faults())


@pytest.mark.parametrize(
    ("solution", "old", "new", "exercise", "given", "message"),
    [
        pytest.param(
            "effect",
            '"vertical-edges" if vertical',
            '"vertical" if vertical',
            "effect",
            {"kernel": [[1, 0, -1]], "options": ["blur", "vertical-edges"]},
            "options: the right answer to effect, 'vertical', is not among them; add it",
            id="option-that-is-none",
        ),
        pytest.param(
            "debug",
            '"argument": "in_channels"',
            '"argument": "channels"',
            "debug",
            {"channels": 3, "wrong": 5},
            "parts.argument: the reference returns 'channels', which is no option (solutions/debug.py); return one of in_channels, out_channels, kernel_size",
            id="no-option",
        ),
        pytest.param(
            "facts",
            "TRUE & set(statements)",
            "sorted(TRUE & set(statements))[0]",
            "facts",
            {"statements": ["stride-shrinks", "pooling-learns"]},
            "parts.true_ones: the reference returns a str (solutions/facts.py); return the ids of options, a set of str",
            id="one-id-for-a-set",
        ),
        pytest.param(
            "layer",
            '"weight_shape": layer.weight.shape}',
            '"weight_shape": layer.weight.shape[1:]}',
            "layer",
            {"input_shape": [2, 9, 9], "out_channels": 2, "kernel_size": 3},
            "parts.weight_shape: the reference returns 3 axes, and `axes` names [C_out, C_in, kH, kW] (solutions/layer.py); name those too",
            id="axis-too-few",
        ),
        pytest.param(
            "layer",
            '"weight_shape": layer.weight.shape}',
            '"weight_shape": 4}',
            "layer",
            {"input_shape": [2, 9, 9], "out_channels": 2, "kernel_size": 3},
            "parts.weight_shape: the reference returns no shape (solutions/layer.py); return a tuple of ints, such as tuple(output.shape)",
            id="number-for-a-shape",
        ),
        pytest.param(
            "mean",
            'float(spread)}\n\n\n@mistake("sum',
            "float('nan')}\n\n\n@mistake(\"sum",
            "mean",
            {"window": [1, 2], "kernel_size": 3},
            "deviation: the reference gives nan",
            id="nan",
        ),
        pytest.param(
            "mean",
            '"mean": Fraction(sum(window), len(window))',
            '"mean": sum(window) / len(window)',
            "mean",
            {"window": [1, 2], "kernel_size": 3},
            "a solution returned a float",
            id="float-without-a-tolerance",
        ),
    ],
)
def test_a_key_that_is_no_answer_of_its_kind(
    kinds_copy: CourseCopy, solution: str, old: str, new: str, exercise: str, given: dict[str, object], message: str
) -> None:
    kinds_copy.edit(f"solutions/{solution}.py", old, new)
    with pytest.raises((CourseError, GivenError, TypeError)) as caught:
        load_exercise(kinds_copy.folder, exercise).expect(given)
    assert message in str(caught.value)


def test_a_pinned_list_of_options_is_checked(kinds_copy: CourseCopy) -> None:
    exercise = load_course(kinds_copy.folder).exercises["facts"]
    for shown, message in (
        (["stride-shrinks"], "statements: 1 options are no choice; list two or more"),
        (["stride-shrinks", "lies"], "statements: 'lies' is no option of true_ones; use stride-shrinks, padding-grows"),
    ):
        with pytest.raises(GivenError, match=message):
            exercise.expect({"statements": shown})


def test_a_mistake_whose_option_is_not_shown_is_not_there() -> None:
    exercise = kinds_course().exercises["effect"]
    kernel = [[1, 0, -1]]
    without = exercise.expect({"kernel": kernel, "options": ["vertical-edges", "horizontal-edges"]})
    assert list(without.mistakes) == ["h-v-swapped"]
    assert list(exercise.expect({"kernel": kernel, "options": ["vertical-edges", "nothing-at-all"]}).mistakes) == ["zero-sum-is-nothing"]


def test_a_wrong_answer_within_the_tolerance_is_the_key() -> None:
    part = Part(id="deviation", kind="number", weight=Fraction(1), tolerance=Fraction(1, 200))
    assert fitting(part, (0.504, 0.506, Fraction(1, 2), float("nan")), 0.5) == (0.5, 0.506, 0.5)
    with pytest.raises(TypeError, match="a solution returned a float"):
        fitting(replace(part, tolerance=None), (0.504,), 1)


def test_only_a_part_with_a_tolerance_takes_floats() -> None:
    expected = kinds_course().exercises["mean"].expect({"window": [3, 5, 3, 5], "kernel_size": 3})
    assert expected.key == {"mean": 4, "weight": Fraction(1, 9), "deviation": 1.0}
    assert expected.mistakes["sum-left"] == {"mean": (16,), "deviation": (2.0,)}
