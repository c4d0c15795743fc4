"""Which wrong methods questions on layers and stacks recognise, when each could show, and the words."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.expressions import Expression
from grader.course.solution import Implausible
from grader.course.values import to_json
from grader.marking.slot import grade_slot, variant_of
from grader.variants.draw import Candidate, Refusals
from grader.variants.separate import acceptable
from grader.variants.stream import stream_key
from tests.conftest import ROOT

Given = dict[str, Any]
Layer = dict[str, Any]


@lru_cache(maxsize=8)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


# The known wrong methods of T14, T18, T19 and T22, with those of T6, T15 and T17 that such questions can show.
MISTAKES = {
    "layer-shape": [
        "nhwc", "weight-in-out", "batch-lost", "batch-added", "c-out-is-c-in", "c-product", "hw-swapped", "groups-ignored", "stride-ignored",
        "pad-once", "pad-ignored", "no-plus1", "ceil", "dil-ignored",
    ],
    "grouped": [
        "groups-ignored", "divide-twice", "depthwise-assumed", "times-g", "out-divided", "weight-in-out", "no-bias", "bias-per-group", "bias-counted",
    ],
    "stack-shapes": [
        "fraction-carried", "relu-halves", "flatten-hw-only", "flatten-side-only", "no-plus1", "ceil", "pad-once", "pad-ignored", "stride-ignored",
        "same-thinking", "hw-swapped", "channels-kept", "dil-ignored", "stride-default-1", "n-over-s", "ceil-ignored", "channels-halved",
        "pad-after", "stride-added", "stride-is-gap", "kernel-ignored", "kernel-term-lost",
    ],
    "stack-parameters": [
        "pool-has-params", "fc-bias-forgotten", "fc-in-is-channels", "bn-counts-4c", "bn-zero", "no-bias", "bias-once", "cin-ignored", "bias-per-slice",
        "k-not-squared", "one-filter", "times-HW", "untied-bias", "bias-counted", "groups-ignored",
    ],
}  # fmt: skip
PARTS = {
    "layer-shape": ["output_shape", "weight_shape"],
    "grouped": ["weight_shape", "total"],
    "stack-shapes": ["layer", "flattened"],
    "stack-parameters": ["layer", "total"],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_every_wrong_method_is_recognised(name: str) -> None:
    assert sorted(exercise(name).mistakes) == sorted(MISTAKES[name]) == sorted(exercise(name).solution.mistakes)
    assert all(Fraction(1, 4) <= policy.credit <= Fraction(3, 4) for policy in exercise(name).mistakes.values())


@pytest.mark.parametrize("name", PARTS)
def test_parts_and_levels(name: str) -> None:
    assert [part.id for part in exercise(name).parts] == PARTS[name]
    levels = exercise(name).every_level
    assert [level.level for level in levels] == [1, 2, 3]
    assert not any(level.may_coincide for level in levels), "no question is right by a wrong method"
    assert not frozenset.intersection(*(level.only_pinned for level in levels)), "each wrong method is seen on some level"


# When a wrong method could show: by the arguments alone


def applicable(name: str, **values: Any) -> set[str]:
    solution = exercise(name).solution
    return {method.name for method in solution.mistakes.values() if method.fits(solution.values(values))}


def stack(*layers: Layer, input_shape: tuple[int, int, int] = (3, 8, 10)) -> Given:
    return {"input_shape": list(input_shape), "layers": list(layers)}


def conv(**arguments: Any) -> Layer:
    return {"type": "conv2d", "out_channels": 4, "kernel_size": 3, **arguments}


RELU: Layer = {"type": "relu"}
POOL: Layer = {"type": "max_pool2d", "kernel_size": 2}
FLAT: Layer = {"type": "flatten"}
LINEAR: Layer = {"type": "linear", "out_features": 5}
ALWAYS = {"no-plus1", "nhwc"}
MAP = {"flatten-hw-only", "flatten-side-only", "hw-swapped"}
COUNTED = {"no-bias", "bias-once", "bias-per-slice", "untied-bias", "cin-ignored", "k-not-squared", "one-filter", "times-HW"}
SHOWN: list[tuple[str, str, Given, set[str]]] = [
    ("layer-shape", "nothing-special", {"input_shape": [1, 3, 8, 8], "out_channels": 3, "kernel_size": 3}, ALWAYS | {"batch-lost", "c-product"}),
    ("layer-shape", "one-channel-unbatched", {"input_shape": [1, 8, 8], "out_channels": 2, "kernel_size": 3}, ALWAYS | {"batch-added", "c-out-is-c-in", "weight-in-out"}),
    ("layer-shape", "oblong-kernel", {"input_shape": [3, 8, 8], "out_channels": 3, "kernel_size": [3, 5]}, ALWAYS | {"batch-added", "c-product", "hw-swapped"}),
    ("layer-shape", "padding-stride-a-rest", {"input_shape": [3, 8, 8], "out_channels": 3, "kernel_size": 3, "stride": 2, "padding": 1}, ALWAYS | {"batch-added", "c-product", "pad-once", "pad-ignored", "stride-ignored", "ceil"}),
    ("layer-shape", "one-place-no-stride-shows", {"input_shape": [3, 3, 3], "out_channels": 3, "kernel_size": 3, "stride": 2}, ALWAYS | {"batch-added", "c-product"}),
    ("layer-shape", "groups-and-dilation", {"input_shape": [4, 9, 9], "out_channels": 4, "kernel_size": 3, "dilation": 2, "groups": 2}, ALWAYS | {"batch-added", "c-product", "groups-ignored", "dil-ignored", "weight-in-out"}),
    ("layer-shape", "a-kernel-of-1-cannot-be-dilated", {"input_shape": [4, 9, 9], "out_channels": 4, "kernel_size": 1, "dilation": 2}, ALWAYS | {"batch-added", "c-product"}),
    ("grouped", "no-groups", {"in_channels": 4, "out_channels": 6, "kernel_size": 3}, {"weight-in-out", "no-bias", "bias-per-group", "depthwise-assumed"}),
    ("grouped", "groups", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "groups": 2}, set(MISTAKES["grouped"]) - {"bias-counted"}),
    ("grouped", "depthwise", {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 4}, {"groups-ignored", "divide-twice", "times-g", "out-divided", "weight-in-out", "no-bias"}),
    ("grouped", "no-bias", {"in_channels": 4, "out_channels": 2, "kernel_size": 3, "groups": 2, "bias": False}, {"groups-ignored", "divide-twice", "depthwise-assumed", "times-g", "out-divided", "bias-counted"}),
    ("stack-shapes", "a-convolution", stack(conv()), MAP | {"no-plus1", "same-thinking", "channels-kept", "kernel-ignored"}),
    ("stack-shapes", "a-convolution-that-keeps-the-size", stack(conv(padding=1)), MAP | {"no-plus1", "channels-kept", "pad-once", "pad-ignored", "kernel-ignored"}),
    ("stack-shapes", "channels-stay", stack(conv(out_channels=3)), MAP | {"no-plus1", "same-thinking", "kernel-ignored"}),
    ("stack-shapes", "relu-alone", stack(RELU), MAP | {"relu-halves"}),
    ("stack-shapes", "pooling", stack(POOL), MAP | {"no-plus1", "stride-default-1", "channels-halved", "stride-added"}),
    ("stack-shapes", "pooling-with-its-stride", stack({**POOL, "stride": 2}), MAP | {"no-plus1", "channels-halved", "stride-added", "stride-is-gap"}),
    ("stack-shapes", "pooling-with-a-rest", stack({**POOL, "kernel_size": 3}), MAP | {"no-plus1", "stride-default-1", "channels-halved", "ceil", "fraction-carried", "stride-added"}),
    ("stack-shapes", "overlapping", stack({**POOL, "kernel_size": 3, "stride": 1}), MAP | {"no-plus1", "n-over-s", "channels-halved", "kernel-term-lost"}),
    ("stack-shapes", "ceil-mode", stack({**POOL, "kernel_size": 3, "ceil_mode": True}), MAP | {"no-plus1", "stride-default-1", "channels-halved", "ceil-ignored", "fraction-carried", "stride-added", "kernel-term-lost"}),
    ("stack-shapes", "strided-and-dilated", stack(conv(stride=2, dilation=2)), MAP | {"no-plus1", "channels-kept", "same-thinking", "stride-ignored", "dil-ignored", "ceil", "fraction-carried", "kernel-ignored", "stride-added", "stride-is-gap"}),
    ("stack-shapes", "same-is-same-whatever-the-dilation", stack(conv(padding="same", dilation=2)), MAP | {"no-plus1", "channels-kept", "pad-once", "pad-ignored", "kernel-ignored"}),
    ("stack-shapes", "padded-and-strided", stack(conv(padding=1, stride=[1, 2])), MAP | {"no-plus1", "channels-kept", "pad-once", "pad-ignored", "pad-after", "stride-ignored", "stride-added", "stride-is-gap", "kernel-ignored", "ceil", "fraction-carried"}),
    ("stack-shapes", "square", stack(RELU, input_shape=(3, 8, 8)), {"relu-halves", "flatten-hw-only", "flatten-side-only"}),
    ("stack-shapes", "one-channel", stack(RELU, input_shape=(1, 8, 8)), {"relu-halves", "flatten-side-only"}),
    ("stack-shapes", "one-cell", stack(RELU, input_shape=(3, 1, 1)), {"relu-halves", "flatten-hw-only"}),
    ("stack-shapes", "flattened-in-a-layer", stack(FLAT, LINEAR), {"flatten-hw-only", "flatten-side-only"}),
    ("stack-parameters", "a-convolution", stack(conv()), COUNTED),
    ("stack-parameters", "one-channel", stack(conv(), input_shape=(1, 8, 8)), COUNTED - {"cin-ignored", "bias-per-slice"}),
    ("stack-parameters", "one-filter", stack(conv(out_channels=1)), COUNTED - {"bias-once", "one-filter"}),
    ("stack-parameters", "one-place", stack(conv(), input_shape=(3, 3, 3)), COUNTED - {"untied-bias", "times-HW"}),
    ("stack-parameters", "1x1", stack(conv(kernel_size=1)), COUNTED - {"k-not-squared"}),
    ("stack-parameters", "no-bias", stack(conv(bias=False)), {"bias-counted", "cin-ignored", "k-not-squared", "one-filter", "times-HW"}),
    ("stack-parameters", "groups", stack(conv(groups=2, out_channels=2), input_shape=(2, 8, 8)), COUNTED - {"cin-ignored", "bias-per-slice"} | {"groups-ignored"}),
    ("stack-parameters", "pooling-and-normalization", stack(POOL, {"type": "batch_norm2d"}), {"pool-has-params", "bn-counts-4c", "bn-zero"}),
    ("stack-parameters", "normalization-without-parameters", stack({"type": "batch_norm2d", "affine": False}), set()),
    ("stack-parameters", "the-way-to-a-linear-layer", stack(FLAT, RELU, LINEAR), {"fc-in-is-channels", "fc-bias-forgotten"}),
    ("stack-parameters", "a-map-of-one-cell", stack(FLAT, LINEAR, input_shape=(3, 1, 1)), {"fc-bias-forgotten"}),
    ("stack-parameters", "linear-on-rows", stack({**LINEAR, "bias": False}), {"bias-counted"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "expected"), [pytest.param(name, values, expected, id=f"{name}-{what}") for name, what, values, expected in SHOWN])
def test_when_a_wrong_method_could_show(name: str, values: Given, expected: set[str]) -> None:
    exercise(name).expect(values)
    assert applicable(name, **values) == expected


# What a wrong method leads to, in numbers that can be followed by hand


@pytest.mark.parametrize(
    ("name", "values", "mistake", "expected"),
    [
        pytest.param("layer-shape", {"input_shape": [2, 3, 9, 12], "out_channels": 8, "kernel_size": 3}, "nhwc", {"output_shape": ((2, 7, 10, 8),), "weight_shape": ((3, 3, 3, 8),)}, id="nhwc"),
        pytest.param("layer-shape", {"input_shape": [2, 3, 9, 12], "out_channels": 8, "kernel_size": 3}, "c-product", {"output_shape": ((2, 24, 7, 10),)}, id="c-product"),
        pytest.param("layer-shape", {"input_shape": [2, 4, 9, 12], "out_channels": 8, "kernel_size": 3, "groups": 2}, "weight-in-out", {"weight_shape": ((2, 8, 3, 3), (4, 4, 3, 3))}, id="weight-in-out"),
        pytest.param("grouped", {"in_channels": 8, "out_channels": 12, "kernel_size": 3, "groups": 4}, "divide-twice", {"weight_shape": ((3, 2, 3, 3),), "total": (66, 57)}, id="divide-twice"),
        pytest.param("grouped", {"in_channels": 8, "out_channels": 12, "kernel_size": 3, "groups": 4}, "times-g", {"weight_shape": ((12, 32, 3, 3),), "total": (3468,)}, id="times-g"),
        pytest.param("stack-shapes", stack(conv(), POOL, input_shape=(1, 9, 12)), "ceil", {"layer_2": ((4, 4, 5),), "flattened": (80,)}, id="ceil-shows-where-it-does"),
        pytest.param("stack-shapes", stack(conv(), POOL, input_shape=(1, 9, 12)), "fraction-carried", {"layer_2": ((4, Fraction(7, 2), 5),), "flattened": (70,)}, id="a-fraction-at-the-end"),
        pytest.param("stack-shapes", stack(POOL, POOL, input_shape=(1, 7, 8)), "stride-default-1", {"layer_1": ((1, 6, 7),), "layer_2": ((1, 5, 6),), "flattened": (30,)}, id="stride-1-carried-along"),
        pytest.param("stack-shapes", stack(conv(), FLAT, LINEAR, input_shape=(1, 9, 12)), "flatten-hw-only", {"layer_2": ((70,),)}, id="linear-hides-what-was-flattened"),
        pytest.param("stack-shapes", stack(conv(padding=1), conv(), input_shape=(1, 3, 4)), "pad-ignored", {"layer_1": ((4, 1, 2),)}, id="it-ends-where-no-kernel-fits"),
        pytest.param("stack-parameters", stack(conv(), POOL, FLAT, LINEAR), "fc-in-is-channels", {"layer_4": (25,), "total": (137,)}, id="fc-in-is-channels"),
        pytest.param("stack-parameters", stack(POOL, input_shape=(2, 8, 8)), "pool-has-params", {"layer_1": (4, 8, 18), "total": (4, 8, 18)}, id="pool-has-params"),
        pytest.param("stack-parameters", stack({"type": "batch_norm2d"}), "bn-counts-4c", {"layer_1": (12,), "total": (12,)}, id="bn-counts-4c"),
        pytest.param("stack-parameters", stack(conv(), FLAT, LINEAR, input_shape=(1, 3, 3)), "no-bias", {"layer_1": (36,), "total": (61, 56)}, id="the-total-shows-which-biases"),
    ],
)  # fmt: skip
def test_what_a_wrong_method_leads_to(name: str, values: Given, mistake: str, expected: dict[str, tuple[Any, ...]]) -> None:
    assert exercise(name).expect(values).mistakes[mistake] == expected


@pytest.mark.parametrize(
    ("name", "part", "arguments", "expected"),
    [
        pytest.param("grouped", "total", {"weight_shape": (12, 8, 3, 3)}, 876, id="groups-forgotten"),
        pytest.param("grouped", "total", {"weight_shape": (12, 8, 3)}, None, id="other-axes"),
        pytest.param("grouped", "total", {"weight_shape": (12, -2, 3, 3)}, None, id="negative"),
        pytest.param("grouped", "total", {"weight_shape": (1, 1, 3, 3)}, None, id="fewer-numbers-than-channels"),
        pytest.param("grouped", "total", {"weight_shape": (10**4, 10**4, 3, 3)}, None, id="far-too-many"),
    ],
)
def test_a_total_from_the_student_s_own_weight(name: str, part: str, arguments: Given, expected: Any) -> None:
    values = {"in_channels": 8, "out_channels": 12, "kernel_size": 3, "bias": True, **arguments}
    method = exercise(name).solution.follow[part].function
    if expected is None:
        with pytest.raises(Implausible):
            method(**values)
    else:
        assert method(**values) == expected


# Words

CONVENTIONS = {
    "layer-shape": [("batch if there is one", "如有批量"), ("padding is on each side", "每一边都填充"), ("dilation 1 means no gaps", "膨胀率 1 表示不膨胀"), ("left out", "舍去")],
    "grouped": [("each output channel has one", "每个输出通道一个")],
    "stack-shapes": [("without the batch", "不写批量维度"), ("padding is on each side", "每一边都填充"), ("means no gaps", "表示不膨胀"), ("unless ceil_mode=True", "除非 ceil_mode=True"), ("the kernel for pooling", "池化窗口的大小")],
    "stack-parameters": [("biases counted", "包括偏置"), ("one bias for each output channel", "每个输出通道有一个偏置"), ("Running statistics are not learned", "不是学习得到的")],
}  # fmt: skip


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


def test_layers_read_as_torch_writes_them() -> None:
    candidate = candidates_of("stack-shapes", 1)[-1]
    text = exercise("stack-shapes").prompt.render(exercise("stack-shapes").names(candidate.given))
    for line in (
        "1. Conv2d(3, ",
        "2. BatchNorm2d(",
        "3. ReLU()",
        "4. MaxPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=",
        "8. Flatten()",
        "9. Linear(out_features=",
    ):
        assert line in text.en
        assert line in text.zh


@pytest.mark.parametrize("name", MISTAKES)
def test_words_compute_nothing(name: str) -> None:
    """So they give no key away: a hole is the answer, or a name of given."""
    for policy in exercise(name).mistakes.values():
        holes = [piece.text for text in (policy.words.en, policy.words.zh) for piece in text.pieces if isinstance(piece, Expression)]
        assert holes
        assert all(hole.isidentifier() for hole in holes), holes


@pytest.mark.parametrize("name", MISTAKES)
def test_every_answer_is_graded_with_words_in_both_languages(name: str) -> None:
    for candidate in candidates_of(name, 3):
        variant = variant_of(exercise(name), dict(candidate.given))
        right = {part: to_json(answer) for part, answer in candidate.expected.key.items()}
        assert grade_slot(variant, right).score == variant.points
        for mistake, answers in candidate.expected.mistakes.items():
            for part, readings in answers.items():
                for reading in readings:
                    grade = next(grade for grade in grade_slot(variant, {**right, part: to_json(reading)}).parts if grade.part == part)
                    assert mistake in grade.mistakes
                    assert grade.credit < 1
                    assert "None" not in grade.feedback.en.split()
                    assert not {"{", "}"} & set(grade.feedback.en + grade.feedback.zh)
