"""T10, T12, T13, T16, T21 (values), T26–T30: wrong methods against plain Python. Their keys: test_second_ways.py."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.solution import OneOf
from grader.course.values import cells, plain
from grader.variants.draw import Refusals, candidates
from grader.variants.stream import stream_key
from tests.conftest import ROOT
from tests.solutions.array_cases import CASES, ELSEWHERE, Given

WIDE = 500  # variants of any given that torch takes
DRAWN = 250  # variants of each level, drawn by the exercise's own rules


@lru_cache(maxsize=len(CASES))
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def wide(name: str, seed: int, high: int = 9) -> Iterator[Given]:
    rng = random.Random(f"{name} {seed}")
    return (CASES[name].drawn(rng, high) for _ in range(WIDE))


def drawn(name: str) -> Iterator[Given]:
    for level in exercise(name).every_level:
        for candidate in candidates(level, stream_key(b"arrays", name, level.level), DRAWN, Refusals({}, {})):
            yield dict(candidate.given)


def answers(name: str, given: Given, method: str) -> dict[str, list[Any]] | None:
    """The readings of a wrong method for each part, whether or not it applies; None where torch refuses what it would do."""
    solution = exercise(name).solution
    try:
        found = solution.mistakes[method](solution.values(given))
    except (RuntimeError, ValueError, IndexError):
        return None
    return {part: [plain(reading) for reading in (value.readings if isinstance(value, OneOf) else (value,))] for part, value in found.items()}


def leads_somewhere(readings: list[Any]) -> bool:
    return bool(readings) and all(cells(reading) for reading in readings)


@pytest.mark.parametrize("name", CASES)
def test_wrong_methods_equal_the_plain_way(name: str) -> None:
    compared: Counter[str] = Counter()
    solution = exercise(name).solution
    for given in (*wide(name, 2), *drawn(name)):
        values = solution.values(given)
        _, mistakes = CASES[name].plain(**given)
        for method in solution.mistakes:
            if not solution.mistakes[method].fits(values):
                continue
            found = answers(name, given, method)
            if found is None:
                assert not all(map(leads_somewhere, mistakes.get(method, {"": []}).values())), f"torch refuses {method} on {given}"
            else:
                assert found == mistakes[method], (method, given)
                compared[method] += 1
    assert set(compared) == set(solution.mistakes) == set(exercise(name).mistakes)
    assert min(compared.values()) > 50, f"each was compared, on many variants: {compared}"


@pytest.mark.parametrize("name", CASES)
def test_a_method_that_applies_is_wrong_whatever_the_numbers(name: str) -> None:
    """With numbers up to ±9999 no luck is left: where the key comes out, it comes from the arguments, and `applies` is too wide."""
    hits: Counter[str] = Counter()
    for given in wide(name, 3, high=9999):
        expected = exercise(name).expect(given)
        for method, parts in expected.mistakes.items():
            right = [part for part, readings in parts.items() if expected.key[part] in readings]
            assert not right or CASES[name].lucky(method, given), (method, right, given)
            hits[method] += not right
    assert all(hits[method] > 25 for method in exercise(name).mistakes), hits


@pytest.mark.parametrize("name", CASES)
def test_a_method_that_does_not_apply_gives_the_key_or_nothing(name: str) -> None:
    """Else `applies` is too narrow: somebody could go wrong in this way, and would not be recognised."""
    solution = exercise(name).solution
    left_out: Counter[str] = Counter()
    for given in wide(name, 5, high=9999):
        values = solution.values(given)
        key = solution.key(values)
        for method in solution.mistakes.keys() - ELSEWHERE.get(name, set()):
            if not solution.mistakes[method].fits(values):
                found = answers(name, given, method)
                assert found is None or all(key[part] in readings for part, readings in found.items()), (method, given)
                left_out[method] += 1
    assert sum(left_out.values()) > 25, left_out


@pytest.mark.parametrize("name", CASES)
def test_whether_a_method_applies_never_depends_on_the_cells(name: str) -> None:
    solution = exercise(name).solution
    for given in list(wide(name, 4))[:100]:
        other = {key: blanked(value) if isinstance(value, list) and isinstance(value[0], list) else value for key, value in given.items()}
        before, after = solution.values(given), solution.values(other)
        assert [m for m, method in solution.mistakes.items() if method.fits(before)] == [m for m, method in solution.mistakes.items() if method.fits(after)]


def blanked(value: Any) -> Any:
    return [blanked(item) for item in value] if isinstance(value, list) else 0
