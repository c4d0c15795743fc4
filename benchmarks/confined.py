"""`python -m benchmarks.confined one|two COUNT`: submissions run by the confined runner, timed from inside the grader.

`one`: one runner, and the bare fork in turn, submission by submission. `two`: two processes with a runner each, which begin together.
Prints the times as JSON.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import subprocess
import sys
import time
from typing import Any

from benchmarks.process import PYTHON, ROOT
from benchmarks.submission import SOURCE, arguments, output_shape
from grader.sandbox.call import Call, Expected, Limits
from grader.sandbox.outcome import Returned
from grader.sandbox.runner import Runner

_LIMITS = Limits(call_seconds=30, seconds=60)


def submit(runner: Runner, calls: list[Call]) -> float:
    """Seconds from the file and the calls to their outcomes."""
    start = time.perf_counter()
    outcome = runner.run(SOURCE.encode(), calls, _LIMITS)
    seconds = time.perf_counter() - start
    if not all(isinstance(call, Returned) for call in outcome.calls):
        raise RuntimeError(f"an honest submission was told as {outcome}")
    return seconds


def calls() -> list[Call]:
    return [
        Call(function="conv2d", positional=(x, w, stride, padding), expected=(Expected(output_shape(x.shape, w.shape, stride, padding)),))
        for x, w, stride, padding in arguments()
    ]


def one(count: int) -> dict[str, Any]:
    asked = calls()
    bytes_wanted = sum(8 * math.prod(call.expected[0].shape or ()) for call in asked)
    start = time.perf_counter()
    with Runner() as runner:
        started = time.perf_counter() - start
        bare = subprocess.Popen([PYTHON, "-m", "benchmarks.bare_fork"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert bare.stdin is not None and bare.stdout is not None
        own, others = [], []
        for turn in range(count + 5):
            bare.stdin.write("once\n")
            bare.stdin.flush()
            seconds, size = bare.stdout.readline().split()
            if int(size) != bytes_wanted:
                raise RuntimeError(f"the bare fork returned {size} bytes")
            taken = submit(runner, asked)
            if turn >= 5:  # the first ones load what later ones share
                own.append(taken)
                others.append(float(seconds))
        bare.communicate()
        return {"own": own, "others": others, "start": started, "level": runner.level, "parts": runner.isolation.parts}


def _work(count: int, barrier: Any, results: Any) -> None:
    asked = calls()
    with Runner() as runner:
        submit(runner, asked)
        barrier.wait(60)
        start = time.monotonic()
        for _ in range(count):
            submit(runner, asked)
        results.put((start, time.monotonic()))


def two(count: int) -> dict[str, Any]:
    barrier, results = multiprocessing.Barrier(2), multiprocessing.Queue()  # type: ignore[var-annotated]
    workers = [multiprocessing.Process(target=_work, args=(count, barrier, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    times = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    return {"seconds": max(end for _, end in times) - min(start for start, _ in times)}


if __name__ == "__main__":
    print(json.dumps({"one": one, "two": two}[sys.argv[1]](int(sys.argv[2]))))
