"""Prompts and feedback in a student's numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.course.expressions import ExpressionError
from grader.course.templates import Words, shown, template
from grader.text import Text

LAYERS = [{"type": "conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": 5}, {"type": "relu"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A {i}×{i} input", "A 7×7 input", id="names"),
        pytest.param("{(i + 2*p - k) / s + 1}", "3.5", id="fraction-as-decimal"),
        pytest.param("{i / 3}", "7/3", id="fraction-without-end"),
        pytest.param("{ i }", "7", id="spaces-in-braces"),
        pytest.param("no holes", "no holes", id="plain"),
        pytest.param("", "", id="empty"),
        pytest.param("{i}{k}", "72", id="side-by-side"),
        pytest.param("{stride}", "1×2", id="size-per-axis"),
        pytest.param("{i > k}", "True", id="truth-as-in-torch"),
        pytest.param("{stride}\n{layers}", "1×2\n1. Conv2d(3, 8, kernel_size=5)\n2. ReLU()", id="layers"),
    ],
)
def test_render(text: str, expected: str) -> None:
    assert template(text).render({"i": 7, "k": 2, "s": 2, "p": 0, "stride": [1, 2], "layers": LAYERS}) == expected


def test_what_a_value_says_is_never_a_template() -> None:
    assert template("got {answer}").render({"answer": "{key}"}) == "got {key}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("A {i×", "a brace stands alone in 'A {i×'; write {name} or no brace", id="left-open"),
        pytest.param("A i}×{k}", "a brace stands alone in 'A i}×'; write {name} or no brace", id="closed-only"),
        pytest.param("{{i}}", "a brace stands alone in '{'; write {name} or no brace", id="doubled"),
    ],
)
def test_lone_braces(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        template(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["{}", "{i.x}", "{i!r}", "{i:>5}", "{0[a]}", "{'a'}"])
def test_only_the_expression_language_stands_in_braces(text: str) -> None:
    with pytest.raises(ExpressionError, match="use names, integers"):
        template(text)


def test_both_languages_are_filled() -> None:
    words = Words(template("{i} cells"), template("{k} 格"))
    assert words.names == {"i", "k"}
    assert words.render({"i": 7, "k": 3}) == Text("7 cells", "3 格")
    with pytest.raises(ExpressionError, match="'k' uses 'k', which has no value here"):
        words.render({"i": 7})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(5, "5", id="int"),
        pytest.param(Fraction(6, 2), "3", id="whole-fraction"),
        pytest.param(Fraction(-7, 2), "-3.5", id="negative-half"),
        pytest.param(Fraction(1, 8), "0.125", id="eighth"),
        pytest.param(Fraction(1, 10_000), "0.0001", id="four-places"),
        pytest.param(Fraction(1, 100_000), "1/100000", id="five-places"),
        pytest.param(Fraction(10), "10", id="zeros-kept"),
        pytest.param([2, 3], "2×3", id="size"),
        pytest.param((Fraction(7, 2), 3), "3.5×3", id="fractions-per-axis"),
        pytest.param([[1, 2]], "[[1, 2]]", id="array"),
        pytest.param(False, "False", id="false-as-in-torch"),
        pytest.param("same", "same", id="text"),
    ],
)
def test_shown(value: Any, expected: str) -> None:
    assert shown(value) == expected
