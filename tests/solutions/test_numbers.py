"""T7–T9, T15, T17, T21, T23–T25 (whole numbers): wrong methods against counting in plain Python. Their keys: test_second_ways.py."""

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
from grader.course.values import plain
from grader.variants.draw import Refusals, candidates
from grader.variants.stream import stream_key
from tests.conftest import ROOT
from tests.solutions.size_cases import CASES, SEARCHED, Given

WIDE = 800  # variants of any given that torch takes
DRAWN = 200  # variants of each level, drawn by the exercise's own rules


@lru_cache(maxsize=len(CASES))
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def wide(name: str) -> Iterator[Given]:
    rng = random.Random(name)
    return (CASES[name].drawn(rng) for _ in range(WIDE))


def drawn(name: str) -> Iterator[Given]:
    for level in exercise(name).every_level:
        for candidate in candidates(level, stream_key(b"numbers", name, level.level), DRAWN, Refusals({}, {})):
            yield dict(candidate.given)


def readings(answer: Any) -> list[Any]:
    return [plain(reading) for reading in (answer.readings if isinstance(answer, OneOf) else (answer,))]


@pytest.mark.parametrize("name", CASES)
def test_wrong_methods_equal_the_plain_way(name: str) -> None:
    """Where a method applies it gives what its description gives, and leaves a part or reading out only where that is right."""
    compared: Counter[str] = Counter()
    for given in (*wide(name), *drawn(name)):
        expected = exercise(name).expect(given)
        if any(isinstance(answer, tuple) and max(answer) >= SEARCHED // 2 for answer in expected.key.values()):
            continue
        described = CASES[name].wrong(**given)
        for method, answers in expected.mistakes.items():
            for part, wanted in described[method].items() if method in described else ():
                found = set(answers.get(part, ()))
                assert found <= set(wanted), (method, part, found, wanted, given)
                left_out = set(wanted) - found - {expected.key[part]}
                assert not left_out or (method == "one-based" and given["row"] == 0), (method, part, left_out, given)
                compared[method] += 1
            assert answers.keys() <= described.get(method, answers).keys(), (method, given)
    assert set(compared) == set(exercise(name).mistakes)
    assert min(compared.values()) >= 25, compared


@pytest.mark.parametrize("name", CASES)
def test_a_method_that_does_not_apply_gives_the_key(name: str) -> None:
    compared: Counter[str] = Counter()
    for given in wide(name):
        expected = exercise(name).expect(given)
        for method, answers in CASES[name].wrong(**given).items():
            if method in expected.mistakes or method in CASES[name].conditional:
                continue
            assert all(set(wanted) == {expected.key[part]} for part, wanted in answers.items()), (method, answers, given)
            compared[method] += 1
    assert compared or len(CASES[name].conditional) >= len(exercise(name).mistakes)


@pytest.mark.parametrize("name", CASES)
def test_no_method_applies_by_the_luck_of_the_draw_alone(name: str) -> None:
    """Every drawn question can be handed out or is refused for one method's answer; none is left without any wrong method."""
    assert all(exercise(name).expect(given).mistakes for given in drawn(name))


# Sizes per axis

SIZES = {
    "which-cells": ("input_size", "kernel_size", "stride", "padding"),
    "same-padding": ("input_size", "kernel_size", "dilation"),
    "pool-size": ("input_size", "kernel_size", "stride", "padding", "dilation"),
    "dilation": ("input_size", "kernel_size", "dilation", "stride", "padding"),
    "transposed-size": ("input_size", "kernel_size", "stride", "padding", "output_padding", "dilation"),
}


def both_axes(name: str, rng: random.Random) -> tuple[Given, Given, Given]:
    """A given with [H, W] for its sizes, and the given of each axis. Where both axes agree it is sometimes one number."""
    while True:
        down, right = CASES[name].drawn(rng), CASES[name].drawn(rng)
        if name == "which-cells":  # a cell has one row and one column: each axis sees the other's place as its column
            down["col"], right["col"] = right["row"], down["row"]
        shared = {"mode", "ceil_mode"} & down.keys()
        if any(down[key] != right[key] for key in shared) or (name == "pool-size" and (down["stride"] is None) != (right["stride"] is None)):
            continue
        given = {key: down[key] if key in shared or down[key] is None else [down[key], right[key]] for key in down}
        if name == "which-cells":
            given |= {"row": down["row"], "col": right["row"]}
        return given, down, right


@pytest.mark.parametrize("name", SIZES)
def test_sizes_per_axis_are_two_questions_in_one(name: str) -> None:
    rng = random.Random(f"axes {name}")
    compared: Counter[str] = Counter()
    for _ in range(400):
        given, down, right = both_axes(name, rng)
        expected = exercise(name).expect(given)
        keys = CASES[name].key(**down), CASES[name].key(**right)
        assert expected.key == {part: (keys[0][part], keys[1][part]) for part in keys[0]}, given
        axes = CASES[name].wrong(**down), CASES[name].wrong(**right)
        for method, answers in expected.mistakes.items():
            for part, found in answers.items():
                for reading in found:
                    assert isinstance(reading, tuple), (method, part)
                    for axis in (0, 1):
                        wanted = axes[axis].get(method, {}).get(part)
                        assert wanted is None or reading[axis] in [*wanted, keys[axis][part]], (method, part, given)
                compared[method] += 1
    assert set(compared) == set(exercise(name).mistakes), "each was compared"


@pytest.mark.parametrize("name", SIZES)
def test_one_pair_among_the_sizes_makes_every_answer_a_pair(name: str) -> None:
    rng = random.Random(f"pairs {name}")
    for size in SIZES[name]:
        for _ in range(20):
            given = CASES[name].drawn(rng)
            if given[size] is None or (name == "which-cells" and given["row"] != given["col"]):
                continue
            single, paired = exercise(name).expect(given), exercise(name).expect({**given, size: [given[size]] * 2})
            assert paired.key == {part: (answer, answer) for part, answer in single.key.items()}
            twice = {
                method: {part: {(reading, reading) for reading in found} for part, found in answers.items()} for method, answers in single.mistakes.items()
            }
            assert {m: {part: set(found) for part, found in answers.items()} for m, answers in paired.mistakes.items()} == twice, given


def test_a_receptive_field_per_axis() -> None:
    layers = [{"kernel_size": [3, 5], "stride": [2, 1], "dilation": 1}, {"kernel_size": 3, "stride": 2, "dilation": [1, 2]}]
    down = [{"kernel_size": 3, "stride": 2, "dilation": 1}, {"kernel_size": 3, "stride": 2, "dilation": 1}]
    right = [{"kernel_size": 5, "stride": 1, "dilation": 1}, {"kernel_size": 3, "stride": 2, "dilation": 2}]
    one, other = CASES["receptive-field"].key(layers=down), CASES["receptive-field"].key(layers=right)
    assert exercise("receptive-field").expect({"layers": layers}).key == {part: (one[part], other[part]) for part in one}


# One number for both axes


def test_a_value_sought_for_both_axes_fits_on_each() -> None:
    rng = random.Random("inverse axes")
    seen = 0
    for _ in range(1500):
        down, right = CASES["inverse-size"].drawn(rng), CASES["inverse-size"].drawn(rng)
        if down["ask"] != right["ask"]:
            continue
        common = sorted(set(CASES["inverse-size"].key(**down)["values"]) & set(CASES["inverse-size"].key(**right)["values"]))
        if not common or max(common) >= SEARCHED // 2:
            continue
        given = {name: value if name == "ask" else [value, right[name]] for name, value in down.items()}
        assert exercise("inverse-size").expect(given).key == {"values": tuple(common)}, given
        seen += 1
    assert seen > 30
