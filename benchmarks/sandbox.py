"""Student code, confined: a submission of twenty calls beside a bare fork, two runners at once, a pytest process, and a class graded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import CODE_ASSIGNMENT, Setting, as_issued, measured
from benchmarks.submission import SOURCE, TEST

BARE = "bare fork, not confined"


def rows(setting: Setting) -> Iterator[Row]:
    count = 20 if setting.quick else 300
    found = [measured("confined", "one", str(count)) for _ in range(setting.runs)]
    level = f"{found[0]['level']}: {', '.join(found[0]['parts'])}"
    yield Row(
        name=f"code: a submission of 20 calls ({level})",
        times=tuple(time for one in found for time in one["own"]),
        beside=BARE,
        others=tuple(time for one in found for time in one["others"]),
        target="15 ms, ratio 1.5",
    )
    yield Row(name="code: a runner starts", times=tuple(one["start"] for one in found), target="0.3 s")
    both = [measured("confined", "two", str(count)) for _ in range(setting.runs)]
    yield Row(name="code: two runners at once", times=tuple(one["seconds"] for one in both), count=2 * count, unit="submissions", target="100/s")

    folder = setting.folder / "code"
    folder.mkdir()
    (folder / "answer.py").write_text(SOURCE, encoding="utf-8")
    (folder / "test_answer.py").write_text(TEST, encoding="utf-8")
    other = []
    for _ in range(setting.short_runs):
        other.append(run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_answer.py"], folder=folder).seconds)
    warm = median(found[-1]["own"])
    yield Row(name="code: the same, warm, beside pytest", times=(warm,) * len(other), beside="pytest, a process", others=tuple(other))
    yield from _class_rows(setting, folder)


def _class_rows(setting: Setting, folder: Path) -> Iterator[Row]:
    """The whole path: files in folders, run, marked, stored and summed up, in a large and in a small class in turn."""
    sizes = (10, 20) if setting.quick else (100, 600)
    courses = []
    for students in sizes:
        courses.append(folder / f"class-{students}")
        run([PYTHON, "-m", "benchmarks.code_class", courses[-1], str(students)])
    fewer: list[float] = []
    more: list[float] = []
    others, peaks = [], []
    for _ in range(setting.runs):
        for course, students, times in zip(courses, sizes, (fewer, more), strict=True):
            as_issued(course)
            records = course / "records.jsonl"
            found = run([*GRADER, "grade", CODE_ASSIGNMENT, "--jobs", "2", "--records", records], folder=course)
            scores = [json.loads(line)["score"] for line in records.read_text(encoding="utf-8").splitlines()]
            if scores != [10] * students:
                raise RuntimeError(f"{students} right programs were graded {sorted(set(scores))}, {len(scores)} of them")
            times.append(found.seconds)
            peaks.append(found.peak)
        given = "once\n" * 100
        forks = [float(line.split()[0]) for line in run([PYTHON, "-m", "benchmarks.bare_fork"], given=given).out.splitlines()]
        others.append(median(forks))
    name = f"code: grade, {sizes[1]} files, 2 jobs"
    yield Row(name=name, times=tuple(more), count=sizes[1], unit="submissions", peak=max(peaks), target="100/s")
    yield Row(name=f"{name}, a file", times=tuple(seconds / sizes[1] for seconds in more), beside=BARE, others=tuple(others))
    added = tuple((long - short) / (sizes[1] - sizes[0]) for short, long in zip(fewer, more, strict=True))
    yield Row(name="code: grade, 2 jobs, a file more", times=added, count=1, unit="submissions", beside=BARE, others=tuple(others))
