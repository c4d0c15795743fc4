"""What a user waits for before anything happens: help, and one answer marked."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import Setting

LINE = {"given": {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, "answers": {"padded_size": 8, "output_size": 4}}


def rows(setting: Setting) -> Iterator[Row]:
    for command in ([PYTHON, "-c", "pass"], [*GRADER, "--help"], [PYTHON, "-c", "import torch"]):
        run(command)  # once untimed: the files are in memory and compiled
    own, other = [], []
    for _ in range(setting.short_runs):
        other.append(run([PYTHON, "-c", "pass"]).seconds)
        own.append(run([*GRADER, "--help"]))
    times = tuple(found.seconds for found in own)
    peak = max(found.peak for found in own)
    yield Row(name="grader --help", times=times, beside="python -c pass", others=tuple(other), peak=peak, target="0.3 s")

    mark = [*GRADER, "mark", "output-size"]
    own, other = [], []
    for _ in range(setting.short_runs):
        other.append(run([PYTHON, "-c", "import torch"]).seconds)
        own.append(run(mark, given=json.dumps(LINE) + "\n"))
    times = tuple(found.seconds for found in own)
    peak = max(found.peak for found in own)
    yield Row(name="grader mark, one line", times=times, beside="python -c 'import torch'", others=tuple(other), peak=peak, target="ratio 1.3")
