"""Copy signals as printed, word for word: which slots, whose numbers, the chance, and that it is only a hint."""

from __future__ import annotations

import math

import pytest

from grader.classroom.copies import Copies, CopySignal, SharedAnswer
from grader.classroom.whose import Owner
from grader.reports.copies import copies_text, odds, sentence, whose_text

SIGNAL = CopySignal(
    student="ada",
    attempt=1,
    source="alan",
    answers=(SharedAnswer(slot="conv-array", part="output", chance=1e-9), SharedAnswer(slot="size-1", part="output_size", chance=0.1)),
    unexplained=3,
    log10_chance=-14.7,
)


def test_word_for_word() -> None:
    found = Copies(students=300, answers=41, pairs=5980, signals=(SIGNAL,))
    assert copies_text(found) == (
        """\
student  numbers of  slots  of  chance below               which
────────────────────────────────────────────────────────────────
ada      alan            2   3    1 in 10^14  conv-array, size-1

ada: the answers to conv-array, size-1 (2 of 3 slots with wrong answers that the student's own numbers do not explain) are what alan's numbers lead to; \
in a class that does not copy, the chance of any such pair is below 1 in 10^14.

students 300, unexplained wrong answers 41, pairs compared 5980; a pair is shown where the chance of any such pair is below 0.001. \
A signal is a hint: look at both sheets and ask. Nothing is taken off for it."""
    )
    assert sentence(SIGNAL).zh == (
        "ada：conv-array、size-1 的答案（自己的数据无法解释其错误的 3 题中的 2 题）恰是由 alan 的数据得出的；在没有抄袭的班级中，出现任何这样一对的概率低于 10^14 分之一。"
    )


def test_no_signal() -> None:
    assert copies_text(Copies(students=3, answers=1, pairs=2, signals=())) == "no copy signals (students 3, unexplained wrong answers 1, pairs compared 2)"


@pytest.mark.parametrize(
    ("chance", "shown"),
    [(-3.0, "1,000"), (math.log10(1 / 2500.9), "2,500"), (-5.9999, "999,769"), (-6.5, "10^6"), (-400.2, "10^400")],
)
def test_odds_never_say_less_likely_than_it_is(chance: float, shown: str) -> None:
    assert odds(chance) == shown
    said = shown.replace(",", "")
    assert (float(said.removeprefix("10^")) if "^" in said else math.log10(int(said))) <= -chance + 1e-12


def test_whose() -> None:
    found = [
        Owner(student="ada", slot="size-1", attempt=1, exercise="output-size", exact=True),
        Owner(student="alan", slot="conv", attempt=12, exercise="conv-array", exact=False),
    ]
    assert whose_text(found) == (
        """\
student  slot    attempt   fits
───────────────────────────────
ada      size-1        1  exact
alan     conv         12   part"""
    )
    assert whose_text([]) == "nobody was given these values"


def test_hostile_names_are_made_visible() -> None:
    evil = "a\n::set-output\x1b[31m\u202e{0}" + "x" * 500
    answers = (SharedAnswer(slot=evil, part="p", chance=0.1),)
    signal = CopySignal(student=evil, attempt=1, source=evil, answers=answers, unexplained=1, log10_chance=-4)
    texts = [copies_text(Copies(students=2, answers=1, pairs=1, signals=(signal,))), sentence(signal).zh]
    texts.append(whose_text([Owner(student=evil, slot=evil, attempt=1, exercise=evil, exact=True)]))
    for text, lines in zip(texts, (7, 1, 3), strict=True):
        assert not {"\x1b", "\u202e"} & set(text)
        assert not any(line.startswith("::") for line in text.splitlines())
        assert len(text.splitlines()) == lines
        assert max(map(len, text.splitlines())) < 500
