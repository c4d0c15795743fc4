"""What many variants of an exercise show: how often wrong methods are right, which never come apart, where keys lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.course.values import Answer, cells
from grader.variants.draw import Candidate
from grader.variants.separate import Separation, gives_key

RANKS = 5

Group = tuple[Candidate, ...]
"""Variants drawn together; one for a slot on its own."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a wrong method gave the right answer, of the variants it applies to."""

    right: int
    applies: int

    @property
    def share(self) -> float:
        return self.right / self.applies if self.applies else 0.0


def rates(groups: Sequence[Group]) -> dict[str, Rate]:
    """For each wrong method: in how many groups it applies somewhere, and gives the right answers everywhere."""
    right: Counter[str] = Counter()
    applies: Counter[str] = Counter()
    for group in groups:
        for name in {name for candidate in group for name in candidate.expected.mistakes}:
            applies[name] += 1
            right[name] += all(name not in c.expected.mistakes or gives_key(c.expected, name) for c in group)
    return {name: Rate(right[name], applies[name]) for name in sorted(applies)}


def never_apart(groups: Sequence[Group], separations: Sequence[Separation]) -> dict[tuple[str, str], str]:
    """Pairs of wrong methods that gave the same answers in every draw where both apply, and why."""
    together = Counter(pair for found in separations for pair in found.together)
    met: Counter[tuple[str, str]] = Counter()
    for group in groups if together else ():
        names = {name for candidate in group for name in candidate.expected.mistakes}
        met.update(pair for pair in together if names.issuperset(pair))
    return {
        pair: f"the same answers on all {count} draws where both apply: one method written twice, or a range too narrow"
        for pair, count in sorted(together.items())
        if count == met[pair]
    }


def key_bands(drawn: Sequence[Candidate]) -> dict[str, tuple[Any, Any]]:
    """The least and the greatest number in each part's key."""
    found: dict[str, list[Any]] = {}
    for candidate in drawn:
        for part, answer in candidate.expected.key.items():
            found.setdefault(part, []).extend(_numbers(answer))
    return {part: (min(numbers), max(numbers)) for part, numbers in found.items() if numbers}


def key_ranks(drawn: Sequence[Candidate]) -> dict[str, tuple[int, ...]]:
    """Where an integer key lies among the wrong answers to it: a key that is always the second lowest could be guessed."""
    found: dict[str, list[int]] = {}
    for candidate in drawn:
        for part, key in candidate.expected.key.items():
            wrong = [r for answers in candidate.expected.mistakes.values() for r in answers.get(part, ()) if isinstance(r, (int, Fraction))]
            if isinstance(key, int) and len(wrong) > 1:
                below = sum(answer < key for answer in wrong)
                bins = found.setdefault(part, [0] * RANKS)
                bins[min(RANKS - 1, below * RANKS // (len(wrong) + 1))] += 1
    return {part: tuple(bins) for part, bins in found.items()}


def _numbers(answer: Answer) -> list[Any]:
    values = answer if isinstance(answer, tuple) else cells(answer)
    return [value for value in values if isinstance(value, (int, Fraction))]
