"""T14, T18, T19, T22 (layers and stacks of layers): keys and wrong methods against counting in plain Python, over thousands of variants."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

Given = dict[str, Any]
WIDE = 700  # variants of any given that torch takes
DRAWN = 60  # variants of each level, drawn by the exercise's own rules


@lru_cache(maxsize=8)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def size(rng: random.Random, least: int, most: int) -> Any:
    """One number, or now and then [H, W]."""
    one, other = rng.randint(least, most), rng.randint(least, most)
    return [one, other] if rng.random() < 0.25 else one


def any_layer(rng: random.Random) -> Given:
    groups = rng.choice([1, 1, 2, 3])
    shape = [groups * rng.randint(1, 3), rng.randint(1, 16), rng.randint(1, 16)]
    return {
        "input_shape": rng.choice([shape, [1, *shape], [3, *shape]]), "out_channels": groups * rng.randint(1, 4), "kernel_size": size(rng, 1, 5),
        "stride": size(rng, 1, 3), "padding": size(rng, 0, 2), "dilation": size(rng, 1, 2), "groups": groups,
    }  # fmt: skip


def any_grouped(rng: random.Random) -> Given:
    groups = rng.choice([1, 2, 3, 4])
    return {
        "in_channels": groups * rng.randint(1, 4), "out_channels": groups * rng.randint(1, 4), "kernel_size": size(rng, 1, 5),
        "groups": groups, "bias": rng.random() < 0.5,
    }  # fmt: skip


def any_stack(rng: random.Random) -> Given:
    """Up to seven layers of any kind, one after the other; not all of these torch takes."""

    def conv() -> Given:
        groups = rng.choice([1, 1, 1, 2])
        layer = {"type": "conv2d", "out_channels": 2 * rng.randint(1, 4), "kernel_size": size(rng, 1, 4), "groups": groups}
        layer |= {"bias": False} if rng.random() < 0.3 else {}
        if rng.random() < 0.1:
            return layer | {"padding": rng.choice(["same", "valid"]), "dilation": size(rng, 1, 2)}
        return layer | {"stride": size(rng, 1, 3), "padding": size(rng, 0, 2), "dilation": size(rng, 1, 2)}

    def pool() -> Given:
        layer = {"type": rng.choice(["max_pool2d", "avg_pool2d"]), "kernel_size": size(rng, 1, 3), "padding": rng.choice([0, 0, 1])}
        layer |= {"stride": size(rng, 1, 3)} if rng.random() < 0.6 else {}
        return layer | ({"ceil_mode": rng.random() < 0.7} if rng.random() < 0.5 else {})

    layers = [rng.choice([conv(), conv(), pool(), pool(), {"type": "relu"}, {"type": "batch_norm2d"}]) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.5:
        layers.append({"type": "flatten"} | ({"start_dim": 2} if rng.random() < 0.2 else {}))
        layers += rng.choice([[], [{"type": "linear", "out_features": rng.randint(1, 9), "bias": rng.random() < 0.7}, {"type": "relu"}]])
        layers += rng.choice([[], [{"type": "linear", "out_features": 5}]])
    return {"input_shape": [2 * rng.randint(1, 2), rng.randint(6, 24), rng.randint(6, 24)], "layers": layers}


@dataclass(frozen=True, slots=True)
class Case:
    """An exercise, the plain way."""

    drawn: Callable[[random.Random], Given]
    key: Callable[..., dict[str, Any]]
    wrong: Callable[..., plain.Wrong]


CASES = {
    "layer-shape": Case(any_layer, plain.layer_key, plain.layer_wrong),
    "grouped": Case(any_grouped, plain.grouped_key, plain.grouped_wrong),
    "stack-shapes": Case(any_stack, plain.stack_key, plain.stack_wrong),
    "stack-parameters": Case(any_stack, plain.parameters_key, plain.parameters_wrong_of),
}
# Methods that mean something only under a condition of the question (a bias to leave out, or none to count, …).
CONDITIONAL = {"bias-counted", "k-not-squared", "bias-per-group", "hw-swapped", "c-product", "nhwc", "divide-twice"}
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


@pytest.mark.parametrize("name", CASES)
def test_keys_are_counted(name: str) -> None:
    for given in variants(name):
        assert dict(exercise(name).expect(given).key) == CASES[name].key(**given), given
    assert len(variants(name)) > WIDE + DRAWN


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
