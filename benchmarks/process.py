"""Whole processes, timed from start to end, with the most memory they held.

The program that starts them stays small: Linux counts what the parent held at the fork into a child's peak.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
GRADER = (PYTHON, "-m", "grader")
WATCH_SECONDS = 0.05  # between two looks at a process that is watched


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    peak: float  # MB
    out: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path = ROOT,
    given: str = "",
    accepted: tuple[int, ...] = (0,),
    environment: Mapping[str, str] | None = None,
    watch: Callable[[int], None] | None = None,
) -> Run:
    """Runs a command and waits for it.

    Args:
        given: what it reads on standard input.
        accepted: exit statuses that are no failure.
        environment: variables on top of those of this process.
        watch: called again and again while it runs, with the number of its session: all that it starts belongs to that.
            It takes some of the machine's time, so a run that is watched is not one to be timed.

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
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=source,
            stdout=out,
            stderr=errors,
            env={**os.environ, **(environment or {})},
            start_new_session=watch is not None,
        )
        status, usage = _ended(process.pid, watch)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if process.returncode not in accepted:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}: {errors.read()[-2000:]}")
        return Run(seconds, peak_mb(usage.ru_maxrss), out.read())


def peak_mb(maxrss: int) -> float:
    """`ru_maxrss` in megabytes of 10⁶ bytes; macOS counts it in bytes, Linux in units of 1,024."""
    return maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def _ended(process: int, watch: Callable[[int], None] | None) -> tuple[int, resource.struct_rusage]:
    """Waits until a process ends: its status and what it used."""
    if watch is None:
        _, status, usage = os.wait4(process, 0)
        return status, usage
    try:
        while True:
            ended, status, usage = os.wait4(process, os.WNOHANG)
            if ended:
                return status, usage
            watch(process)
            time.sleep(WATCH_SECONDS)
    except BaseException:
        # In a session of its own it hears no Ctrl-C: it would go on alone.
        os.killpg(process, signal.SIGTERM)
        raise
