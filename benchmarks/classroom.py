"""A whole class graded by one command: time beside the floor, a second run, memory of all processes, growth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.growth import Growth
from benchmarks.memory import MEASURABLE, Meter
from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, LargeClass, Setting, as_issued

JOBS = 2


def rows(setting: Setting) -> Iterator[Row | Growth]:
    for students in setting.sizes:
        yield from _class(setting, setting.large_class(students))


def grade_command(found: LargeClass) -> list[str | Path]:
    return [*GRADER, "grade", ASSIGNMENT, "--from", found.lines, "--jobs", str(JOBS), "--course", found.course]


def graded(found: LargeClass) -> float:
    """Grades a class of which nothing is graded; the seconds it took.

    Raises:
        RuntimeError: not everybody has a grade afterwards: the time would be that of something else.
    """
    as_issued(found.course, found.issued)
    seconds = run(grade_command(found)).seconds
    _check(found)
    return seconds


def _class(setting: Setting, found: LargeClass) -> Iterator[Row | Growth]:
    floor, first, again = [], [], []
    for _ in range(setting.class_runs(found.students)):
        floor.append(run([PYTHON, "-m", "benchmarks.floor", found.lines]).seconds)
        first.append(graded(found))
        again.append(run(grade_command(found)).seconds)
        _check(found)
    journal = found.store.with_name(f"{found.store.name}-wal")
    store = sum(path.stat().st_size for path in (found.store, journal) if path.exists())
    meter = Meter()
    if MEASURABLE:
        # A run of its own: looking takes time.
        as_issued(found.course, found.issued)
        run(grade_command(found), watch=meter.sample)
        _check(found)
    found.store.unlink()
    memory = meter.peak if MEASURABLE else None
    name = f"grade, {found.students:,} sheets, {JOBS} jobs"
    peak = memory.pss if memory else None
    whole = Row(
        name=name, times=tuple(first), count=found.students, unit="sheets", beside="floor program", others=tuple(floor), peak=peak, target="ratio 1.0, 1 GB"
    )
    unchanged = Row(name=f"{name}, nothing new", times=tuple(again), beside="the first run", others=tuple(first), target="ratio 0.10")
    yield whole
    yield unchanged
    yield Growth(
        students=found.students,
        slots=found.slots,
        seconds=median(first),
        beside_floor=whole.ratio or 0.0,
        unchanged=unchanged.ratio or 0.0,
        memory=memory,
        lines=found.lines.stat().st_size,
        issued=found.issued.stat().st_size,
        store=store,
        made=found.seconds,
    )


def _check(found: LargeClass) -> None:
    """That each sheet was graded, and none a second time. Read past the grader, whose word this is to check."""
    with closing(sqlite3.connect(f"file:{found.store}?mode=ro", uri=True)) as store:
        counts = dict(store.execute("select status, count(*) from records group by status").fetchall())
        (replaced,) = store.execute("select count(*) from history").fetchone()
    if counts != {"graded": found.students} or replaced:
        raise RuntimeError(f"{found.students} sheets were to be graded once, the store has {counts} and {replaced} graded again")
