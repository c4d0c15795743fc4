"""Engines grade the same, in whatever process and order, and a hand-in that kills its worker harms no other."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom.batch import Job, Outcome, forget, grade_batch
from grader.classroom.engines import Batch, Engine, Serial, Workers
from grader.classroom.grading import BATCH, Attempts, Seen, batches, grade_class
from grader.classroom.hand_ins import HandIn, from_folders
from grader.classroom.store import Store
from grader.classroom.trial import hand_in_all, lay_out_trial
from grader.course.course import load_course
from grader.course.secret import find_secret
from tests.conftest import ROOT

NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)
STUDENTS = 120
ASSIGNMENT = "lesson1"
KILLER = b"kills its worker"


def grade_or_die(job: Job, batch: Batch) -> list[Outcome]:
    """Stands for a solution with a fault in native code: one hand-in ends the process that grades it."""
    if any(KILLER in found.body for found in batch):
        os.kill(os.getpid(), signal.SIGSEGV)
    return grade_batch(job, batch)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines") / "trial"
    lay_out_trial(ROOT, folder, STUDENTS, seed=3)
    course = load_course(folder, solutions=True)
    with Store(course.store, folder, course.id) as store:
        students = list(course.roster or {})
        secret = find_secret(folder, course.public_seed)
        list(hand_in_all(course, course.assignment(ASSIGNMENT), students, store=store, secret=secret, seed=3, now=NOW))
    return folder


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    forget()


def found_in(folder: Path) -> list[HandIn]:
    course = load_course(folder, solutions=False)
    return list(from_folders(folder / "submitted", course.assignment(ASSIGNMENT), course.timezone))


def graded(folder: Path, engine: Engine, hand_ins: list[HandIn], name: str, now: datetime = NOW) -> list[str]:
    """The records of a class graded into a store of its own."""
    course = load_course(folder, solutions=False)
    with Store(f"sqlite:///{name}.db", folder, course.id) as store:
        secret = find_secret(folder, course.public_seed)
        outcomes = list(grade_class(course, course.assignment(ASSIGNMENT), hand_ins, store=store, secret=secret, engine=engine, now=now))
        assert len(outcomes) == len(hand_ins)
        return list(store.records(ASSIGNMENT))


def test_every_engine_and_order_gives_the_same_bytes(trial: Path) -> None:
    hand_ins = found_in(trial)
    assert len(hand_ins) == STUDENTS > BATCH
    expected = graded(trial, Serial(), hand_ins, "serial")
    assert len(expected) == STUDENTS
    shuffled = random.Random(1).sample(hand_ins, STUDENTS)
    assert graded(trial, Workers(2), shuffled, "workers") == expected
    assert graded(trial, Serial(), hand_ins[::-1], "backwards") == expected


def test_one_that_kills_its_worker_is_found_and_the_others_are_graded(trial: Path) -> None:
    hand_ins = found_in(trial)
    expected = graded(trial, Serial(), hand_ins, "unharmed")
    victims = {hand_ins[7].student, hand_ins[60].student, hand_ins[STUDENTS - 1].student}
    spoilt = [HandIn(form="yaml", body=KILLER, digest=f"sha256:{h.student}", student=h.student) if h.student in victims else h for h in hand_ins]
    found = graded(trial, Workers(2, grade_or_die), spoilt, "killed")
    by_student = {record["student"]: record for record in map(json.loads, found)}
    assert {student for student, record in by_student.items() if record["status"] == "failed"} == victims
    assert all("the grader failed on this file; this is not your fault" in json.dumps(by_student[student]) for student in victims)
    others = [record for record in expected if json.loads(record)["student"] not in victims]
    assert [record for record in found if json.loads(record)["student"] not in victims] == others


def test_a_pool_that_breaks_while_the_caller_writes(trial: Path) -> None:
    course = load_course(trial, solutions=False)
    job = Job(folder=str(trial), assignment=ASSIGNMENT, store=course.store, secret=find_secret(trial, course.public_seed), graded_at=NOW)
    killer = HandIn(form="yaml", body=KILLER, digest="sha256:0", student="sim-001")
    hand_ins = found_in(trial)[:11]
    hand_ins.insert(1, killer)
    found: list[tuple[str, bool]] = []
    for batch, outcomes in Workers(1, grade_or_die).run(job, batches(hand_ins, 1)):
        if not found:
            time.sleep(2)  # by now the second has broken the pool
        found.append((batch[0].digest, outcomes[0] is None))
    assert found == [(hand_in.digest, hand_in is killer) for hand_in in hand_ins]


def test_a_hand_in_graded_again_within_a_run_needs_no_pool_of_its_own(trial: Path) -> None:
    """As where a student hands in twice, and the second attempt is graded once its number is known."""
    course = load_course(trial, solutions=False)
    job = Job(folder=str(trial), assignment=ASSIGNMENT, store=course.store, secret=find_secret(trial, course.public_seed), graded_at=NOW)
    hand_ins = found_in(trial)[:8]
    killer = HandIn(form="yaml", body=KILLER, digest="sha256:0", student="sim-001")
    engine = Workers(1, grade_or_die)
    for batch, outcomes in engine.run(job, batches(hand_ins, 4)):
        again = [next(iter(engine.run(job, [[single]])))[1] for single in (*batch, killer, batch[0])]
        assert again == [*([outcome] for outcome in outcomes), [None], [outcomes[0]]]
    assert list(engine.run(job, [])) == []  # the run has ended; the engine may be used again


@pytest.mark.parametrize(
    ("taken", "sheet", "expected"),
    [
        pytest.param([], 1, 1, id="first"),
        pytest.param([("a", 1)], 1, 2, id="second"),
        pytest.param([("new", 4)], 1, 4, id="seen-before"),
        pytest.param([("a", 1)], 3, 3, id="sheet-of-the-third"),
    ],
)
def test_attempts_are_counted(taken: list[tuple[str, int]], sheet: int, expected: int) -> None:
    attempts = Attempts()
    for digest, attempt in taken:
        attempts.take("ada", digest, attempt)
    assert attempts.number("ada", "new", sheet) == expected


def test_what_came_in_an_earlier_batch_of_the_run_is_counted(trial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.classroom.grading.batches.__defaults__", (1,))
    first, other = found_in(trial)[:2]
    again = [replace(first, body=first.body + b"\n" * n, digest=f"sha256:{n}", line=None) for n in (1, 2)]
    records = map(json.loads, graded(trial, Serial(), [first, again[0], other, again[1]], "attempts"))
    assert sorted((record["student"], record["attempt"]) for record in records) == [
        (first.student, 1),
        (first.student, 2),
        (first.student, 3),
        (other.student, 1),
    ]


@pytest.mark.parametrize(
    ("graded_before", "found", "known"),
    [
        pytest.param([("ada", "d")], ("ada", "d"), True, id="the-same"),
        pytest.param([("ada", "d")], ("bob", "d"), False, id="the-same-bytes-of-another-student"),
        pytest.param([("ada", "d")], ("ada", "e"), False, id="other-bytes"),
        pytest.param([("ada", "d")], (None, "d"), True, id="a-line-names-its-student-inside"),
        pytest.param([(None, "d")], (None, "d"), True, id="a-line-met-before"),
        pytest.param([(None, "d")], ("ada", "d"), False, id="a-file-after-a-line"),
        pytest.param([("a\udcff", "d")], ("a\udcff", "d"), True, id="a-name-that-is-no-text"),
        pytest.param([], ("ada", "d"), False, id="nothing-before"),
    ],
)
def test_hand_ins_met_before(graded_before: list[tuple[str | None, str]], found: tuple[str | None, str], known: bool) -> None:
    seen = Seen()
    for student, digest in graded_before:
        seen.add(student, digest)
    assert seen.has(*found) is known
