"""Dask: batches in the worker processes of a cluster, on this machine or on many (docs/cluster.md).

Needs the extra `conv-grader[dist]`, which is imported only when a cluster is asked for.
"""

from __future__ import annotations

import logging
import os
import platform
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import __version__
from grader.classroom.batch import Job, Outcome, forget, grade_batch
from grader.classroom.database import StoreError
from grader.classroom.engines import Batch, Grade, Graded
from grader.course.faults import CourseError

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 10.0  # seconds until a scheduler counts as not there
POLL, PATIENCE = 5, 60  # seconds: how often a wait looks whether there are workers, and how long it does without one
_AHEAD = 8  # batches under way at least, so that an adaptive cluster without workers yet sees work to start them for


class ClusterError(Exception):
    """The cluster cannot be used; the message says why and what to do. What was graded before is in the store."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a worker gets. Dask writes the repr of arguments into logs: this one tells no secret and no answer."""

    version: str
    grade: Grade = field(repr=False)
    job: Job = field(repr=False)
    batch: Batch = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What kept a worker from grading a batch. Returned, not raised: Dask logs what a task raises with its arguments."""

    host: str
    error: CourseError | StoreError | ClusterError


def grade_parcel(parcel: Parcel) -> list[Outcome] | Trouble:
    """Runs on a worker."""
    host, folder = platform.node(), parcel.job.folder
    if parcel.version != __version__:
        return Trouble(host, ClusterError(VERSIONS.format(host=host, there=__version__, here=parcel.version)))
    try:
        return list(parcel.grade(parcel.job, parcel.batch))
    except CourseError as error:
        # A course that is there and faulty is the author's to correct, not the cluster's.
        return Trouble(host, error if (Path(folder) / "course.yaml").is_file() else ClusterError(NO_FOLDER.format(host=host, folder=folder)))
    except StoreError as error:
        return Trouble(host, error)


class Dask:
    """Batches on a Dask cluster. As many are under way as keep its workers busy, so memory stays flat however large the class.

    Dask runs the batch of a lost worker again. A batch that lost more workers than the scheduler allows is halved, with
    nothing else under way, until the one hand-in that kills its worker is found.
    """

    def __init__(self, client: Client, *, remote: bool, grade: Grade = grade_batch) -> None:
        self.client = client
        self.remote = remote
        self.grade = grade
        # Of every run: a hand-in that is graded again runs while the batches of its class are under way.
        self._under_way: set[Future[Any]] = set()

    def threads(self) -> int:
        """How many batches the cluster grades at once, by now."""
        with self._reached():
            return sum(self.client.nthreads().values())

    def run(self, job: Job, batches: Iterable[Batch]) -> Iterator[Graded]:
        job = replace(job, folder=str(Path(job.folder).resolve()))  # workers stand in other folders
        waiting: deque[tuple[Batch, Future[Any]]] = deque()
        source = iter(batches)
        try:
            while True:
                room = max(2 * self.threads() + 1, _AHEAD)
                while len(waiting) < room and (batch := next(source, None)) is not None:
                    waiting.append((batch, self._submit(job, batch)))
                if not waiting:
                    return
                batch, future = waiting.popleft()
                yield batch, self._outcomes(future) or self._halved(job, batch)
        finally:
            for _, future in waiting:
                self._drop(future)

    def _submit(self, job: Job, batch: Batch) -> Future[Any]:
        with self._reached():
            future = self.client.submit(grade_parcel, Parcel(__version__, self.grade, job, batch), pure=False)
        self._under_way.add(future)
        return future

    def _outcomes(self, future: Future[Any]) -> list[Outcome | None] | None:
        """The outcomes of a batch; None where it lost too many workers. The cluster forgets them."""
        from distributed.scheduler import KilledWorker

        try:
            with self._reached():
                found = self._result(future)
        except KilledWorker:
            return None
        finally:
            self._drop(future)
        if not isinstance(found, Trouble):
            return list(found)
        if self.remote and isinstance(found.error, StoreError):
            raise ClusterError(NO_STORE.format(host=found.host, error=found.error)) from found.error
        raise found.error

    def _result(self, future: Future[Any]) -> Any:
        """What a future gives. On this machine workers that are gone stay gone; on a cluster others may still come, and are waited for."""
        alone = 0
        while True:
            try:
                return future.result(timeout=POLL)
            except TimeoutError:
                alone = 0 if self.client.nthreads() else alone + 1
                if not self.remote and alone * POLL >= PATIENCE:
                    raise ClusterError(NO_WORKERS.format(seconds=PATIENCE)) from None

    def _halved(self, job: Job, batch: Batch) -> list[Outcome | None]:
        """The outcomes of a batch that lost its workers, each half of it graded alone; None for the hand-in that kills them."""
        with self._reached():
            for beside in self._under_way:  # waits for each: else a batch beside it could be what kills the worker
                with suppress(Exception):
                    self._result(beside)
        middle = len(batch) // 2
        outcomes: list[Outcome | None] = []
        for part in (batch[:middle], batch[middle:]):
            if part:
                found = self._outcomes(self._submit(job, part))
                outcomes += found or ([None] if len(part) == 1 else self._halved(job, part))
        return outcomes

    def _drop(self, future: Future[Any]) -> None:
        self._under_way.discard(future)
        future.release()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Says what became of the cluster where a call to it fails."""
        try:
            yield
        except (CancelledError, OSError) as error:
            raise ClusterError(LOST.format(reason=type(error).__name__)) from error
        except (ImportError, RuntimeError) as error:  # what Dask makes of a module that a machine does not have
            if not self.remote:
                raise
            raise ClusterError(OTHER_ENVIRONMENT.format(reason=str(error).splitlines()[0])) from error


