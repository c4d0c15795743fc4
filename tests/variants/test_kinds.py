"""The rules of drawing beside ranges, choices and arrays, and sheets of every kind. The exercises are those of tests/kinds."""

from __future__ import annotations

import copy
from collections import Counter
from itertools import permutations
from typing import Any

import pytest

from grader.course.course import Course, load_course
from grader.course.exercise import Exercise
from grader.course.names import names_of
from grader.course.rules import Sample
from grader.course.values import GivenError
from grader.marking.slot import variant_of
from grader.marking.submission import same_given
from grader.variants.draw import _draw, draw_given
from grader.variants.given import paragraphs, unsaid
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.stream import Stream, stream_key
from grader.variants.variant import draw_sheet
from tests.kinds import FOLDER, kinds_course

SECRET = b"the secret of these tests"


def drawn(name: str, count: int = 200) -> list[dict[str, Any]]:
    exercise = kinds_course().exercises[name]
    return [draw_given(exercise, Stream(stream_key(b"kinds", name), number)) for number in range(count)]


# Rules


def test_a_list_is_drawn_item_by_item() -> None:
    for given in drawn("layer"):
        batch, channels, height, width = given["input_shape"]
        assert batch in (2, 3, 4) and channels in (2, 4) and 7 <= height <= 9
        assert height < width <= 12, "an item may use the items before it"
        assert given["out_channels"] == 3 * channels, "a value is computed from names above"
    assert {given["padding"] for given in drawn("layer")} == {1, None}
    assert {given["bias"] for given in drawn("layer")} == {True, False}


def test_layers_are_drawn_with_what_stands_before_them() -> None:
    for given in drawn("stack"):
        conv, pool, flatten = given["layers"]
        assert list(conv) == ["type", "in_channels", "out_channels", "kernel_size", "padding"]
        assert 0 <= conv["padding"] <= conv["kernel_size"] - 2
        assert pool["ceil_mode"] in (True, False)
        assert flatten == {"type": "flatten"}
    assert {given["layers"][0]["padding"] for given in drawn("stack")} == {0, 1, 2, 3}


def test_a_sample_holds_different_ids_and_those_it_must() -> None:
    for given in drawn("effect"):
        assert len(set(given["options"])) == len(given["options"]) == 4
        assert {"vertical-edges", "horizontal-edges"} <= set(given["options"])


def test_every_order_of_a_sample_is_as_likely() -> None:
    rule = Sample(("a", "b", "c", "d"), 2, ("a",))
    seen = Counter(tuple(_draw(rule, Stream(stream_key(b"orders"), number), {}, "x")) for number in range(6000))
    expected = {order for pair in (("a", "b"), ("a", "c"), ("a", "d")) for order in permutations(pair)}
    assert set(seen) == expected
    assert all(850 < count < 1150 for count in seen.values()), seen  # 1000 ± 5 standard deviations


def test_a_text_is_filled_in_and_what_is_derived_is_torch_s() -> None:
    for given in drawn("debug", 20):
        assert given["code"].startswith(f"layer = torch.nn.Conv2d({given['wrong']}, 8")
        assert f"expected input[1, {given['channels']}, 9, 9] to have {given['wrong']} channels" in given["error"]


def test_what_is_asked_for_is_left_out() -> None:
    for given in drawn("unknown"):
        assert given["ask"] not in given
        assert {"ask", "input_size", "output_size"} < set(given)
        names = kinds_course().exercises["unknown"].names(given)
        assert names[given["ask"]] == "?"
    assert {given["ask"] for given in drawn("unknown")} == {"kernel_size", "padding"}


def test_a_pinned_given_is_filled_in() -> None:
    exercise = kinds_course().exercises["debug"]
    variant = variant_of(exercise, {"channels": 3, "wrong": 5, "code": "…"})
    assert "to have 5 channels" in variant.given["error"]
    assert variant.exercise.expect(variant.given).key == {"argument": "in_channels", "fix": 3}


def test_a_pinned_given_is_not_filled_in_from_what_it_asks_for() -> None:
    exercise = kinds_course().exercises["unknown"]
    with pytest.raises(GivenError, match="output_size: it is computed from padding, which is what this exercise asks for; give output_size itself"):
        variant_of(exercise, {"ask": "padding", "input_size": 6, "kernel_size": 3})
    variant = variant_of(exercise, {"ask": "padding", "input_size": 6, "kernel_size": 3, "output_size": 6})
    assert "padding" not in variant.given
    assert exercise.expect(variant.given).key == {"value": 1}


def test_the_names_of_shapes_and_layers() -> None:
    names = names_of({"input_shape": [1, 3, 8, 9], "layers": [{"kernel_size": 3}, {"kernel_size": [3, 5], "bias": True}], "bias": True})
    assert names["input_shape_batch"] == 1 and names["input_shape_channels"] == 3
    assert (names["input_shape_height"], names["input_shape_width"]) == (8, 9)
    assert (names["layers_count"], names["layers_1_kernel_size_height"], names["layers_2_kernel_size_width"], names["layers_2_bias"]) == (2, 3, 5, True)
    assert "bias_height" not in names


