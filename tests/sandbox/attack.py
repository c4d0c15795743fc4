"""One attack: its file, what it may be seen as, and what is wrong if it got through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from grader.sandbox.call import Call, Expected, Limits
from grader.sandbox.outcome import Loaded, NotRun, Outcome, Returned
from grader.sandbox.runner import Runner
from tests.sandbox.surroundings import ANSWERS, SECRET, Surroundings

FOLDER = Path(__file__).parent / "attacks"
SHORT = Limits(call_seconds=0.2, seconds=0.3, memory=256 << 20, results=1 << 20, restarts=0)
LONG = Limits(call_seconds=10, seconds=20, memory=256 << 20, results=1 << 20, restarts=0)  # no slow machine makes a timeout of these
SLACK = 10.0  # seconds beyond the limit in which even a busy machine has ended a run

HONEST = b"""# MARK-OF-ANOTHER student
import numpy as np

def conv2d(x, w):
    out = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (x[i:i + w.shape[0], j:j + w.shape[1]] * w).sum()
    return out
"""


def cases() -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Input, kernel, and what their cross-correlation is, worked out with plain numbers."""
    found = []
    numbers = np.random.Generator(np.random.PCG64(6))
    for (height, width), (kernel_height, kernel_width) in (((5, 4), (3, 2)), ((4, 6), (2, 3))):
        x = numbers.integers(1, 9, (height, width)).astype(float)
        w = numbers.integers(1, 9, (kernel_height, kernel_width)).astype(float)
        rows = [
            [sum(x[i + m, j + n] * w[m, n] for m in range(kernel_height) for n in range(kernel_width)) for j in range(width - kernel_width + 1)]
            for i in range(height - kernel_height + 1)
        ]
        found.append((x, w, np.array(rows)))
    return found


CASES = cases()
CALLS = [Call(function="conv2d", positional=(x, w), expected=(Expected(answer.shape),)) for x, w, answer in CASES]


def right(outcome: Outcome) -> list[bool]:
    """For each case whether it was answered rightly."""
    return [isinstance(call, Returned) and np.array_equal(call.values[0], answer) for call, (_, _, answer) in zip(outcome.calls, CASES, strict=True)]


@dataclass(frozen=True)
class Attack:
    name: str
    source: bytes
    seen: frozenset[str]  # names of outcomes it may be told as

    @property
    def limits(self) -> Limits:
        return SHORT if "TimedOut" in self.seen else LONG


def attacks() -> list[Attack]:
    """Every file of `attacks/`; its first lines say what it tries and what it is seen as."""
    return [_attack(path) for path in sorted(FOLDER.glob("*.py"))]


def _attack(path: Path) -> Attack:
    source = path.read_bytes()
    seen = re.search(rb"^# Seen as: (.+)$", source, re.MULTILINE)
    assert seen is not None and b"# Tries to " in source, f"{path.name}: its first lines have to say what it tries and what it is seen as"
    return Attack(path.stem, source, frozenset(seen[1].decode().split(" | ")))


def faults(runner: Runner, attack: Attack, around: Surroundings) -> list[str]:
    """Runs an attack, then an honest solution, and tells what should not be."""
    found: list[str] = []
    before = around.state()
    outcome = runner.run(around.fill(attack.source), CALLS, attack.limits)
    names = kinds(outcome)
    if not names <= attack.seen:
        found.append(f"seen as {sorted(names)}, expected {sorted(attack.seen)}: {outcome}")
    if any(right(outcome)):
        found.append("a right answer that was not computed honestly")
    words = repr(outcome)
    found += [f"{bait} was found: {words}" for bait in ("HARM", SECRET, ANSWERS.decode()) if bait in words]
    if outcome.seconds > attack.limits.seconds + SLACK:
        found.append(f"took {outcome.seconds:.1f} s")
    after = around.state()
    found += [f"{name}: {before[name]!r} before, {after[name]!r} after" for name in before if before[name] != after[name]]
    if right(again := runner.run(HONEST, CALLS, LONG)) != [True, True]:
        found.append(f"an honest solution right after it: {again}")
    return found


def kinds(outcome: Outcome) -> set[str]:
    """What an outcome is called: how loading went, or else how the calls did."""
    if not isinstance(outcome.loading, Loaded):
        return {type(outcome.loading).__name__}
    return {type(call).__name__ for call in outcome.calls if not isinstance(call, NotRun)}
