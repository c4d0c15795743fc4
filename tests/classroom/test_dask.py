"""Grading on a Dask cluster: two worker processes of this machine, the same outcomes as anywhere else, whatever dies."""

from __future__ import annotations

import builtins
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from grader.classroom import dask_engine
from grader.classroom.batch import Job, Outcome, grade_batch
from grader.classroom.dask_engine import ClusterError, Dask, Parcel, Trouble, cluster, grade_parcel
from grader.classroom.database import StoreError
from grader.classroom.engines import Batch, Engine, Serial, Workers
from grader.classroom.grading import batches
from grader.classroom.hand_ins import HandIn, from_folders
from grader.classroom.store import Store
from grader.classroom.trial import hand_in_all, lay_out_trial
from grader.course.course import load_course
from grader.course.faults import CourseError
from grader.course.secret import find_secret
from tests.cli.conftest import Run
from tests.conftest import ROOT

NOW = datetime(2026, 12, 3, tzinfo=UTC)
STUDENTS, SIZE, ASSIGNMENT = 60, 10, "lesson1"
SQLITE = "sqlite:///grades.db"
CULPRIT = "sim-034"
MARKER = "killed-once"


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose simulated class has handed in."""
    folder = tmp_path_factory.mktemp("dask") / "course"
    lay_out_trial(ROOT, folder, STUDENTS, seed=5)
    course = load_course(folder)
    with Store(course.store, folder, course.id) as store:
        secret = find_secret(folder, course.public_seed)
        list(hand_in_all(course, course.assignment(ASSIGNMENT), list(course.roster or {}), store=store, secret=secret, seed=5, now=NOW))
    return folder


@pytest.fixture(scope="module")
def job(trial: Path) -> Job:
    return Job(folder=str(trial), assignment=ASSIGNMENT, store=SQLITE, secret=find_secret(trial, None), graded_at=NOW)


@pytest.fixture(scope="module")
def hand_ins(trial: Path) -> list[HandIn]:
    course = load_course(trial, solutions=False)
    return list(from_folders(trial / "submitted", course.assignment(ASSIGNMENT), course.timezone))


@pytest.fixture(scope="module")
def serial(job: Job, hand_ins: list[HandIn]) -> list[Outcome | None]:
    return outcomes(Serial(), job, hand_ins)


@pytest.fixture(scope="module")
def clusters() -> Iterator[list[tuple[ExitStack, Dask]]]:
    found: list[tuple[ExitStack, Dask]] = []
    yield found
    for stack, _ in found:
        stack.close()


@pytest.fixture
def dask(clusters: list[tuple[ExitStack, Dask]]) -> Dask:
    """A cluster with both its workers: the one there, or a new one where tests before have killed too many of them."""
    if clusters:
        with suppress(TimeoutError):
            clusters[0][1].client.wait_for_workers(2, timeout=20)
            return clusters[0][1]
        clusters.pop()[0].close()
    stack = ExitStack()
    clusters.append((stack, stack.enter_context(cluster(None, jobs=2, store=SQLITE))))
    return clusters[0][1]


def test_a_cluster_without_workers_is_not_waited_for_for_ever(job: Job, hand_ins: list[HandIn], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "POLL", 0.2)
    monkeypatch.setattr(dask_engine, "PATIENCE", 1)
    with cluster(None, jobs=1, store=SQLITE) as engine:
        engine.client.cluster.scale(0)  # type: ignore[union-attr]
        while engine.client.nthreads():
            time.sleep(0.1)
        with pytest.raises(ClusterError, match="has had no worker for 1 s; what was graded is in the store"):
            outcomes(engine, job, hand_ins)


def outcomes(engine: Engine, job: Job, hand_ins: list[HandIn]) -> list[Outcome | None]:
    """The outcomes of a class; each batch has to come back with its own hand-ins, in order."""
    graded = list(engine.run(job, batches(hand_ins, SIZE)))
    assert [found for batch, _ in graded for found in batch] == hand_ins
    return [outcome for _, found in graded for outcome in found]


def kills_its_worker_once(job: Job, batch: Batch) -> list[Outcome]:
    """Stands for a worker that is lost in the middle: the first to take the third batch dies of SIGKILL."""
    marker = Path(job.folder) / MARKER
    if any(found.student == CULPRIT for found in batch) and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_batch(job, batch)


def test_same_outcomes_everywhere(dask: Dask, job: Job, hand_ins: list[HandIn], serial: list[Outcome | None]) -> None:
    assert len(serial) == STUDENTS
    assert None not in serial
    assert outcomes(dask, job, hand_ins) == serial
    assert outcomes(Workers(2), job, hand_ins) == serial


def test_nothing_is_kept(dask: Dask, job: Job, hand_ins: list[HandIn]) -> None:
    """However many batches, only those under way are in memory: no more are read ahead, and none stay behind."""
    read = 0

    def counted() -> Iterator[Batch]:
        nonlocal read
        for found in hand_ins:
            read += 1
            yield [found]

    room = max(2 * dask.threads() + 1, dask_engine._AHEAD)
    for number, _ in enumerate(dask.run(job, counted()), start=1):
        assert read <= number + room
    assert not dask._under_way
    run = dask.run(job, batches(hand_ins, 1))
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert not dask._under_way


def test_worker_lost_in_the_middle(dask: Dask, job: Job, hand_ins: list[HandIn], serial: list[Outcome | None]) -> None:
    lossy = Dask(dask.client, remote=False, grade=kills_its_worker_once)
    assert outcomes(lossy, job, hand_ins) == serial
    assert (Path(job.folder) / MARKER).exists(), "no worker was killed"


def test_solution_that_segfaults_on_one_given(dask: Dask, trial: Path, job: Job, hand_ins: list[HandIn], serial: list[Outcome | None], tmp_path: Path) -> None:
    """Exactly the hand-in with that given is without outcome: `grade_class` records it as failed."""
    folder = tmp_path / "course"
    shutil.copytree(trial, folder)
    with Store(SQLITE, folder, "conv101") as store:
        issued = store.issued(ASSIGNMENT, CULPRIT, 1)
    assert issued is not None
    solution = folder / "solutions" / "one_window.py"
    trap = f"""
