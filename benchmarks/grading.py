"""A class of 1,000 sheets of ten slots, graded: as files and as lines, whole processes and the bare function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.process import GRADER, PYTHON, Run, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, as_issued, measured


def rows(setting: Setting) -> Iterator[Row]:
    course = setting.handed_in()
    lines = course / "class.jsonl"
    forms: dict[str, Sequence[str | Path]] = {"JSON files": [course / "json"], "YAML files": [course / "yaml"], "JSON lines": ["--from", lines]}
    floor: list[float] = []
    runs: dict[str, list[Run]] = {form: [] for form in forms}
    for _ in range(setting.runs):  # each round beside its own floor
        floor.append(run([PYTHON, "-m", "benchmarks.floor", lines]).seconds)
        for form, source in forms.items():
            as_issued(course)
            runs[form].append(run([*GRADER, "grade", ASSIGNMENT, *source, "--course", course]))
    for form, found in runs.items():
        yield Row(
            name=f"grader grade, {form}",
            times=tuple(one.seconds for one in found),
            count=setting.students,
            unit="sheets",
            beside="floor program",
            others=tuple(floor),
            peak=max(one.peak for one in found),
        )
    yield from _functions(setting, course, lines)


def _functions(setting: Setting, course: Path, lines: Path) -> Iterator[Row]:
    """The loops alone, a slot at a time, without the start of either process."""
    as_issued(course)
    floor: list[dict[str, Any]] = []
    own: list[dict[str, Any]] = []
    for _ in range(setting.runs):
        floor.append(measured("floor", lines))
        own.append(measured("marking", course))
    slots = own[0]["slots"]
    per_slot = tuple(found["seconds"] / found["slots"] for found in floor)
    for part, name in (("read", "a slot: line read"), ("grade", "a slot: marking.grade"), ("write", "a slot: record as JSON")):
        times = tuple(found[part] / slots for found in own)
        yield Row(name=name, times=times, count=1, unit="slots", beside="floor, a slot", others=per_slot)
