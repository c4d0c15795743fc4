"""Whole processes, timed from start to end, with the most memory they held.

The program that starts them stays small: Linux counts what the parent held at the fork into a child's peak.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
GRADER = (PYTHON, "-m", "grader")


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    peak: float  # MB
    out: str


def run(command: Sequence[str | Path], *, folder: Path = ROOT, given: str = "", accepted: tuple[int, ...] = (0,)) -> Run:
    """Runs a command and waits for it.

    Args:
        given: what it reads on standard input.
        accepted: exit statuses that are no failure.

    Raises:
        RuntimeError: it ended with another status; what it wrote to standard error is repeated.
    """
    # Output goes to files: a pipe that nobody empties would stop the process, and emptying it would share its time.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        tempfile.TemporaryFile("w+") as source,
    ):
        source.write(given)
        source.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=folder, stdin=source, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if process.returncode not in accepted:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}: {errors.read()[-2000:]}")
        return Run(seconds, peak_mb(usage.ru_maxrss), out.read())


def peak_mb(maxrss: int) -> float:
    """`ru_maxrss` in megabytes; macOS counts it in bytes, Linux in kilobytes."""
    return maxrss / (1e6 if sys.platform == "darwin" else 1e3)
