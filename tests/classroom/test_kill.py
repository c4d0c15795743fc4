"""`grader grade`, killed at any moment and run again, ends with the records of a run that nobody disturbed.

A few moments by default; `GRADER_KILLS=20` kills twenty runs for each database and form of hand-in, in a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from grader.classroom.store import Store
from grader.classroom.tables import history, keys, records, runs, sheets, submissions
from grader.classroom.trial import hand_in_all, lay_out_trial
from grader.course.course import load_course
from grader.course.secret import find_secret
from tests.conftest import ROOT
from tests.postgres import Server

KILLS = int(os.environ.get("GRADER_KILLS", "1"))
STUDENTS = 300
ASSIGNMENT = "lesson1"
NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)
PATIENCE = 120  # seconds until a test that waits for a process gives up

NewUrl = Callable[[], str]


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that has handed in: a folder each, and the same and more as JSON Lines, some students twice, some lines no sheets."""
    folder = tmp_path_factory.mktemp("kill") / "trial"
    lay_out_trial(ROOT, folder, STUDENTS, seed=7)
    course = load_course(folder, solutions=True)
    with Store(course.store, folder, course.id) as store:
        list(
            hand_in_all(
                course, course.assignment(ASSIGNMENT), list(course.roster or {}), store=store, secret=find_secret(folder, course.public_seed), seed=7, now=NOW
            )
        )
    with (folder / "class.jsonl").open("w", encoding="utf-8") as lines:
        for number, student in enumerate(course.roster or {}):
            line = {"sheet": f"{course.id}/{ASSIGNMENT}/{student}/1", "student": student, "answers": {"one-window": number, "conv-array": [[1, 2], [3, 4]]}}
            print(json.dumps(line), file=lines)
            if number % 10 == 0:
                print(json.dumps({**line, "answers": {"one-window": "1/2"}}), file=lines)
            if number % 50 == 0:
                print(json.dumps({"student": f"nobody\0{number}\ud800", "answers": {}}) + '\n{"not": "a sheet"', file=lines)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.new_database
    numbers = iter(range(1000))
    return lambda: f"sqlite:///{tmp_path}/store{next(numbers)}.db"


@dataclass(frozen=True)
class Class:
    """A class to grade into one store, by a command of its own session, which every process it starts belongs to."""

    folder: Path
    url: str
    lines: bool

    def start(self, out: Path) -> subprocess.Popen[str]:
        course = self.folder / "course.yaml"
        kept = [line for line in course.read_text(encoding="utf-8").splitlines() if not line.startswith("store:")]
        course.write_text("\n".join([*kept, f"store: {self.url}", ""]), encoding="utf-8")
        arguments = [
            "grade",
            ASSIGNMENT,
            "--course",
            self.folder,
            "--jobs",
            "2",
            "--records",
            out,
            *(["--from", self.folder / "class.jsonl"] if self.lines else []),
        ]
        return subprocess.Popen(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, out: Path) -> list[dict[str, Any]]:
        """Grades to the end; the records, without the time they were graded at."""
        process = self.start(out)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1, errors  # 1: some hand-ins want a person
        assert errors == ""
        assert_none_left(process)
        return read(out)

    def has_begun(self) -> bool:
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                return connection.execute(select(runs.c.id).where(runs.c.finished_at.is_(None))).first() is not None
        except SQLAlchemyError:  # no tables yet
            return False
        finally:
            engine.dispose()

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the store holds of every hand-in, each table in its order; times of the run itself and its number left out."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = {}
            for table in (submissions, sheets, records, history):
                columns = [column for column in table.c if column.name not in ("issued_at", "run", "record", "outline", "id", "replaced_by")]
                found[table.name] = sorted(tuple(row) for row in connection.execute(select(*columns)))
            outlines = [json.loads(row[0]) for row in connection.execute(select(records.c.outline))]
            found["outlines"] = sorted((json.dumps({**outline, "graded_at": None}),) for outline in outlines)
            found["keys"] = sorted(tuple(row) for row in connection.execute(select(keys)))
            found["finished"] = [tuple(row) for row in connection.execute(select(runs.c.finished_at.is_not(None)).order_by(runs.c.id.desc()).limit(1))]
        engine.dispose()
        return found


