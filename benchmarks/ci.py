"""What a push waits for once everything is installed, and how fast clones are graded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import GRADER, PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import ASSIGNMENT, Setting, as_issued
from benchmarks.submission import SOURCE

SLOTS = 10  # of the assignment
PROGRAM = "code-conv2d"
NONE_KEPT = {"GRADER_CACHE": ""}


def rows(setting: Setting) -> Iterator[Row]:
    course = setting.handed_in()
    home = _repository(course, setting.folder / "pushed")
    yield from _beside_torch(setting, home, f"grader ci, {SLOTS} slots")
    programs = _course_with_program(course, setting.folder / "with-program")
    with_program = _repository(programs, setting.folder / "pushed-program")
    (with_program / f"{PROGRAM}.py").write_text(SOURCE, encoding="utf-8")
    yield from _beside_torch(setting, with_program, f"grader ci, {SLOTS} slots and a program")
    _check_run(with_program)

    torch = [PYTHON, "-c", "import torch"]
    pytest = [PYTHON, "-m", "pytest", "-q", "-p", "grader.ci.pytest_plugin", "-p", "no:cacheprovider", "--pass-mark", "0", "--rootdir", str(home), str(home)]
    times, others = [], []
    for _ in range(setting.short_runs):
        others.append(run(torch).seconds)
        times.append(run(pytest, environment=NONE_KEPT).seconds)
    yield Row(name=f"pytest in it, {SLOTS} slots", times=tuple(times), beside="python -c 'import torch'", others=tuple(others))

    clones = _clones(course, setting.folder / "clones")
    grade = [*GRADER, "grade", ASSIGNMENT, "--from-repos", str(clones), "--course", str(course)]
    count = sum(1 for _ in clones.iterdir())
    graded = []
    for _ in range(setting.runs):
        as_issued(course)
        graded.append(run(grade))
    peak = max(one.peak for one in graded)
    yield Row(name="grade --from-repos", times=tuple(one.seconds for one in graded), count=count, unit="clones", peak=peak)


def _beside_torch(setting: Setting, home: Path, name: str) -> Iterator[Row]:
    """A repository marked by a process that computes every key, and by one that finds them kept, in turns with one that only imports torch."""
    mark = [*GRADER, "ci", str(home), "--pass-mark", "0", "--offline"]
    torch = [PYTHON, "-c", "import torch"]
    kept = {"GRADER_CACHE": str(setting.folder / "kept")}
    for command, environment in ((mark, NONE_KEPT), (mark, kept), (mark, kept), (torch, None)):
        run(command, environment=environment)  # untimed: the files are in memory and compiled, and the keys kept
    own, known, other = [], [], []
    for _ in range(setting.short_runs):
        other.append(run(torch).seconds)
        own.append(run(mark, environment=NONE_KEPT))
        known.append(run(mark, environment=kept))
    _check_kept(home)
    for row, found, target in ((name, own, "ratio 1.3"), (f"{name}, keys kept", known, "1 s")):
        times = tuple(one.seconds for one in found)
        peak = max(one.peak for one in found)
        yield Row(name=row, times=times, beside="python -c 'import torch'", others=tuple(other), peak=peak, target=target)


def _course_with_program(course: Path, out: Path) -> Path:
    """The same course with one more question, which asks for a program."""
    shutil.copytree(course, out, ignore=shutil.ignore_patterns("release", "json", "*.jsonl", "*.db*"))
    path = out / "course.yaml"
    head, start, rest = path.read_text(encoding="utf-8").partition(f"\n  {ASSIGNMENT}:\n")
    own, slots, more = rest.partition("    slots:\n")
    path.write_text(f"{head}{start}{own}{slots}      - {{exercise: {PROGRAM}, points: 10}}\n{more}", encoding="utf-8")
    return out


def _repository(course: Path, out: Path) -> Path:
    """One student's repository, with the sheet they have handed in."""
    student = min(home.name for home in (course / "yaml").iterdir() if home.is_dir())
    run([*GRADER, "repo", ASSIGNMENT, "--student", student, "--course", str(course), "--out", str(out)])
    home = out / f"{ASSIGNMENT}-{student}"
    _hand_in(course, student, home)
    return home


def _check_kept(home: Path) -> None:
    """Raises RuntimeError: the last run computed its keys itself, so that its row would say nothing."""
    record = json.loads((home / "grader-results" / "record.json").read_text(encoding="utf-8"))
    if not any("kept" in note["en"] for note in record["notes"]):
        raise RuntimeError(f"the keys of {home} were not kept from one run to the next")


def _check_run(home: Path) -> None:
    """Raises RuntimeError: the program was not run, or not found right."""
    record = json.loads((home / "grader-results" / "record.json").read_text(encoding="utf-8"))
    verdicts = [part["verdict"] for slot in record["slots"] if slot["exercise"] == PROGRAM for part in slot["parts"]]
    if verdicts != ["correct"]:
        raise RuntimeError(f"the program in {home} was marked {verdicts}")


def _clones(course: Path, out: Path) -> Path:
    """A clone for everyone in the class."""
    run([*GRADER, "repo", ASSIGNMENT, "--course", str(course), "--out", str(out)])
    for home in out.iterdir():
        _hand_in(course, home.name.removeprefix(f"{ASSIGNMENT}-"), home)
    return out


def _hand_in(course: Path, student: str, home: Path) -> None:
    shutil.copyfile(course / "yaml" / student / ASSIGNMENT / "answers.yaml", home / "answers.yaml")
