"""A whole class graded by `grader grade`, in a process of its own with two workers: among attackers, and while runners are killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.inside import kernel
from grader.sandbox.level import Level
from grader.sandbox.runner import detect
from tests.cli.conftest import course_dir, hand_in
from tests.code.programs import RIGHT
from tests.code.test_flow import COURSE, SHEET
from tests.conftest import ROOT
from tests.sandbox.attack import attacks
from tests.sandbox.made import made
from tests.sandbox.surroundings import SECRET, descendants, surroundings

__all__ = ["course_dir"]

# One of them halves its kernel in place, which NumPy refuses for whole numbers; the exercise gives whole numbers.
BENIGN = {path.stem: path.read_bytes() for path in sorted((ROOT / "tests" / "sandbox" / "benign").glob("*.py")) if b"w /= 2" not in path.read_bytes()}
SLOW = "import time\ntime.sleep(0.15)\n"


@pytest.fixture
def course(course_dir: Path) -> Path:
    if detect().level is Level.NONE:
        pytest.skip("nothing confines student code on this machine, so none is run")
    (course_dir / "course.yaml").write_text(COURSE, encoding="utf-8")
    return course_dir


@pytest.fixture
def reaper() -> Iterator[None]:
    """Processes whose parent has ended become this one's children, so that none is overlooked."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells which processes were left")
    kernel.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    yield
    kernel.prctl(36, 0)


def grading(*arguments: str) -> subprocess.Popen[str]:
    """`grader grade hw` with two workers, begun."""
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", "hw", "--jobs", "2", "--records", "records.jsonl", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRADER_SECRET": SECRET},
    )


def ended(process: subprocess.Popen[str]) -> dict[str, dict[str, Any]]:
    """The records by student, when it has ended."""
    out, errors = process.communicate(timeout=500)
    assert process.returncode in (0, 1), out + errors
    found = [json.loads(line) for line in Path("records.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({record["student"] for record in found}) == len(found)
    return {record["student"]: {**record, "graded_at": None} for record in found}


def left_over(before: list[int]) -> list[int]:
    """Processes below this one that were not there before, and do not end by themselves in a while."""
    for _ in range(100):
        found = [pid for pid in descendants(os.getpid()) if pid not in before]
        for pid in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # it became ours, and nobody else waits for it
        if not found:
            break
        time.sleep(0.1)
    return found


def scores(record: dict[str, Any]) -> list[float]:
    return [slot["score"] for slot in record["slots"]]


def test_attackers_in_a_class_gain_nothing_and_cost_nobody_anything(course: Path, reaper: None, tmp_path: Path) -> None:
    # Every fifth: each is tried at each level in tests/sandbox. Those that end by the clock take longest; one of them is enough here.
    quick = [attack for attack in (*attacks(), *made()) if "TimedOut" not in attack.seen]
    chosen = [*quick[::5], *(attack for attack in (*attacks(), *made()) if attack.name in ("loops_forever", "has_10_megabytes"))]
    hostile = {f"a-{attack.name}".replace("_", "-"): attack for attack in chosen}
    honest = {f"h-{name}".replace("_", "-"): source for name, source in BENIGN.items()}
    before = descendants(os.getpid())
    with surroundings(tmp_path) as around:
        for student, attack in hostile.items():
            # The exercise gives more arguments than the attacks were written for.
            source = re.sub(rb"def conv2d\(x, w\)", b"def conv2d(x, w, stride=1, padding=0)", around.fill(attack.source))
            hand_in(course, student, "hw", SHEET.format(student))
            hand_in(course, student, "hw", source, "code-conv2d.py")
        for student, source in honest.items():
            hand_in(course, student, "hw", SHEET.format(student))
            hand_in(course, student, "hw", source, "code-conv2d.py")
        files = sorted(path.relative_to(course) for path in (course / "submitted").rglob("*"))
        state = {name: value for name, value in around.state().items() if name != "processes"}
        runs = [ended(grading()), ended(grading("--all"))]
        assert {name: value for name, value in around.state().items() if name != "processes"} == state
    for records in runs:
        assert set(records) == {*hostile, *honest}
        assert len(hostile) > 35 and len(honest) > 20
        # A file of ten megabytes is refused, sheet and all. The answer beside an attack is worth what it was.
        assert {student: scores(record) for student, record in records.items() if student in hostile and scores(record) != [0, 0, 2]} == {
            "a-has-10-megabytes": []
        }
        assert {student: scores(record) for student, record in records.items() if student in honest and scores(record) != [10, 0, 2]} == {}
        assert {record["status"] for record in records.values()} <= {"graded", "refused"}
        words = json.dumps(records)
        assert SECRET not in words
    timed = {student for student, source in honest.items() if b"perf_counter" in source}  # they print how long they took
    assert {student: runs[0][student] for student in honest.keys() - timed} == {student: runs[1][student] for student in honest.keys() - timed}
    assert sorted(path.relative_to(course) for path in (course / "submitted").rglob("*")) == files
    assert left_over(before) == []


def test_runners_killed_in_the_middle_of_a_class_are_replaced_and_the_records_are_the_same(course: Path, reaper: None) -> None:
    for number in range(24):
        student = f"s{number:02}"
        program = RIGHT["code-conv2d"] if number % 3 else RIGHT["code-conv2d"].replace("* w)", "* w[::-1, ::-1])")
        hand_in(course, student, "hw", SHEET.format(student))
        hand_in(course, student, "hw", f"{SLOW}print('student {number}')\n{program}", "code-conv2d.py")
    calm = ended(grading())
    before = descendants(os.getpid())
    process = grading("--all")
    killed = 0
    while process.poll() is None and killed < 2:  # what is begun a third time is not disturbed again
        time.sleep(0.4)
        servers = [pid for pid in descendants(process.pid) if _is_server(pid)]
        for pid in servers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed += bool(servers) and process.poll() is None
    assert killed >= 2, "no runner was there to be killed: the test shows nothing"
    assert ended(process) == calm
    assert {scores(record)[0] for record in calm.values()} == {5, 10}
    assert left_over(before) == []


def _is_server(pid: int) -> bool:
    try:
        return b"inside.launcher" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
