"""Every key of the bank is found a second time, without torch, for thousands of different questions of each exercise.

Wrong methods have tests of their own beside these: test_arrays.py, test_numbers.py, test_stacks.py, test_choices.py, test_sizes.py, test_conv.py.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.formula import Formula, values_at
from grader.course.values import GivenError
from grader.variants.draw import broken_rule, draw_into, without_asked
from grader.variants.stream import Stream, stream_key
from tests.conftest import ROOT
from tests.solutions.plain import places
from tests.solutions.second_ways import SECOND_PROGRAMS, SECOND_WAYS, Given

LEAST = 2000  # different questions of each exercise
DRAWN = 300  # of them, for each level, drawn by the exercise's own rules


@lru_cache(maxsize=64)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def own(name: str) -> Iterator[Given]:
    """Given drawn by the exercise's own rules at each of its levels, with what is asked left out."""
    for level in exercise(name).every_level:
        key = stream_key(b"second ways", name, level.level)
        for number in range(DRAWN):
            given: Given = {}
            try:
                draw_into(given, level, Stream(key, number))
            except GivenError:
                continue  # torch refuses what is to be derived
            if broken_rule(level, given) is None:
                yield without_asked(level, given)


def any_given(name: str) -> Iterator[Given]:
    rng = random.Random(name)
    while True:
        yield SECOND_WAYS[name].drawn(rng)


def test_every_exercise_has_a_second_way() -> None:
    assert {path.stem for path in (ROOT / "exercises").glob("*.yaml")} == {*SECOND_WAYS, *SECOND_PROGRAMS, "size-formula"}


@pytest.mark.parametrize("name", SECOND_WAYS)
def test_keys_are_the_same_without_torch(name: str) -> None:
    solution, seen, drawn = exercise(name).solution, set[str](), 0
    for given in own(name):
        try:
            key = solution.key(solution.values(given))
        except GivenError:
            continue  # torch refuses some of what the rules allow; `verify` counts these
        assert key == SECOND_WAYS[name].key(**given), given
        seen.add(repr(given))
        drawn += 1
    assert drawn > DRAWN, "and the exercise's own rules are most of the time"
    for given in islice(any_given(name), 10 * LEAST):
        if len(seen) == LEAST:
            break
        try:
            key = solution.key(solution.values(given))
        except GivenError:
            continue
        assert key == SECOND_WAYS[name].key(**given), given
        seen.add(repr(given))
    assert len(seen) >= LEAST


@pytest.mark.parametrize("name", SECOND_PROGRAMS)
def test_plain_loops_return_what_torch_returns(name: str) -> None:
    rng, seen = random.Random(name), set[str]()
    reference = exercise(name).solution.reference.function
    while len(seen) < LEAST:
        arguments = SECOND_PROGRAMS[name].drawn(rng)
        found, wanted = SECOND_PROGRAMS[name].function(**arguments), reference(**{key: tensor(value) for key, value in arguments.items()})
        for mine, torchs in zip(several(found), several(wanted), strict=True):
            assert np.shape(mine) == np.shape(torchs), arguments
            assert np.array_equal(mine, torchs), arguments
        seen.add(repr(arguments))


def tensor(value: Any) -> Any:
    return torch.from_numpy(value.copy()) if isinstance(value, np.ndarray) else value


def several(returned: Any) -> tuple[Any, ...]:
    return tuple(map(np.asarray, returned if isinstance(returned, tuple) else (returned,)))


def test_the_formula_counts_places_wherever_a_kernel_fits() -> None:
    key = exercise("size-formula").expect({}).key["output_size"]
    assert isinstance(key, Formula)
    points = tuple((i, k, s, p) for i in range(1, 25) for k in range(1, 9) for s in (1, 2, 3, 5) for p in range(5) if k <= i + 2 * p)
    assert len(points) > LEAST
    assert values_at(key.text, key.names, points) == tuple(places(*point) for point in points)
