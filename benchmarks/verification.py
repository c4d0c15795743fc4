"""`grader verify` over every exercise that ships."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import Setting


def rows(setting: Setting) -> Iterator[Row]:
    command = [*GRADER, "verify", *(["--variants", "20"] if setting.quick else [])]
    other, own = [], []
    for _ in range(setting.runs):
        other.append(run([PYTHON, "-c", "import torch"]).seconds)
        own.append(run(command))
    times = tuple(one.seconds for one in own)
    peak = max(one.peak for one in own)
    yield Row(name="grader verify, all exercises", times=times, beside="python -c 'import torch'", others=tuple(other), peak=peak)
