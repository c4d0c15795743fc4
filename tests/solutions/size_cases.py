"""The exercises whose answers are whole numbers: how any given for them is drawn, and the plain way to their answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.solutions.plain_axes import (
    Wrong,
    by_name,
    by_name_wrong,
    dilated_wrong,
    fitting,
    offsets,
    places,
    pooled,
    pooled_wrong,
    rows_seen,
    rows_wrong,
    spread,
    spread_wrong,
)
from tests.solutions.plain_counts import cost, cost_wrong, field_wrong, parameters, parameters_wrong
from tests.solutions.plain_counts import field as receptive_field

Given = dict[str, Any]
MODES = ("same", "full", "valid")


@dataclass(frozen=True, slots=True)
class Case:
    """An exercise, the plain way."""

    drawn: Callable[[random.Random], Given]  # any given of single numbers that torch takes
    key: Callable[..., dict[str, Any]]
    wrong: Callable[..., Wrong]
    # Methods that mean something only under a condition of the question (a mode, a bias, something left over). Elsewhere they
    # are no wrong method; all others give the key where they do not apply.
    conditional: frozenset[str] = field(default_factory=frozenset)


def _padded_axis(rng: random.Random) -> tuple[int, int, int, int]:
    """(i, k, s, p) with room for the kernel."""
    k, s, p = rng.randint(1, 6), rng.randint(1, 5), rng.randint(0, 4)
    return rng.randint(max(1, k - 2 * p), 20), k, s, p


# T7


def _rows(rng: random.Random) -> Given:
    while True:
        i, k, s, p = _padded_axis(rng)
        row, col = (rng.randrange(places(i, k, s, p)) for _ in range(2))
        if row * s - p + k > 0 and row * s - p < i:  # a window in the padding sees nothing
            return {"input_size": i, "kernel_size": k, "stride": s, "padding": p, "row": row, "col": col}


def _rows_key(input_size: int, kernel_size: int, stride: int, padding: int, row: int, col: int) -> dict[str, Any]:
    unused, first, last = rows_seen(input_size, kernel_size, stride, padding, row)
    return {"unused": unused, "first_row": first, "last_row": last}


def _rows_wrong(input_size: int, kernel_size: int, stride: int, padding: int, row: int, col: int) -> Wrong:
    return rows_wrong(input_size, kernel_size, stride, padding, row, col)


# T9


def _by_name(rng: random.Random) -> Given:
    k, d, mode = rng.randint(1, 8), rng.randint(1, 4), rng.choice(MODES)
    return {"input_size": rng.randint(d * (k - 1) + 1 if mode == "valid" else 1, 40), "kernel_size": k, "dilation": d, "mode": mode}


def _by_name_key(input_size: int, kernel_size: int, dilation: int, mode: str) -> dict[str, Any]:
    return dict(zip(("before", "after", "output_size"), by_name(input_size, kernel_size, dilation, mode), strict=True))


def _by_name_wrong(input_size: int, kernel_size: int, dilation: int, mode: str) -> Wrong:
    return by_name_wrong(input_size, kernel_size, dilation, mode)


# T15


def _parameters(rng: random.Random) -> Given:
    groups = rng.choice([1, 1, 2, 3])
    kernel: Any = rng.choice([1, 2, 3, 5, [1, 3], [3, 2], [2, 5]])
    return {
        "in_channels": groups * rng.randint(1, 8), "out_channels": groups * rng.randint(1, 12), "kernel_size": kernel,
        "groups": groups, "bias": rng.choice([True, False]),
    }  # fmt: skip


# T17


def _pool(rng: random.Random) -> Given:
    k, d = rng.randint(1, 5), rng.randint(1, 3)
    p = rng.randint(0, k // 2)
    i = rng.randint(max(1, d * (k - 1) + 1 - 2 * p), 24)
    return {"input_size": i, "kernel_size": k, "stride": rng.choice([None, 1, 2, 3, 4, 5, 6]), "padding": p, "dilation": d, "ceil_mode": rng.random() < 0.5}


def _pool_key(input_size: int, kernel_size: int, stride: int | None, padding: int, dilation: int, ceil_mode: bool) -> dict[str, Any]:
    return {"output_size": pooled(input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation, ceil_mode)}


def _pool_wrong(input_size: int, kernel_size: int, stride: int | None, padding: int, dilation: int, ceil_mode: bool) -> Wrong:
    return pooled_wrong(input_size, kernel_size, kernel_size if stride is None else stride, padding, dilation, ceil_mode)


# T21


def _dilated(rng: random.Random) -> Given:
    k, d, s, p = rng.randint(1, 5), rng.randint(1, 4), rng.randint(1, 4), rng.randint(0, 3)
    return {"input_size": rng.randint(max(1, d * (k - 1) + 1 - 2 * p), 30), "kernel_size": k, "dilation": d, "stride": s, "padding": p}


def _dilated_key(input_size: int, kernel_size: int, dilation: int, stride: int, padding: int) -> dict[str, Any]:
    return {"effective_kernel": offsets(kernel_size, dilation)[-1] + 1, "output_size": places(input_size, kernel_size, stride, padding, dilation)}


def _dilated_wrong(input_size: int, kernel_size: int, dilation: int, stride: int, padding: int) -> Wrong:
    return dilated_wrong(input_size, kernel_size, dilation, stride, padding)


# T23


def _cost(rng: random.Random) -> Given:
    groups = rng.choice([1, 1, 2])
    k, d, p = rng.randint(1, 3), rng.randint(1, 2), rng.randint(0, 2)
    least = max(1, d * (k - 1) + 1 - 2 * p)
    shape = [groups * rng.randint(1, 2), rng.randint(least, 7), rng.randint(least, 7)]
    return {
        "input_shape": rng.choice([shape, [1, *shape], [3, *shape]]), "out_channels": groups * rng.randint(1, 3), "kernel_size": k,
        "stride": rng.randint(1, 3), "padding": p, "dilation": d, "groups": groups,
    }  # fmt: skip


# T24


def _field(rng: random.Random) -> Given:
    def layer() -> dict[str, int]:
        return {"kernel_size": rng.randint(1, 4), "stride": rng.randint(1, 3), "dilation": rng.choice([1, 1, 2, 3])}

    return {"layers": [layer() for _ in range(rng.randint(1, 4))]}


def _triples(layers: list[dict[str, int]]) -> list[tuple[int, int, int]]:
    return [(layer["kernel_size"], layer["stride"], layer["dilation"]) for layer in layers]


# T25


def _spread(rng: random.Random) -> Given:
    while True:
        i, k, s, d = rng.randint(1, 12), rng.randint(1, 5), rng.randint(1, 5), rng.randint(1, 3)
        p, op = rng.randint(0, 3), rng.randrange(max(s, d))
        if spread(i, k, s, p, op, d) > 0:
            return {"input_size": i, "kernel_size": k, "stride": s, "padding": p, "output_padding": op, "dilation": d}


def _spread_args(given: Given) -> tuple[int, int, int, int, int, int]:
    return given["input_size"], given["kernel_size"], given["stride"], given["padding"], given["output_padding"], given["dilation"]


# T8

SEARCHED = 60  # values tried one by one; larger ones are compared with the formula in a test of their own


def _inverse(rng: random.Random) -> Given:
    i, k, s, p = _padded_axis(rng)
    ask = rng.choice(["input_size", "kernel_size", "stride", "padding"])
    sizes = {"input_size": i, "kernel_size": k, "stride": s, "padding": p}
    return {"ask": ask, "output_size": places(i, k, s, p), **{name: size for name, size in sizes.items() if name != ask}}


def inverse_wrong(ask: str, output_size: int, **sizes: int) -> dict[str, list[int]]:
    """The values each wrong method leads to, as far as `SEARCHED`; empty where it leads to none."""
    found = fitting(ask, output_size, sizes, SEARCHED)

    def with_padding(p: int) -> list[int]:
        return fitting(ask, output_size, {**sizes, "padding": p}, SEARCHED)

    wrong: dict[str, list[int]] = {"smallest-only": found[:1] if len(found) > 1 else []}
    wrong["no-plus1"] = fitting(ask, output_size + 1, sizes, SEARCHED)
    if ask == "padding":
        wrong["p-total"] = [2 * value for value in found] if any(found) else []
        wrong["pad-ignored"] = []
    else:
        # With p in all, the input is padded as if by p on one side only: try that input without padding.
        shifted = {**sizes, "padding": 0} | ({"input_size": sizes["input_size"] + sizes["padding"]} if ask != "input_size" else {})
        once = fitting(ask, output_size, shifted, SEARCHED + 10)
        once = [value - sizes["padding"] for value in once if value > sizes["padding"]] if ask == "input_size" else once
        wrong["p-total"] = once if sizes["padding"] else []
        wrong["pad-ignored"] = with_padding(0) if sizes["padding"] else []
    # The exact equation, (output - 1) · stride = input + 2 · padding - kernel, is solved by trying halves.
    exact = [half for half in range(2 * SEARCHED) if _nothing_left(ask, output_size, sizes, half)]
    whole = [half // 2 for half in exact if half % 2 == 0 and (ask == "padding" or half)]
    if ask == "stride":
        whole = [max(found)] if found and output_size > 1 else []  # the largest stride that still fits: n / (o - 1), rounded down
    wrong["floor-ignored"] = whole if len(found) > 1 else []
    wrong["p-rounded-down"] = [half // 2 for half in exact if half % 2] if ask == "padding" else []
    return wrong


def _nothing_left(ask: str, output: int, sizes: dict[str, int], half: int) -> bool:
    doubled = {name: 2 * size for name, size in sizes.items()} | {ask: half}
    return (output - 1) * 2 * doubled["stride"] == 2 * doubled["input_size"] + 4 * doubled["padding"] - 2 * doubled["kernel_size"]


CASES: dict[str, Case] = {
    "which-cells": Case(
        _rows,
        _rows_key,
        _rows_wrong,
        frozenset({"L-plus-1", "k-minus-L", "one-based"}),
    ),
    "same-padding": Case(
        _by_name,
        _by_name_key,
        _by_name_wrong,
        frozenset({"pad-k-minus-1", "pad-k-half-even", "extra-on-top", "pad-once", "no-plus1"}),
    ),
    "parameter-count": Case(_parameters, parameters, parameters_wrong, frozenset({"bias-once", "bias-per-slice", "k-not-squared"})),
    "pool-size": Case(_pool, _pool_key, _pool_wrong, frozenset({"stride-default-1", "ceil-always", "no-last-window-rule", "no-plus1", "n-over-s", "kernel-term-lost"})),
    "dilation": Case(
        _dilated,
        _dilated_key,
        _dilated_wrong,
        frozenset({"k-plus-d"}),
    ),
    "cost": Case(_cost, cost, cost_wrong, frozenset({"params-only"})),
    "receptive-field": Case(
        _field, lambda layers: receptive_field(_triples(layers)), lambda layers: field_wrong(_triples(layers)), frozenset({"sum-k", "prod-k"})
    ),
    "transposed-size": Case(
        _spread,
        lambda **given: {"output_size": spread(*_spread_args(given))},
        lambda **given: spread_wrong(*_spread_args(given)),
    ),
    "inverse-size": Case(
        _inverse,
        lambda ask, output_size, **sizes: {"values": tuple(fitting(ask, output_size, sizes, SEARCHED))},
        lambda ask, output_size, **sizes: {
            name: {"values": [tuple(found)]} for name, found in inverse_wrong(ask, output_size, **sizes).items()
        },
        frozenset({"no-plus1", "smallest-only", "floor-ignored", "p-total", "p-rounded-down", "pad-ignored"}),
    ),
}  # fmt: skip
