"""A list of numbers whose length is part of the question: what an answer earns that no wrong method explains."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from grader.marking.answer import text_of
from grader.text import Text

HALF = Fraction(1, 2)
DISORDER = Fraction(3, 4)  # all numbers right, in another order than asked


def unexplained(answer: tuple[Any, ...], key: tuple[Any, ...]) -> tuple[Fraction, Text]:
    """The credit and the words: numbers that are right less those that are wrong, out of all that are right; nothing below half.

    How many numbers the key has is never said.
    """
    right = sum((Counter(answer) & Counter(key)).values())
    wrong = len(answer) - right
    if not wrong and right == len(key):
        return DISORDER, ORDER.fill(answer=text_of(answer))
    share = max(Fraction(right - wrong, len(key)), Fraction(0))
    words = NONE if not right else MISSING if not wrong else SOME
    return share if share >= HALF else Fraction(0), words.fill(answer=text_of(answer), right=right, count=len(answer))


ORDER = Text("You got {answer}: the numbers are right, and they stand in another order than asked.", "你的答案是 {answer}：这些数都正确，但顺序与要求不符。")
MISSING = Text(
    "You got {answer}: that is right as far as it goes, and not all. Try the numbers next to these.",
    "你的答案是 {answer}：写出的都正确，但不完整。请再试试相邻的数。",
)
SOME = Text(
    "You got {answer}: {right} of these {count} numbers are right. Put each into the question and see which hold; then try the numbers next to those.",
    "你的答案是 {answer}：这 {count} 个数中有 {right} 个正确。请把每个数代入题目检验哪些成立，再试试相邻的数。",
)
NONE = Text(
    "You got {answer}: none of these numbers is right, and no known wrong method leads to them. Put one into the question and see what comes out.",
    "你的答案是 {answer}：这些数都不正确，也没有已知的错误方法会得到它们。请把其中一个代入题目，看看结果如何。",
)