import ctypes, json
TRAP = json.loads({json.dumps(json.dumps(issued.slots["one-window"].given["input"]))})

def sprung(input):
    if input.tolist() == TRAP:
        ctypes.string_at(0)
"""
    text = solution.read_text(encoding="utf-8")
    place = text.index("\n", text.index('"""', text.index("@reference")))
    solution.write_text(text[:place] + "\n    sprung(input)" + text[place:] + trap, encoding="utf-8")
    found = outcomes(dask, replace(job, folder=str(folder)), hand_ins)
    assert [hand_in.student for hand_in, outcome in zip(hand_ins, found, strict=True) if outcome is None] == [CULPRIT]
    assert [outcome for outcome in found if outcome] == [outcome for outcome in serial if outcome and outcome.student != CULPRIT]


def test_hand_in_that_kills_a_worker_of_one(dask: Dask, job: Job, hand_ins: list[HandIn]) -> None:
    """A batch of one that lost its workers is tried once more, alone, before it is given up."""
    alone = [found for found in hand_ins if found.student == CULPRIT]
    assert outcomes(Dask(dask.client, remote=False, grade=dies), job, alone) == [None]


def dies(job: Job, batch: Batch) -> list[Outcome]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        pytest.param(
            {"folder": "/nowhere"}, ClusterError, "cannot open the course folder /nowhere; workers need the course folder at the same path", id="folder"
        ),
        pytest.param({"store": "sqlite:////nowhere/grades.db"}, StoreError, "the store sqlite:////nowhere/grades.db cannot be used", id="store"),
    ],
)
def test_worker_that_cannot_reach_what_is_shared(
    dask: Dask, job: Job, hand_ins: list[HandIn], change: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        outcomes(dask, replace(job, **change), hand_ins)  # type: ignore[arg-type]
    assert not dask._under_way


def test_store_that_another_machine_cannot_reach(dask: Dask, job: Job, hand_ins: list[HandIn]) -> None:
    remote = Dask(dask.client, remote=True)
    with pytest.raises(ClusterError, match=r"^the worker on \S+ cannot use the store .*the store on PostgreSQL"):
        outcomes(remote, replace(job, store="sqlite:////nowhere/grades.db"), hand_ins)


def test_faulty_course_reads_as_it_does_without_a_cluster(dask: Dask, trial: Path, job: Job, hand_ins: list[HandIn], tmp_path: Path) -> None:
    folder = tmp_path / "course"
    shutil.copytree(trial, folder)
    (folder / "solutions" / "conv.py").write_text("import nothing_of_that_name\n")
    faults = []
    for engine in (Serial(), dask):
        with pytest.raises(CourseError) as caught:
            outcomes(engine, replace(job, folder=str(folder)), hand_ins)
        faults.append(caught.value.faults)
    assert faults[0] == faults[1]


def test_parcel_tells_no_secret_and_refuses_another_version(job: Job, hand_ins: list[HandIn]) -> None:
    parcel = Parcel("0.0.1", grade_batch, job, hand_ins[:1])
    assert repr(parcel) == "Parcel(version='0.0.1')"
    found = grade_parcel(parcel)
    assert isinstance(found, Trouble)
    assert "has conv-grader 0.0.1" not in str(found.error)
    assert "this machine 0.0.1; install the same everywhere" in str(found.error)


@pytest.fixture
def submitted(trial: Path, tmp_path: Path) -> Path:
    """The trial course, for a command to grade."""
    folder = tmp_path / "course"
    shutil.copytree(trial, folder)
    return folder


def test_command_gives_the_records_it_gives_without(run: Run, submitted: Path, tmp_path: Path) -> None:
    graded = []
    for options in (["--jobs", 1], ["--jobs", 2, "--engine", "dask"]):
        file = tmp_path / "records.jsonl"
        result = run("grade", ASSIGNMENT, "--course", submitted, "--all", "--records", file, *options)
        assert result.exit_code == 1, result.stderr  # damaged files are refused
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        graded.append([json.dumps(line | {"graded_at": None}, ensure_ascii=False) for line in lines])
    assert len(graded[0]) == STUDENTS
    assert graded[0] == graded[1]


def grade_with(run: Run, folder: Path, *options: object) -> tuple[int, str]:
    result = run("grade", ASSIGNMENT, "--course", folder, *options)
    return result.exit_code, result.stderr


def unused_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("tcp://127.0.0.1:{port}", r"\[Errno 111\] Connection refused", id="nobody-there"),
        pytest.param("nonsense", "missing port number in address 'nonsense'", id="no-port"),
        pytest.param("gopher://127.0.0.1:{port}", "unknown address scheme 'gopher'.*", id="no-scheme-of-dask"),
    ],
)
def test_scheduler_that_is_not_there(address: str, reason: str) -> None:
    address = address.format(port=unused_port())
    with (
        pytest.raises(ClusterError, match=rf"^no scheduler answers at {address} \({reason}\); check the address"),
        cluster(address, jobs=None, store="postgresql://x"),
    ):
        pass


