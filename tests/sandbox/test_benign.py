"""Honest solutions in many styles: each gets every case right, and nothing of its style is held against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.sandbox.call import Call, Expected, Limits
from grader.sandbox.level import IsolationError, Level
from grader.sandbox.outcome import Loaded, Returned
from grader.sandbox.runner import Runner

SOLUTIONS = sorted((Path(__file__).parent / "benign").glob("*.py"))
LIMITS = Limits(call_seconds=20, seconds=60)  # no slow machine fails an honest solution here


@pytest.fixture(scope="module", params=list(Level))
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    try:
        found = Runner(request.param, trust=request.param is Level.NONE)
    except IsolationError as error:
        pytest.skip(str(error))
    with found:
        yield found


def cases() -> list[tuple[Call, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]]:
    numbers = np.random.Generator(np.random.PCG64(11))
    found = []
    for shape, kernel, stride, padding in [
        ((6, 6), (3, 3), 1, 0),
        ((5, 8), (2, 3), 2, 1),
        ((8, 5), (4, 1), 3, 2),
        ((3, 3), (3, 3), 1, 0),
        ((4, 4), (1, 1), 2, 3),
    ]:
        x, w = numbers.integers(-9, 10, shape).astype(float), numbers.integers(-9, 10, kernel).astype(float)
        key = torch.nn.functional.conv2d(torch.from_numpy(x)[None, None], torch.from_numpy(w)[None, None], stride=stride, padding=padding)[0, 0].numpy()
        call = Call(function="conv2d", positional=(x, w), named={"stride": stride, "padding": padding}, expected=(Expected(key.shape),))
        found.append((call, key))
    return found


CASES = cases()


def test_there_are_enough() -> None:
    assert len(SOLUTIONS) >= 20


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SOLUTIONS])
def test_benign(runner: Runner, path: Path) -> None:
    outcome = runner.run(path.read_bytes(), [call for call, _ in CASES], LIMITS, name=path.name)
    assert isinstance(outcome.loading, Loaded), outcome
    assert outcome.processes == 1
    for found, (_, key) in zip(outcome.calls, CASES, strict=True):
        assert isinstance(found, Returned), found
        np.testing.assert_allclose(found.values[0], key, atol=1e-9)