@contextmanager
def cluster(scheduler: str | None, *, jobs: int | None, store: str, grade: Grade = grade_batch) -> Iterator[Dask]:
    """A cluster to grade on: the one of a scheduler's address, else worker processes of this machine while the block lasts.

    Args:
        jobs: worker processes on this machine; one for each core by default.
        store: the course's store URL; workers of other machines have to reach it.

    Raises:
        ClusterError: Dask is not installed, nothing answers there, or its workers cannot grade.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ClusterError(NOT_INSTALLED) from error

    with ExitStack() as stack:
        # A batch may hold a hundred files of 1 MB; Dask would warn from 10 MB on that they had better be in a data set.
        stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}))
        if scheduler is None:
            yield Dask(stack.enter_context(Client(stack.enter_context(_local(jobs or os.cpu_count() or 1)), set_as_default=False)), remote=False, grade=grade)
            return
        _check_address(scheduler)
        if store.startswith("sqlite"):
            raise ClusterError(SQLITE)
        try:
            client = stack.enter_context(Client(scheduler, timeout=CONNECT, set_as_default=False))
        except (OSError, TypeError, ValueError) as error:
            raise ClusterError(NO_SCHEDULER.format(address=scheduler, reason=str(error).splitlines()[0])) from error
        # Workers outlive a run: what they know of the course may be older than its files.
        for found in client.run(forget, on_error="return").values():
            if isinstance(found, BaseException):
                raise ClusterError(OTHER_ENVIRONMENT.format(reason=found)) from found
        yield Dask(client, remote=True, grade=grade)


@contextmanager
def _local(jobs: int) -> Iterator[Any]:
    """A cluster on this machine that only this process can use."""
    import dask
    from distributed import LocalCluster, Security
    from distributed.utils import get_mp_context

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    settings = {
        "distributed.scheduler.allowed-failures": 1,  # a batch that loses two workers is halved
        "distributed.scheduler.http.routes": [],
        "distributed.worker.multiprocessing-method": "forkserver",  # torch is imported once, as in engines.Workers
    }
    try:
        # Whoever reaches a scheduler runs code as its owner, and other users of a machine reach its loopback: keys of our own.
        security = Security.temporary()
    except ImportError as error:
        raise ClusterError(NOT_INSTALLED) from error
    with dask.config.set(settings):
        get_mp_context().set_forkserver_preload(["distributed", "torch", "grader.classroom.batch"])
        with LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            security=security,
            dashboard_address="127.0.0.1:0",  # None would open port 8787 all the same
            scheduler_kwargs={"dashboard": False},
            memory_limit=0,
            silence_logs=logging.CRITICAL,  # lost workers are ours to tell of
        ) as local:
            yield local


def _check_address(address: str) -> None:
    """Knocks at the port first: a Client that finds nobody cannot be closed without a complaint."""
    from distributed.comm.addressing import get_address_host_port

    try:
        host, port = get_address_host_port(address)
        socket.create_connection((host, port), timeout=CONNECT).close()
    except (OSError, ValueError, NotImplementedError) as error:
        raise ClusterError(NO_SCHEDULER.format(address=address, reason=error)) from error


NOT_INSTALLED = "--engine dask needs Dask, which is not installed; run: pip install 'conv-grader[dist]'"
NO_SCHEDULER = "no scheduler answers at {address} ({reason}); check the address, as tcp://HOST:8786, that `dask scheduler` runs there, and the firewall"
SHARED = "workers need the course folder at the same path, and the store on PostgreSQL (docs/cluster.md)"
SQLITE = f"a store in SQLite cannot be reached from other machines; set `store: postgresql://…` in course.yaml: {SHARED}"
NO_FOLDER = f"the worker on {{host}} cannot open the course folder {{folder}}; {SHARED}"
NO_STORE = f"the worker on {{host}} cannot use the store ({{error}}); {SHARED}"
VERSIONS = "the worker on {host} has conv-grader {there}, this machine {here}; install the same everywhere, and restart the workers"
OTHER_ENVIRONMENT = "the cluster cannot run conv-grader ({reason}); install the same conv-grader[dist] for the scheduler and every worker, and restart them"
NO_WORKERS = "the cluster has had no worker for {seconds} s; what was graded is in the store: start workers and repeat the command for the rest"
LOST = "the scheduler was lost ({reason}); what was graded is in the store: start the scheduler again and repeat the command for the rest"
