"""Engines: how batches are run. One after the other in this process, or in worker processes.

Both give the outcomes of each batch in the order the batches came, and the same outcomes.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import forkserver
from typing import Protocol

from grader.classroom.batch import Job, Outcome, grade_batch
from grader.classroom.hand_ins import HandIn

Batch = Sequence[HandIn]
Grade = Callable[[Job, Batch], list[Outcome]]
Graded = tuple[Batch, list[Outcome | None]]
"""A batch and its outcomes; None for a hand-in that killed its worker."""


class Engine(Protocol):
    """Runs batches. `None` stands for the outcome of a hand-in that killed the process it was graded in."""

    def run(self, job: Job, batches: Iterable[Batch]) -> Iterator[Graded]: ...


@dataclass(frozen=True, slots=True)
class Serial:
    """In this process."""

    grade: Grade = grade_batch

    def run(self, job: Job, batches: Iterable[Batch]) -> Iterator[Graded]:
        for batch in batches:
            yield batch, list(self.grade(job, batch))


@dataclass(slots=True)
class Workers:
    """In `jobs` worker processes, forked from a server that has imported torch once.

    A hand-in that kills its worker (a segfault in native code) breaks the whole pool. Then a new pool takes each
    batch that was under way alone, and halves the one that breaks it again, until the one hand-in is found.

    A run within a run (a single hand-in graded again, between batches) has one worker more, which stays until the
    outer run ends: in the common queue it would wait behind whole batches.
    """

    jobs: int
    grade: Grade = grade_batch
    _running: bool = field(default=False, init=False)
    _beside: ProcessPoolExecutor | None = field(default=None, init=False)

    def run(self, job: Job, batches: Iterable[Batch]) -> Iterator[Graded]:
        if self._running:
            yield from ((single, self._graded_beside(job, single)) for single in batches)
            return
        self._running = True
        pool = self._pool()
        waiting: deque[tuple[Batch, Future[list[Outcome]]]] = deque()
        source = iter(batches)
        try:
            while True:
                while len(waiting) < 2 * self.jobs + 1 and (batch := next(source, None)) is not None:
                    waiting.append((batch, self._submitted(pool, job, batch)))
                if not waiting:
                    return
                batch, future = waiting.popleft()
                try:
                    yield batch, list(future.result())
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    suspects = [batch, *(other for other, _ in waiting)]
                    waiting.clear()
                    for suspect in suspects:
                        yield suspect, self._graded_beside(job, suspect)
                    pool = self._pool()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            if self._beside is not None:
                self._beside.shutdown(wait=True, cancel_futures=True)
            self._running, self._beside = False, None

    def _submitted(self, pool: ProcessPoolExecutor, job: Job, batch: Batch) -> Future[list[Outcome]]:
        try:
            return pool.submit(self.grade, job, batch)
        except BrokenProcessPool as error:  # broken while the caller wrote the last batch down; this one waits its turn like those under way
            future: Future[list[Outcome]] = Future()
            future.set_exception(error)
            return future

    def _graded_beside(self, job: Job, batch: Batch) -> list[Outcome | None]:
        """Grades a batch in one worker that grades nothing else meanwhile; where that breaks, each half of it."""
        self._beside = self._beside or self._pool(1)
        try:
            return list(self._beside.submit(self.grade, job, batch).result())
        except BrokenProcessPool:
            self._beside.shutdown(wait=False)
            self._beside = None
        if len(batch) == 1:
            return [None]
        middle = len(batch) // 2
        return [*self._graded_beside(job, batch[:middle]), *self._graded_beside(job, batch[middle:])]

    def _pool(self, jobs: int | None = None) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs or self.jobs, mp_context=_context(), initializer=end_with_parent)


def start_server() -> None:
    """Starts the server that workers are forked from, ahead of time: it loads while the caller does what comes before."""
    _context()
    forkserver.ensure_running()


def _context() -> multiprocessing.context.ForkServerContext:
    # Never plain fork: torch has threads. The server imports the grader once and forks workers that have it already. Not torch:
    # that takes longer than grading a class whose keys are known. Each worker has one thread: one for each core keeps them all busy.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.classroom.batch"])
    return context


def end_with_parent() -> None:
    """Ends this worker when the process it works for is gone: killed, that cannot tell its workers, and they would wait for ever."""
    threading.Thread(target=_follow_parent, name="follow-parent", daemon=True).start()


def _follow_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
