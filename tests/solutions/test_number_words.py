"""Which wrong methods whole-number questions recognise, when each could show, what follows from earlier parts, and the words."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.expressions import Expression
from grader.course.names import names_of
from grader.course.solution import Implausible
from grader.course.values import to_json
from grader.marking.slot import grade_slot, variant_of
from grader.variants.draw import Candidate, Refusals
from grader.variants.separate import acceptable
from grader.variants.stream import stream_key
from tests.conftest import ROOT

Given = dict[str, Any]


@lru_cache(maxsize=16)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


# The names of the known wrong methods, by type, and those that the other arguments of the question bring with them. Left out, as the
# solutions say: `channels_halved` of T17, `times_HW` and `untied_bias` of T15 (nothing is given that they need), depth of T9.
MISTAKES = {
    "which-cells": ["other-side", "L-plus-1", "pad-ignored", "k-minus-L", "one-based", "stride-ignored", "pad-once", "hw-swapped", "not-clipped"],
    "inverse-size": ["smallest-only", "floor-ignored", "p-total", "p-rounded-down", "no-plus1", "pad-ignored"],
    "same-padding": ["pad-k-minus-1", "pad-k-half-even", "extra-on-top", "pad-once", "mode-mixed-up", "dil-ignored", "no-plus1"],
    "parameter-count": [
        "no-bias", "bias-once", "cin-ignored", "bias-per-slice", "k-not-squared", "one-filter", "bias-counted", "groups-ignored", "divide-twice", "times-g",
    ],
    "pool-size": [
        "stride-default-1", "n-over-s", "ceil-always", "ceil-ignored", "no-last-window-rule", "kernel-term-lost", "pad-ignored", "dil-ignored", "no-plus1",
    ],
    "dilation": ["dil-ignored", "k-times-d", "k-plus-d", "dil0", "no-plus1", "ceil", "pad-once", "pad-ignored", "stride-ignored"],
    "cost": ["params-only", "flops-2x", "cin-ignored", "h-once", "input-size-used", "batch-lost", "channels-kept", "groups-ignored"],
    "receptive-field": ["no-jump", "sum-k", "prod-k", "own-stride", "previous-stride-only", "strides-added", "dil-ignored"],
    "transposed-size": [
        "forward-formula", "op-forgotten", "i-times-s", "i-not-i-minus-1", "pad-adds", "pad-once", "op-twice", "dil0", "pad-ignored", "dil-ignored",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_wrong_method_is_recognised(name: str) -> None:
    assert sorted(exercise(name).mistakes) == sorted(MISTAKES[name]) == sorted(exercise(name).solution.mistakes)
    assert all(Fraction(1, 4) <= policy.credit <= Fraction(3, 4) for policy in exercise(name).mistakes.values())


@pytest.mark.parametrize("name", MISTAKES)
def test_three_levels_of_which_no_question_is_right_by_a_wrong_method(name: str) -> None:
    assert [level.level for level in exercise(name).every_level] == [1, 2, 3]
    assert not any(level.may_coincide for level in exercise(name).every_level)
    assert not exercise(name).at(3).only_pinned, "the hardest level shows every wrong method"


PARTS = {
    "which-cells": ["unused", "first_row", "last_row"],
    "inverse-size": ["values"],
    "same-padding": ["before", "after", "output_size"],
    "parameter-count": ["weights", "biases", "total"],
    "pool-size": ["output_size"],
    "dilation": ["effective_kernel", "output_size"],
    "cost": ["activations", "macs"],
    "receptive-field": ["receptive_field", "jump"],
    "transposed-size": ["output_size"],
}


@pytest.mark.parametrize("name", PARTS)
def test_parts(name: str) -> None:
    assert [part.id for part in exercise(name).parts] == PARTS[name]


# When a wrong method could show: by the arguments alone


def applicable(name: str, **values: Any) -> set[str]:
    solution = exercise(name).solution
    return {method.name for method in solution.mistakes.values() if method.fits(solution.values(values))}


ALL = {name: set(names) for name, names in MISTAKES.items()}
SHOWN: list[tuple[str, str, Given, set[str]]] = [
    ("which-cells", "nothing-but-counting-from-1", {"input_size": 5, "kernel_size": 3}, {"one-based"}),
    ("which-cells", "a-stride-nothing-left", {"input_size": 7, "kernel_size": 3, "stride": 2, "row": 1}, {"one-based", "stride-ignored", "hw-swapped"}),
    ("which-cells", "something-left", {"input_size": 8, "kernel_size": 3, "stride": 2, "row": 1}, ALL["which-cells"] - {"pad-ignored", "pad-once", "not-clipped"}),
    ("which-cells", "a-window-in-the-padding", {"input_size": 8, "kernel_size": 3, "stride": 2, "padding": 1, "col": 1}, ALL["which-cells"]),
    ("which-cells", "row-and-column-alike", {"input_size": 8, "kernel_size": 3, "stride": 2, "padding": 1}, ALL["which-cells"] - {"hw-swapped"}),
    ("same-padding", "a-kernel-of-1", {"input_size": 5, "kernel_size": 1, "dilation": 3, "mode": "full"}, set()),
    ("same-padding", "same-odd", {"input_size": 5, "kernel_size": 3, "mode": "same"}, {"pad-k-minus-1", "pad-once", "mode-mixed-up"}),
    ("same-padding", "same-even", {"input_size": 5, "kernel_size": 4, "mode": "same"}, ALL["same-padding"] - {"dil-ignored", "no-plus1"}),
    ("same-padding", "same-even-kernel-odd-reach", {"input_size": 5, "kernel_size": 4, "dilation": 2, "mode": "same"}, {"pad-k-minus-1", "pad-once", "mode-mixed-up", "dil-ignored"}),
    ("same-padding", "full", {"input_size": 5, "kernel_size": 4, "mode": "full"}, {"pad-once", "mode-mixed-up"}),
    ("same-padding", "valid", {"input_size": 9, "kernel_size": 4, "dilation": 2, "mode": "valid"}, {"mode-mixed-up", "dil-ignored", "no-plus1"}),
    ("parameter-count", "one-channel-one-filter-one-cell", {"in_channels": 1, "out_channels": 1, "kernel_size": 1}, {"no-bias"}),
    ("parameter-count", "a-layer", {"in_channels": 3, "out_channels": 8, "kernel_size": 3}, ALL["parameter-count"] - {"bias-counted", "groups-ignored", "divide-twice", "times-g"}),
    ("parameter-count", "depthwise-no-bias", {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 4, "bias": False}, {"bias-counted", "k-not-squared", "one-filter", "groups-ignored", "divide-twice", "times-g"}),
    ("parameter-count", "everything-but", {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 2}, ALL["parameter-count"] - {"bias-counted"}),
    ("pool-size", "blocks", {"input_size": 8, "kernel_size": 2}, {"stride-default-1", "kernel-term-lost", "no-plus1"}),
    ("pool-size", "blocks-given-as-such", {"input_size": 8, "kernel_size": 2, "stride": 2}, {"kernel-term-lost", "no-plus1"}),
    ("pool-size", "overlap-and-padding", {"input_size": 8, "kernel_size": 3, "stride": 2, "padding": 1}, {"n-over-s", "ceil-always", "kernel-term-lost", "pad-ignored", "no-plus1"}),
    ("pool-size", "ceil-mode", {"input_size": 8, "kernel_size": 3, "stride": 2, "ceil_mode": True}, {"n-over-s", "ceil-ignored", "kernel-term-lost", "no-plus1"}),
    ("pool-size", "ceil-mode-drops-a-window", {"input_size": 5, "kernel_size": 2, "padding": 1, "ceil_mode": True}, {"stride-default-1", "no-last-window-rule", "kernel-term-lost", "pad-ignored"}),
    ("pool-size", "dilated", {"input_size": 9, "kernel_size": 3, "stride": 2, "dilation": 2}, {"n-over-s", "kernel-term-lost", "dil-ignored", "no-plus1"}),
    ("dilation", "a-kernel-of-1", {"input_size": 5, "kernel_size": 1, "dilation": 2}, {"k-times-d", "k-plus-d", "no-plus1"}),
    ("dilation", "no-dilation", {"input_size": 5, "kernel_size": 3, "dilation": 1}, {"dil0", "no-plus1"}),
    ("dilation", "a-stride-that-leaves-something", {"input_size": 10, "kernel_size": 3, "dilation": 2, "stride": 2, "padding": 1}, ALL["dilation"]),
    ("dilation", "one-place", {"input_size": 5, "kernel_size": 3, "dilation": 2, "stride": 2}, ALL["dilation"] - {"ceil", "pad-once", "pad-ignored", "stride-ignored"}),
    ("cost", "one-cell-out", {"input_shape": [1, 2, 2, 2], "out_channels": 2, "kernel_size": 2}, {"flops-2x", "cin-ignored", "input-size-used"}),
    ("cost", "same-size-one-channel", {"input_shape": [1, 5, 5], "out_channels": 3, "kernel_size": 3, "padding": 1}, {"flops-2x", "params-only", "h-once", "channels-kept"}),
    ("cost", "everything", {"input_shape": [2, 4, 5, 5], "out_channels": 6, "kernel_size": 3, "groups": 2}, ALL["cost"]),
    ("receptive-field", "one-layer", {"layers": [{"kernel_size": 3, "stride": 2}]}, {"own-stride"}),
    ("receptive-field", "no-strides", {"layers": [{"kernel_size": 3}] * 2}, {"sum-k", "prod-k", "strides-added"}),
    ("receptive-field", "two-layers", {"layers": [{"kernel_size": 3, "stride": 2}] * 2}, ALL["receptive-field"] - {"dil-ignored"}),
    ("receptive-field", "a-stride-at-the-end", {"layers": [{"kernel_size": 3}, {"kernel_size": 3, "stride": 2, "dilation": 2}]}, {"sum-k", "prod-k", "own-stride", "strides-added", "dil-ignored"}),
    ("transposed-size", "plain", {"input_size": 5, "kernel_size": 1}, {"forward-formula", "i-not-i-minus-1"}),
    ("transposed-size", "doubling", {"input_size": 5, "kernel_size": 4, "stride": 2, "padding": 1}, {"forward-formula", "i-not-i-minus-1", "pad-adds", "pad-once", "pad-ignored", "dil0"}),
    ("transposed-size", "everything", {"input_size": 5, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 2}, ALL["transposed-size"]),
    ("inverse-size", "stride-1", {"ask": "input_size", "output_size": 5, "kernel_size": 3, "stride": 1, "padding": 1}, {"p-total", "no-plus1", "pad-ignored"}),
    ("inverse-size", "input", {"ask": "input_size", "output_size": 5, "kernel_size": 3, "stride": 3, "padding": 1}, ALL["inverse-size"] - {"p-rounded-down"}),
    ("inverse-size", "half-a-padding", {"ask": "padding", "output_size": 5, "input_size": 10, "kernel_size": 3, "stride": 4}, {"smallest-only", "p-total", "p-rounded-down", "no-plus1"}),
    ("inverse-size", "a-whole-padding", {"ask": "padding", "output_size": 5, "input_size": 9, "kernel_size": 3, "stride": 4}, {"smallest-only", "floor-ignored", "p-total", "no-plus1"}),
    ("inverse-size", "no-padding", {"ask": "padding", "output_size": 3, "input_size": 5, "kernel_size": 3, "stride": 1}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "expected"), [pytest.param(name, values, expected, id=f"{name}-{case}") for name, case, values, expected in SHOWN])
def test_when_a_wrong_method_could_show(name: str, values: Given, expected: set[str]) -> None:
    assert applicable(name, **values) == expected


# Follow-through

ROWS = {"input_size": 10, "kernel_size": 4, "stride": 3, "padding": 1, "row": 1, "col": 0}
EDGE = {**ROWS, "row": 0}
NAMED = {"input_size": 10, "kernel_size": 4, "dilation": 1, "mode": "same"}
COUNT = {"in_channels": 3, "bias": True}
DILATED = {"input_size": 10, "kernel_size": 3, "dilation": 2, "stride": 2, "padding": 1}
COST = {"input_shape": (2, 4, 8, 8), "out_channels": 6, "kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}


@pytest.mark.parametrize(
    ("name", "part", "own", "values", "expected"),
    [
        pytest.param("which-cells", "last_row", {"first_row": 2}, ROWS, 5, id="the-right-row"),
        pytest.param("which-cells", "last_row", {"first_row": 3}, ROWS, 6, id="one-row-down"),
        pytest.param("which-cells", "last_row", {"first_row": 8}, ROWS, 9, id="cut-off-at-the-end"),
        pytest.param("which-cells", "last_row", {"first_row": -1}, ROWS, None, id="above-the-input"),
        pytest.param("which-cells", "last_row", {"first_row": 10}, ROWS, None, id="below-the-input"),
        pytest.param("which-cells", "last_row", {"first_row": 1}, EDGE, None, id="a-window-that-begins-in-the-padding"),
        pytest.param("which-cells", "last_row", {"first_row": (2, 2)}, ROWS, None, id="two-rows-for-one"),
        pytest.param("which-cells", "last_row", {"first_row": 2}, {**ROWS, "input_size": (10, 10)}, None, id="one-row-for-two"),
        pytest.param("which-cells", "last_row", {"first_row": (3, 4)}, {**ROWS, "input_size": (10, 12), "col": 2}, (6, 7), id="rows-per-axis"),
        pytest.param("same-padding", "output_size", {"before": 2, "after": 1}, NAMED, 10, id="the-sum-of-same"),
        pytest.param("same-padding", "output_size", {"before": 2, "after": 2}, NAMED, 11, id="half-an-even-kernel"),
        pytest.param("same-padding", "output_size", {"before": 0, "after": 0}, NAMED, None, id="easier-nothing-to-add"),
        pytest.param("same-padding", "output_size", {"before": 1, "after": 2}, {**NAMED, "mode": "full"}, None, id="easier-the-side-is-kept"),
        pytest.param("same-padding", "output_size", {"before": 2, "after": 2}, {**NAMED, "mode": "full"}, 11, id="half-of-full"),
        pytest.param("same-padding", "output_size", {"before": 4, "after": 0}, NAMED, None, id="more-than-the-reach"),
        pytest.param("same-padding", "output_size", {"before": -1, "after": 3}, NAMED, None, id="less-than-none"),
        pytest.param("same-padding", "output_size", {"before": 1, "after": 2}, {**NAMED, "input_size": (5, 6)}, None, id="one-padding-for-two"),
        pytest.param("parameter-count", "total", {"weights": 72, "biases": 1}, COUNT, 73, id="weights-and-biases"),
        pytest.param("parameter-count", "total", {"weights": 72, "biases": 0}, COUNT, None, id="easier-no-biases"),
        pytest.param("parameter-count", "total", {"weights": 72, "biases": 0}, {**COUNT, "bias": False}, 72, id="no-biases-by-right"),
        pytest.param("parameter-count", "total", {"weights": 2, "biases": 8}, COUNT, None, id="too-few-weights"),
        pytest.param("parameter-count", "total", {"weights": 72, "biases": -8}, COUNT, None, id="negative-biases"),
        pytest.param("dilation", "output_size", {"effective_kernel": 5}, DILATED, 4, id="the-right-reach"),
        pytest.param("dilation", "output_size", {"effective_kernel": 7}, DILATED, 3, id="0-means-none"),
        pytest.param("dilation", "output_size", {"effective_kernel": 6}, DILATED, None, id="easier-nothing-left-to-round"),
        pytest.param("dilation", "output_size", {"effective_kernel": 2}, DILATED, None, id="smaller-than-the-kernel"),
        pytest.param("dilation", "output_size", {"effective_kernel": 13}, DILATED, None, id="larger-than-the-padded-input"),
        pytest.param("dilation", "output_size", {"effective_kernel": (5, 5)}, DILATED, None, id="two-reaches-for-one"),
        pytest.param("dilation", "output_size", {"effective_kernel": (5, 7)}, {**DILATED, "padding": (1, 1)}, (4, 3), id="reaches-per-axis"),
        pytest.param("cost", "macs", {"activations": 432}, COST, 15552, id="the-right-number"),
        pytest.param("cost", "macs", {"activations": 216}, COST, 7776, id="one-image"),
        pytest.param("cost", "macs", {"activations": 768}, COST, 27648, id="the-size-of-the-input"),
        pytest.param("cost", "macs", {"activations": 6}, COST, None, id="one-place"),
        pytest.param("cost", "macs", {"activations": -6}, COST, None, id="negative"),
        pytest.param("cost", "macs", {"activations": 10**6}, COST, None, id="more-than-the-padded-input-has"),
    ],
)
def test_carrying_an_earlier_answer_on(name: str, part: str, own: Given, values: Given, expected: Any) -> None:
    method = exercise(name).solution.follow[part]
    arguments = {key: value for key, value in {**values, **own}.items() if key in method.takes}
    if expected is None:
        with pytest.raises(Implausible):
            method.function(**arguments)
    else:
        assert method.function(**arguments) == expected


def test_a_later_part_earns_credit_for_what_follows_from_the_earlier_one() -> None:
    values = {"input_size": 14, "kernel_size": 4, "dilation": 3, "stride": 1, "padding": 0}
    grades = grade_slot(variant_of(exercise("dilation"), values), {"effective_kernel": 11, "output_size": 4}).parts
    assert [(grade.credit, grade.verdict.value) for grade in grades] == [(0, "incorrect"), (Fraction(3, 4), "partial")]


# Words

CONVENTIONS = {
    "which-cells": [("padding {padding} on each side", "每一边填充"), ("numbered from 0", "从 0 开始编号")],
    "inverse-size": [("(on each side)", "（每一边）"), ("left out", "舍去"), ("from 1 to 1000", "1 到 1000")],
    "same-padding": [
        ("(1 means no gaps)", "（1 表示不膨胀）"),
        ("stride 1", "步幅 1"),
        ("as in PyTorch, puts an extra cell after", "与 PyTorch 一样放在输入之后"),
    ],
    "parameter-count": [("one for each output channel", "每个输出通道一个"), ("without biases", "不算偏置")],
    "pool-size": [("PyTorch's defaults", "默认值"), ("rule for the last window", "最后一个窗口的规则"), ("on each side", "每一边")],
    "dilation": [("(1 means no gaps)", "（1 表示不膨胀）"), ("on each side", "每一边"), ("left out", "舍去")],
    "cost": [("counts once (MAC)", "算一次（MAC）"), ("biases are not counted", "不计偏置"), ("whole batch", "整批")],
    "receptive-field": [("dilation 1 means no gaps", "膨胀率 1 表示不膨胀"), ("from the first to the last", "从第一个到最后一个")],
    "transposed-size": [("(1 means no gaps)", "（1 表示不膨胀）"), ("PyTorch's ConvTranspose2d", "PyTorch 的 ConvTranspose2d"), ("on each side", "每一边")],
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_the_prompt_says_what_books_disagree_on(name: str) -> None:
    text = exercise(name).source.document.data["prompt"]
    for en, zh in CONVENTIONS[name]:
        assert en in text["en"], en
        assert zh in text["zh"], zh


def candidates_of(name: str, count: int) -> list[Candidate]:
    found = []
    for level in exercise(name).every_level:
        accepted = acceptable(level, stream_key(b"words", name, level.level), Refusals({}, {}))
        found += [candidate for _, candidate in zip(range(count), accepted, strict=False)]
    return found


@pytest.mark.parametrize("name", MISTAKES)
def test_words_compute_no_key(name: str) -> None:
    """What words compute (not given itself) is the key of a part at most by chance."""
    drawn = candidates_of(name, 25)
    for mistake, policy in exercise(name).mistakes.items():
        wrong = [candidate for candidate in drawn if mistake in candidate.expected.mistakes]
        assert wrong, f"{mistake} is shown by some level"
        for text in (policy.words.en, policy.words.zh):
            for hole in (piece for piece in text.pieces if isinstance(piece, Expression) and piece.text not in exercise(name).draw):
                if "answer" in hole.names:
                    continue
                told = [hole({**names_of(c.given)}) in {c.expected.key[part] for part in c.expected.mistakes[mistake]} for c in wrong]
                assert sum(told) <= len(told) / 3, (mistake, hole.text)


@pytest.mark.parametrize("name", MISTAKES)
def test_every_answer_is_graded_with_words_in_both_languages(name: str) -> None:
    for candidate in candidates_of(name, 6):
        variant = variant_of(exercise(name), dict(candidate.given))
        right = {part: to_json(answer) for part, answer in candidate.expected.key.items()}
        assert grade_slot(variant, right).score == variant.points
        for mistake, answers in candidate.expected.mistakes.items():
            for part, readings in answers.items():
                for reading in readings:
                    grade = next(grade for grade in grade_slot(variant, {**right, part: to_json(reading)}).parts if grade.part == part)
                    assert mistake in grade.mistakes
                    assert not {"{", "…", "None"} & set(grade.feedback.en.split()), grade.feedback.en
                    assert "…" not in grade.feedback.en + grade.feedback.zh, "a name of the words had no value"
