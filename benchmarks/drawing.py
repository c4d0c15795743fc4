"""Drawing variants: one accepted slot of each exercise, slots drawn together, and a whole class issued."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks.process import GRADER, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, measured


def rows(setting: Setting) -> Iterator[Row]:
    course = setting.handed_in()
    found = measured("draws", course, "40" if setting.quick else "400")
    for name, times in found.items():
        # Two figures of one measurement: half of the draws are faster than the first, nineteen in twenty than the second.
        middle, late = times
        target = "5 ms" if "×" in name else "1 ms"
        yield Row(name=f"draw {name}, median", times=(middle,), target=target)
        yield Row(name=f"draw {name}, 95 %", times=(late,))
    issued = []
    for number in range(setting.runs):
        fresh = setting.folder / f"issued-{number}"
        shutil.copytree(course, fresh, ignore=shutil.ignore_patterns("json", "yaml", "release", "class.jsonl", "*.db*"))
        issued.append(run([*GRADER, "issue", ASSIGNMENT, "--course", fresh]))
        shutil.rmtree(fresh)
    times = tuple(one.seconds for one in issued)
    peak = max(one.peak for one in issued)
    yield Row(name="grader issue", times=times, count=setting.students, unit="sheets", peak=peak, target="20 s")