# Sheets


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(FOLDER)


def lines_of(course: Course, slot: str) -> list[str]:
    text = sheet_yaml(draw_sheet(course, course.assignments["all"], "ada", 1, SECRET), course.languages, None)
    block = next(block for block in text.split("  # " + "─" * 60) if block.strip().startswith(f"# {slot} · "))
    return block.split("\n\n")[0].strip().splitlines()


def test_options_stand_on_a_sheet_with_their_letters(course: Course) -> None:
    sheet = draw_sheet(course, course.assignments["all"], "ada", 1, SECRET)
    shown = next(variant for variant in sheet.variants if variant.slot == "effect").given["options"]
    found = [line.strip("# ") for line in lines_of(course, "effect") if line.strip().startswith("#   ") and ") " in line]
    words = {option.id: option.words for option in course.exercises["effect"].parts[0].options}
    assert [line for line in found if line[1] == ")"] == [f"{letter}) {words[name].en} / {words[name].zh}" for letter, name in zip("abcd", shown, strict=True)]


def test_shapes_stand_on_a_sheet_with_their_axes(course: Course) -> None:
    lines = lines_of(course, "stack")
    assert "  # layer_1: after layer 1, a shape [C, H, W] / 第 1 层之后，形状 [C, H, W]" in lines
    assert "  # layer_3: after layer 3, a shape [F] / 第 3 层之后，形状 [F]" in lines
    assert lines[-5:] == ["  stack:", "    layer_1: ", "    layer_2: ", "    layer_3: ", "    flattened:"]
    assert any(line.startswith("  # 1. Conv2d(3, ") for line in lines) and "  # 3. Flatten()" in lines


def test_a_tolerance_stands_on_a_sheet(course: Course) -> None:
    lines = lines_of(course, "mean")
    assert "  # deviation: the standard deviation, to within 0.005 / 标准差，误差不超过 0.005" in lines
    assert any("to within 0.005?" in line for line in lines)


def test_a_json_sheet_describes_every_part(course: Course) -> None:
    sheet = draw_sheet(course, course.assignments["all"], "ada", 1, SECRET)
    slots = sheet_json(sheet, None)["slots"]
    assert slots["layer"]["parts"]["output_shape"]["axes"] == ["N", "C", "H", "W"]
    assert slots["pinned"]["parts"]["output_shape"]["axes"] == ["C", "H", "W"], "the axes of this variant"
    assert slots["mean"]["parts"]["deviation"]["tolerance"] == 0.005
    assert "tolerance" not in slots["mean"]["parts"]["weight"]
    options = slots["facts"]["parts"]["true_ones"]["options"]
    assert [option["id"] for option in options] == slots["facts"]["given"]["statements"]
    assert [option["letter"] for option in options] == ["a", "b", "c", "d"]
    assert all(option["en"] and option["zh"] for option in options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("one line", ["one line"], id="one-line"),
        pytest.param("a\nb", ["a", "b"], id="lines-stay"),
        pytest.param("if x:\n    y = 1", ["if x:", "    y = 1"], id="indented-code"),
        pytest.param("a\n\nb\n", ["a", "", "b"], id="empty-line"),
        pytest.param("  one two three four five", ["  one two", "  three", "  four five"], id="wrapped-under-its-indent"),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert paragraphs(text, 11) == expected


def test_what_the_prompt_shows_is_not_shown_twice(course: Course) -> None:
    exercise: Exercise = course.exercises["debug"]
    given = {"channels": 3, "wrong": 5, "code": "a\nb", "error": "no"}
    assert unsaid(exercise, given) == {"channels": 3, "wrong": 5}
    assert unsaid(course.exercises["effect"], {"options": ["blur"], "scale": 2}) == {"scale": 2}


# What a file says of its given


@pytest.mark.parametrize(
    ("claimed", "true", "same"),
    [
        pytest.param("true", True, True, id="truth-as-yaml-text"),
        pytest.param(True, True, True, id="truth"),
        pytest.param("false", True, False, id="other-truth"),
        pytest.param("True", True, False, id="truth-spelled-otherwise"),
        pytest.param(1, True, False, id="one-is-no-truth"),
        pytest.param(None, None, True, id="null"),
        pytest.param("0", None, False, id="number-for-null"),
        pytest.param({"type": "relu", "n": "3"}, {"type": "relu", "n": 3}, True, id="layer-as-yaml-text"),
        pytest.param([{"type": "relu"}], [{"type": "gelu"}], False, id="other-layer"),
    ],
)
def test_a_claim_is_compared_with_the_true_given(claimed: Any, true: Any, same: bool) -> None:
    assert same_given(copy.deepcopy(claimed), true) is same
