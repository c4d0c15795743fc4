"""Honest solutions in many styles, the calls they are tried with, and what is wrong if one of them is not right throughout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from grader.sandbox.call import Call, Expected, Limits
from grader.sandbox.outcome import Loaded, Returned
from grader.sandbox.runner import Runner

SOLUTIONS = sorted((Path(__file__).parent / "benign").glob("*.py"))
LIMITS = Limits(call_seconds=20, seconds=60)  # no slow machine fails an honest solution here


def cases() -> list[tuple[Call, npt.NDArray[np.float64]]]:
    """Calls, and what torch says they return."""
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
        found.append((Call(function="conv2d", positional=(x, w), named={"stride": stride, "padding": padding}, expected=(Expected(key.shape),)), key))
    return found


CASES = cases()


def shortcomings(runner: Runner, path: Path) -> list[str]:
    """Runs a solution, and tells what is held against it."""
    outcome = runner.run(path.read_bytes(), [call for call, _ in CASES], LIMITS, name=path.name)
    if not isinstance(outcome.loading, Loaded) or outcome.processes != 1:
        return [f"it was not run in one go: {outcome}"]
    return [
        f"call {number}: {found}"
        for number, (found, (_, key)) in enumerate(zip(outcome.calls, CASES, strict=True))
        if not isinstance(found, Returned) or not np.allclose(found.values[0], key, rtol=0, atol=1e-9)
    ]
