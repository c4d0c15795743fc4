"""Engines: how batches are run. One after the other in this process, or in worker processes.

Both give the outcomes of each batch in the order the batches came, and the same outcomes.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Workers:
    """In `jobs` worker processes, forked from a server that has imported torch once.

    A hand-in that kills its worker (a segfault in native code) breaks the whole pool. Then a new pool takes each
    batch that was under way alone, and halves the one that breaks it again, until the one hand-in is found.
    """

    jobs: int
    grade: Grade = grade_batch

    def run(self, job: Job, batches: Iterable[Batch]) -> Iterator[Graded]:
        pool = self._pool()
        waiting: deque[tuple[Batch, Future[list[Outcome]]]] = deque()
        source = iter(batches)
        try:
            while True:
                while len(waiting) < 2 * self.jobs + 1 and (batch := next(source, None)) is not None:
                    waiting.append((batch, pool.submit(self.grade, job, batch)))
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
                        yield suspect, self._alone(job, suspect)
                    pool = self._pool()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _alone(self, job: Job, batch: Batch) -> list[Outcome | None]:
        """Grades a batch in a pool of its own; where that breaks too, each half of it."""
        with self._pool(1) as pool:
            try:
                return list(pool.submit(self.grade, job, batch).result())
            except BrokenProcessPool:
                pass
        if len(batch) == 1:
            return [None]
        middle = len(batch) // 2
        return [*self._alone(job, batch[:middle]), *self._alone(job, batch[middle:])]

    def _pool(self, jobs: int | None = None) -> ProcessPoolExecutor:
        # Never plain fork: torch has threads. The server imports torch once and forks workers that have it already,
        # each with one thread: a worker for each core keeps them all busy.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["torch", "grader.classroom.batch"])
        return ProcessPoolExecutor(jobs or self.jobs, mp_context=context)
