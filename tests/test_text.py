"""Sentences in both languages, and outside text made fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import Text, both, visible


def test_a_sentence_is_read_by_language() -> None:
    text = Text("three", "三")
    assert (text["en"], text["zh"]) == ("three", "三")
    assert text.to_json() == {"en": "three", "zh": "三"}


def test_values_are_put_in_as_they_are() -> None:
    # A student's braces are data: they are never looked up or formatted again.
    assert Text("got {answer}", "得到 {answer}").fill(answer="{key} {0}") == Text("got {key} {0}", "得到 {key} {0}")


def test_chinese_sentences_follow_without_a_space() -> None:
    assert Text("One.", "一。") + Text("Two.", "二。") == Text("One. Two.", "一。二。")
    assert both("5") + Text("", "") == both("5")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("3 × 4", "3 × 4", id="plain"),
        pytest.param("二", "二", id="chinese"),
        pytest.param("a\nb\r\tc", "a·b··c", id="line-breaks"),
        pytest.param("\x1b[31mred", "·[31mred", id="terminal-colour"),
        pytest.param("\u202egnp", "·gnp", id="right-to-left-override"),
        pytest.param("a\u200bb\u2028c\u2029", "a·b·c·", id="zero-width-and-separators"),
        pytest.param("\ud800\ue000", "··", id="surrogate-and-private-use"),
        pytest.param("::error::x", ":·:error:·:x", id="ci-command"),
        pytest.param("", "", id="empty"),
    ],
)
def test_visible(raw: str, expected: str) -> None:
    assert visible(raw) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(9, "x" * 9, id="shorter"),
        pytest.param(10, "x" * 10, id="as-long"),
        pytest.param(11, "x" * 9 + "…", id="longer"),
    ],
)
def test_visible_is_cut_at_the_limit(length: int, expected: str) -> None:
    assert visible("x" * length, limit=10) == expected


@given(st.text(max_size=200), st.integers(2, 130))
def test_visible_is_safe_whatever_comes(raw: str, limit: int) -> None:
    shown = visible(raw, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for character in shown)
    assert not shown.startswith("::")
