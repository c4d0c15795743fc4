"""What a push waits for once everything is installed, and how fast clones are graded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, as_issued

SLOTS = 10  # of the assignment


def rows(setting: Setting) -> Iterator[Row]:
    course = setting.handed_in()
    home = _repository(course, setting.folder / "pushed")
    mark = [*GRADER, "ci", str(home), "--pass-mark", "0", "--offline"]
    torch = [PYTHON, "-c", "import torch"]
    for command in (mark, torch):
        run(command)  # once untimed: the files are in memory and compiled
    own, other = [], []
    for _ in range(setting.short_runs):
        other.append(run(torch).seconds)
        own.append(run(mark))
    times = tuple(found.seconds for found in own)
    peak = max(found.peak for found in own)
    yield Row(name=f"grader ci, {SLOTS} slots", times=times, beside="python -c 'import torch'", others=tuple(other), peak=peak, target="ratio 1.3")

    pytest = [PYTHON, "-m", "pytest", "-q", "-p", "grader.ci.pytest_plugin", "-p", "no:cacheprovider", "--pass-mark", "0", "--rootdir", str(home), str(home)]
    times = tuple(run(pytest).seconds for _ in range(setting.short_runs))
    yield Row(name=f"pytest in it, {SLOTS} slots", times=times, beside="python -c 'import torch'", others=tuple(other[: len(times)]))

    clones = _clones(course, setting.folder / "clones")
    grade = [*GRADER, "grade", ASSIGNMENT, "--from-repos", str(clones), "--course", str(course)]
    count = sum(1 for _ in clones.iterdir())
    found = []
    for _ in range(setting.runs):
        as_issued(course)
        found.append(run(grade))
    peak = max(one.peak for one in found)
    yield Row(name="grade --from-repos", times=tuple(one.seconds for one in found), count=count, unit="clones", peak=peak)


def _repository(course: Path, out: Path) -> Path:
    """One student's repository, with the sheet they have handed in."""
    student = min(home.name for home in (course / "yaml").iterdir() if home.is_dir())
    run([*GRADER, "repo", ASSIGNMENT, "--student", student, "--course", str(course), "--out", str(out)])
    home = out / f"{ASSIGNMENT}-{student}"
    _hand_in(course, student, home)
    return home


def _clones(course: Path, out: Path) -> Path:
    """A clone for everyone in the class."""
    run([*GRADER, "repo", ASSIGNMENT, "--course", str(course), "--out", str(out)])
    for home in out.iterdir():
        _hand_in(course, home.name.removeprefix(f"{ASSIGNMENT}-"), home)
    return out


def _hand_in(course: Path, student: str, home: Path) -> None:
    shutil.copyfile(course / "yaml" / student / ASSIGNMENT / "answers.yaml", home / "answers.yaml")