def test_command_with_a_scheduler_that_is_not_there(run: Run, submitted: Path) -> None:
    address = f"tcp://127.0.0.1:{unused_port()}"
    status, said = grade_with(run, submitted, "--engine", "dask", "--scheduler", address)
    assert (status, said.startswith(f"grader: no scheduler answers at {address} (")) == (1, True)


def test_sqlite_is_refused_with_a_remote_scheduler(run: Run, submitted: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        status, said = grade_with(run, submitted, "--engine", "dask", "--scheduler", f"tcp://127.0.0.1:{there.getsockname()[1]}")
    assert (status, said) == (1, f"grader: {dask_engine.SQLITE}\n")


def test_not_installed(run: Run, submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("dask", "distributed"):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    status, said = grade_with(run, submitted, "--engine", "dask")
    assert (status, said) == (1, "grader: --engine dask needs Dask, which is not installed; run: pip install 'conv-grader[dist]'\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--engine", "spark"], "grader: unknown engine 'spark'; write local or dask\n", id="engine"),
        pytest.param(["--scheduler", "tcp://x:1"], "grader: --scheduler is for --engine dask; add that\n", id="scheduler-alone"),
    ],
)
def test_wrong_use(run: Run, submitted: Path, options: list[str], said: str) -> None:
    assert grade_with(run, submitted, *options) == (2, said)


def test_scheduler_that_is_lost(job: Job, hand_ins: list[HandIn], monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that ends in the middle of a class: the command says so, and what came back before stays."""
    monkeypatch.setattr(dask_engine, "CONNECT", 1.0)
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0", silence_logs=50) as local,
        cluster(local.scheduler_address, jobs=None, store="postgresql://x") as engine,
    ):
        run = engine.run(job, batches(hand_ins, 1))
        assert next(run)[1]
        local.close()
        with pytest.raises(ClusterError, match=r"^the scheduler was lost"):
            list(run)
