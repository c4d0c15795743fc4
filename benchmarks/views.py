"""Looking at grades: one student's, and the whole class's."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.process import GRADER, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, as_issued


def rows(setting: Setting) -> Iterator[Row]:
    course = setting.handed_in()
    as_issued(course)
    run([*GRADER, "grade", ASSIGNMENT, "--from", course / "class.jsonl", "--course", course])
    with (course / "class.jsonl").open(encoding="utf-8") as lines:
        student = json.loads(next(lines))["student"]
    views = {"grader show, one student": ["show", ASSIGNMENT, student], "grader report": ["report", ASSIGNMENT, "--csv", str(setting.folder / "grades.csv")]}
    for name, arguments in views.items():
        own, other = [], []
        for _ in range(setting.runs):
            other.append(run([*GRADER, "--help"]).seconds)
            own.append(run([*GRADER, *arguments, "--course", course]))
        yield Row(name=name, times=tuple(one.seconds for one in own), beside="grader --help", others=tuple(other), peak=max(one.peak for one in own))
