"""T14, T18, T19, T22 (layers and stacks of layers): wrong methods against counting in plain Python. Their keys: test_second_ways.py."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.values import GivenError
from grader.variants.draw import Refusals, candidates
from grader.variants.stream import stream_key
from tests.conftest import ROOT
from tests.solutions import plain_stacks as plain
from tests.solutions.plain import both
from tests.solutions.stack_cases import CASES, Given

WIDE = 700  # variants of any given that torch takes
DRAWN = 60  # variants of each level, drawn by the exercise's own rules


@lru_cache(maxsize=8)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


# Methods that mean something only under a condition of the question (a bias to leave out, or none to count, …), or that are another
# one elsewhere: of pooling alone `kernel-ignored` is `n-over-s`, and of windows side by side `kernel-term-lost` is `ceil`.
CONDITIONAL = {"bias-counted", "k-not-squared", "bias-per-group", "hw-swapped", "c-product", "nhwc", "divide-twice", "kernel-ignored", "kernel-term-lost"}
CARRIED = {"stack-shapes", "stack-parameters"}  # a method is shown by the layers where it leads elsewhere


@lru_cache(maxsize=8)
def variants(name: str) -> tuple[Given, ...]:
    return (*wide(name), *drawn(name))


def wide(name: str) -> Iterator[Given]:
    rng, found = random.Random(name), 0
    while found < WIDE:
        given = CASES[name].drawn(rng)
        try:
            exercise(name).expect(given)
        except GivenError:
            continue
        found += 1
        yield given


def drawn(name: str) -> Iterator[Given]:
    for level in exercise(name).every_level:
        for candidate in candidates(level, stream_key(b"stacks", name, level.level), 3 * DRAWN, Refusals({}, {})):
            yield dict(candidate.given)


def test_torch_refuses_exactly_what_leaves_no_window() -> None:
    """Layers without channels to divide: what is refused is what the plain way cannot go through, or padding above half a window."""
    rng = random.Random("refused")
    refused = 0
    for _ in range(600):
        given = CASES["stack-shapes"].drawn(rng)
        fits = len(plain.chain(given["input_shape"], given["layers"])) == len(given["layers"])
        wide_padding = any(
            2 * p > k
            for layer in given["layers"]
            if layer["type"] in plain.POOLS
            for p, k in zip(both(layer["padding"]), both(layer["kernel_size"]), strict=True)
        )
        try:
            exercise("stack-shapes").expect(given)
            assert fits and not wide_padding, given
        except GivenError as error:
            refused += 1
            assert not fits or wide_padding, (str(error), given)
    assert 20 < refused < 500


@pytest.mark.parametrize("name", CASES)
def test_wrong_methods_equal_the_plain_way(name: str) -> None:
    compared: Counter[str] = Counter()
    for given in variants(name):
        expected = exercise(name).expect(given)
        described = CASES[name].wrong(**given)
        for method, answers in expected.mistakes.items():
            elsewhere = {part: set(found) - {expected.key[part]} for part, found in described[method].items()}
            elsewhere = {part: found for part, found in elsewhere.items() if found}
            if not elsewhere:  # it gives the key, and says so: the variant is not handed out
                assert all(set(found) == {expected.key[part]} for part, found in answers.items()), (method, answers, given)
                continue
            if name == "grouped" and method in ("weight-in-out", "out-divided"):
                assert "total" not in answers
            found = {part: set(readings) - {expected.key[part]} for part, readings in answers.items()}
            if name in CARRIED:
                assert all(expected.key[part] not in readings for part, readings in answers.items() if part != "total"), (method, given)
            assert {part: own for part, own in found.items() if own} == elsewhere, (method, given)
            compared[method] += 1
    assert set(compared) == set(exercise(name).mistakes)
    assert min(compared.values()) >= 25, compared


@pytest.mark.parametrize("name", CASES)
def test_a_method_that_does_not_apply_gives_the_key(name: str) -> None:
    compared: Counter[str] = Counter()
    for given in variants(name):
        expected = exercise(name).expect(given)
        for method, answers in CASES[name].wrong(**given).items():
            if method in expected.mistakes or method in CONDITIONAL:
                continue
            assert all(set(found) <= {expected.key[part]} for part, found in answers.items()), (method, answers, given)
            compared[method] += 1
    assert sum(compared.values()) > WIDE


@pytest.mark.parametrize("name", CASES)
def test_one_number_is_the_same_as_a_pair(name: str) -> None:
    def paired(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: [own, own] if key in ("kernel_size", "stride", "padding", "dilation") and type(own) is int else own for key, own in value.items()}
        return [paired(item) for item in value] if isinstance(value, list) and value and isinstance(value[0], dict) else value

    for given in variants(name)[:200]:
        pairs = paired({key: paired(value) for key, value in given.items()})
        single, double = exercise(name).expect(given), exercise(name).expect(pairs)
        assert single.key == double.key
        assert {m: {p: set(r) for p, r in own.items()} for m, own in single.mistakes.items()} == {
            m: {p: set(r) for p, r in own.items()} for m, own in double.mistakes.items()
        }, given