def read(path: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in found:
        del record["graded_at"]
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def in_session(leader: int) -> list[str]:
    """The processes that a command has started, by the session that it leads."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        state, _, _, session = text.rpartition(")")[2].split()[:4]
        if int(session) == leader and state != "Z":
            found.append(text)
    return found


def assert_none_left(process: subprocess.Popen[str]) -> None:
    wait_until(lambda: not in_session(process.pid))


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes by /proc, which is Linux's")


@linux
@pytest.mark.parametrize("lines", [pytest.param(False, id="folders"), pytest.param(True, id="lines")])
def test_killed_at_any_moment_and_run_again_nothing_is_lost_or_doubled(trial: Path, new_url: NewUrl, lines: bool, tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    undisturbed = Class(trial, new_url(), lines)
    started = time.monotonic()
    process = undisturbed.start(out)
    wait_until(undisturbed.has_begun)
    begun = time.monotonic()
    _, errors = process.communicate(timeout=PATIENCE)
    ended = time.monotonic()
    assert errors == ""
    expected, contents = read(out), undisturbed.contents()
    assert len(expected) == len(contents["records"]) == (STUDENTS + 30 + 6 + 1 if lines else STUDENTS)
    assert contents["history"] == []

    moments = random.Random(f"lines {lines}")
    landed = 0
    for number in range(KILLS):
        disturbed = Class(trial, new_url(), lines)
        process = disturbed.start(out)
        if number % 4 < 3:  # most while hand-ins are graded and written, some from the very start
            wait_until(lambda: disturbed.has_begun() or process.poll() is not None)  # noqa: B023
            time.sleep(moments.uniform(0, 0.9 * (ended - begun)))
        else:
            time.sleep(moments.uniform(0, 0.9 * (ended - started)))
        landed += process.poll() is None
        if number % 2 and process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()  # the main process alone
        process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        assert disturbed.finish(out) == expected
        assert disturbed.contents() == contents
        assert_none_left(process)
    print(f"{undisturbed.url}, {'lines' if lines else 'folders'}: {KILLS} runs, {landed} killed before their end")


@linux
def test_the_second_of_two_runs_says_who_holds_the_assignment(trial: Path, new_url: NewUrl, tmp_path: Path) -> None:
    both = Class(trial, new_url(), lines=True)
    first = both.start(tmp_path / "first.jsonl")
    wait_until(both.has_begun)
    first.send_signal(signal.SIGSTOP)  # so that it surely is not done before the second begins
    second = both.start(tmp_path / "second.jsonl")
    _, errors = second.communicate(timeout=PATIENCE)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 1
    assert f"another run is grading {ASSIGNMENT} (process {first.pid} on " in errors
    assert errors.count("\n") == 1
    _, errors = first.communicate(timeout=PATIENCE)
    assert errors == ""
    assert read(tmp_path / "first.jsonl") == both.finish(tmp_path / "again.jsonl")
    assert len(both.contents()["records"]) == STUDENTS + 30 + 6 + 1


@linux
def test_two_runs_that_make_the_store_at_once_do_not_meet(trial: Path, new_url: NewUrl, tmp_path: Path) -> None:
    both = Class(trial, new_url(), lines=True)
    processes = [both.start(tmp_path / f"{number}.jsonl") for number in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=PATIENCE)
        assert errors == "" or f"another run is grading {ASSIGNMENT} (" in errors
    both.finish(tmp_path / "records.jsonl")
    assert len(both.contents()["records"]) == STUDENTS + 30 + 6 + 1
    assert both.contents()["history"] == []


STEPS = """
import json, os, signal, sys
from pathlib import Path
import alembic.command  # once, before all forks
from sqlalchemy import event
from grader.classroom.store import Store

def row(student, score):
    common = {"student": student, "digest": "sha256:1", "attempt": 1}
    hand_in = {**common, "form": "yaml", "submitted_at": None, "file_time": 0, "line": None, "body": b"x", "refusal": None}
    return hand_in, {**common, "status": "graded", "score": score, "record": json.dumps([student, score])}

def work(url, die_at=None):
    store = Store(url, Path("."), "course")
    steps = 0
    def step(*_):
        nonlocal steps
        steps += 1
        if steps == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store._database.engine, name, step)
    with store, store.hold("a"):
        run = store.start_run("a", "grade", "me", {})
        for batch, score in ((["ada", "emmy"], 1.0), (["alan"], 1.0), (["ada"], 2.0)):
            done = {json.loads(text)[0]: json.loads(text)[1] for text in store.records("a")}
            new = [row(student, score) for student in batch if done.get(student, 0) < score]
            if new:
                store.add_graded("a", run, [h for h, _ in new], [r for _, r in new], [])
        store.finish_run(run)
        found = [json.loads(text) for text in store.records("a")]
        assert found == [["ada", 2.0], ["alan", 1.0], ["emmy", 1.0]], found
        assert [json.loads(text) for _, text in store.past("a", "ada")] == [["ada", 1.0]], list(store.past("a", "ada"))
        assert len(list(store.submissions("a"))) == 3
    return steps

template = sys.argv[1]
def fresh(number):
    if "%s" not in template:  # PostgreSQL: a schema each
        from sqlalchemy import create_engine, text
        engine = create_engine(template)
        with engine.begin() as connection:
            connection.execute(text(f"create schema s{number}"))
        engine.dispose()
        return f"{template}?options=-csearch_path%3Ds{number}"
    return template % number

killed, steps = 0, 1
while steps:
    url = fresh(steps)
    child = os.fork()
    if child == 0:
        try:
            work(url, steps)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(2)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, status
    work(url)
    if not os.WIFSIGNALED(status):
        break
    killed += 1
    steps += 1
print(killed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_before_and_after_every_statement_and_commit(new_url: NewUrl, tmp_path: Path) -> None:
    """From the first table on: whatever half was done is gone or whole, and the next run goes on from it."""
    url = new_url()
    template = f"sqlite:///{tmp_path}/step%s.db" if url.startswith("sqlite") else url
    done = subprocess.run([sys.executable, "-c", STEPS, template], capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50
    print(f"{url.partition(':')[0]}: killed at {done.stdout.strip()} places")
