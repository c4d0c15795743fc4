"""Separation: only variants where the right answer means the right method.

A candidate is refused where a wrong method that applies gives the key. Among accepted ones the one that tells
most wrong methods from one another is taken. One size question can never tell all of them apart (domain: any
rounding to nearest equals rounding up or down), so slots with `count: n` are chosen together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from grader.course.exercise import ById, Exercise
from grader.course.expected import Expected
from grader.variants.draw import Candidate, Refusals, candidates
from grader.variants.stream import stream_key

LIMIT = 400  # candidates tried for one slot before giving up with a named error
CHOICES = 3  # accepted candidates compared for one slot
POOL = 10  # candidates of which all groups are compared
GROUPS = 2000  # groups compared for slots drawn together
PROBES = 192

Seen = Callable[[Candidate], None]
"""Told of every candidate that keeps to the rules, accepted or not."""

Pair = tuple[str, str]
Pattern = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a slot, or the slots of one entry together, tell wrong methods apart."""

    shown: frozenset[str]  # wrong methods that could not give the right answers here
    hidden: frozenset[str]  # wrong methods that apply, and give the right answers here
    together: frozenset[Pair]  # pairs that give the same answers here
    classes: int = 0  # how many different answers the wrong methods give

    @property
    def rank(self) -> tuple[int, int]:
        return (-len(self.hidden), -len(self.together))


def separation(group: Sequence[Expected]) -> Separation:
    """What a group of variants of one exercise tells apart.

    A wrong method that does not apply to one of them gives the key there, as its user would.
    """
    names = list(dict.fromkeys(name for expected in group for name in expected.mistakes))
    key = _across(group, None)
    patterns = {name: _across(group, name) for name in names}
    hidden = frozenset(name for name in names if patterns[name] == key or (len(group) == 1 and gives_key(group[0], name)))
    seen: dict[Pattern, list[str]] = {}
    for name in names:
        seen.setdefault(patterns[name], []).append(name)
    together = frozenset(pair for same in seen.values() for pair in combinations(sorted(same), 2))
    return Separation(frozenset(names) - hidden, hidden, together, len(seen))


def _across(group: Sequence[Expected], name: str | None) -> Pattern:
    """The answers to a whole group of one who uses the method `name`, or (None) the right one."""
    return tuple(expected.patterns.get(name, expected.patterns[None]) for expected in group)


def gives_key(expected: Expected, name: str) -> bool:
    """Whether a wrong method gives the right answer to a part it should get wrong."""
    return any(expected.key[part] in readings for part, readings in expected.mistakes.get(name, {}).items())


def _unseen(candidate: Candidate) -> None:
    """Nobody asked."""


def draw_single(exercise: Exercise, key: bytes, seen: Seen = _unseen) -> Candidate:
    """The variant of one slot.

    Raises:
        CourseError: no candidate can be handed out; says what blocks.
    """
    best, rank = None, (0, 0)
    refusals = Refusals({}, {})
    for accepted, candidate in enumerate(acceptable(exercise, key, refusals, seen=seen), start=1):
        found = separation([candidate.expected])
        if best is None or found.rank > rank:
            best, rank = candidate, found.rank
        if rank == (0, 0) or accepted == CHOICES:
            break
    if best is None:
        raise refusals.error(exercise, LIMIT)
    return best


def draw_group(exercise: Exercise, key: bytes, count: int, seen: Seen = _unseen) -> tuple[Candidate, ...]:
    """The variants of slots drawn together: every wrong method differs from the key in at least one of them.

    Acceptable candidates are collected one by one; the first group among them that tells everything apart is taken, else the best.

    Raises:
        CourseError: no group shows every wrong method that the exercise's draw can show; names those it cannot.
    """
    wanted = showable(exercise)
    best: tuple[Candidate, ...] = ()
    rank = (-(10**6), 0)
    refusals = Refusals({}, {})
    pool: list[Candidate] = []
    numbers: dict[Pattern, int] = {}  # answers as small numbers: hundreds of groups are compared
    rows: list[list[int]] = []  # for each candidate of the pool, the right answers and those of each wrong method
    tried = 0
    for candidate in acceptable(exercise, key, refusals, LIMIT * count, seen):
        if any(candidate.given == other.given for other in pool):
            continue
        patterns = candidate.expected.patterns
        row = [numbers.setdefault(patterns.get(name, patterns[None]), len(numbers)) for name in (None, *wanted.shown)]
        for others in combinations(range(len(pool)), count - 1):
            tried += 1
            if (found := _group_rank([*(rows[other] for other in others), row], wanted.classes)) > rank:
                best, rank = (*(pool[other] for other in others), candidate), found
            if rank == (0, 0):
                return best
        pool.append(candidate)
        rows.append(row)
        if tried >= GROUPS:
            break
        if len(pool) >= max(POOL, count + 2):
            rows.clear()
            pool.clear()  # the groups of a few candidates are much alike: where none is good enough, others are more likely to be
    if not best and pool:
        what = f"only {len(pool)} different variants can be drawn, and {count} slots need one each"
        raise exercise.fault(("draw",), what, "widen the ranges of `draw`, or lower `count`")
    if not best:
        raise refusals.error(exercise, LIMIT * count)
    if rank[0] < 0:
        lost = ", ".join(sorted(wanted.shown - separation([member.expected for member in best]).shown))
        cure = "raise `count`, or widen the ranges of `draw`"
        raise exercise.fault(("draw",), f"{count} slots together never show {lost}", cure)
    return best


def _group_rank(rows: Sequence[Sequence[int]], classes: int) -> tuple[int, int]:
    """(0, 0) where a group shows all that the exercise can show; below it by wrong methods hidden, then by those not told apart.

    Args:
        rows: for each member, its answers as numbers: the right ones, then those of each wrong method.
        classes: how many kinds of wrong answers the exercise can tell apart.
    """
    key, *patterns = zip(*rows, strict=True)
    return (-patterns.count(key), min(0, len(set(patterns)) - classes))


def acceptable(exercise: Exercise, key: bytes, refusals: Refusals, limit: int = LIMIT, seen: Seen = _unseen) -> Iterator[Candidate]:
    """Candidates that no applicable wrong method answers rightly, but for those the exercise says may."""
    for candidate in candidates(exercise, key, limit, refusals):
        seen(candidate)
        hiding = next((name for name in candidate.expected.mistakes if name not in exercise.may_coincide and gives_key(candidate.expected, name)), None)
        if hiding is None:
            yield candidate
        else:
            refusals.add(f"the wrong method '{hiding}' gives the right answer", candidate.given)


def showable(exercise: Exercise) -> Separation:
    """What the exercise's draw can show at all, found by drawing a fixed row of probes: `together` never came apart."""
    return _showable(ById(exercise))


@lru_cache(maxsize=256)
def _showable(holder: ById) -> Separation:
    exercise = holder.exercise
    key = stream_key(b"probe", exercise.draw_version, exercise.id)
    return separation([candidate.expected for candidate in acceptable(exercise, key, Refusals({}, {}), PROBES)])
