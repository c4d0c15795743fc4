"""Blocks of verification: an exercise at a level, its slots drawn alone or together. In this process, or in workers.

The blocks come back in their order, with the same findings, however many processes there are.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.classroom.engines import end_with_parent
from grader.classroom.verify import CHECKED, Verified, unverified, verified
from grader.course.course import load_exercise
from grader.course.exercise import Exercise

TICK = 0.1  # seconds between two looks at how far the workers are
FEW = 5000  # steps that are made here in the time that workers take to start

Progress = Callable[[int], None]
"""Told how many steps were made since it was last told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph of `grader verify`."""

    exercise: Exercise  # at its level
    count: int  # slots drawn together; 1: each on its own
    variants: int

    @property
    def steps(self) -> int:
        return steps(self.variants, self.count)


def steps(variants: int, count: int) -> int:
    """How many steps a block takes: its draws, and the variants of them that are graded."""
    return max(1, variants // count) + CHECKED


def verify_blocks(folder: Path, blocks: Sequence[Block], jobs: int | None, progress: Progress) -> Iterator[Verified]:
    """What verifying each block showed, in their order.

    Args:
        folder: the course, where workers read the exercises again.
        jobs: how many worker processes; None: one for each core, or none where there is little to do.
    """
    workers = min(jobs or os.cpu_count() or 1, len(blocks))
    if workers <= 1 or (jobs is None and sum(block.steps for block in blocks) <= FEW):
        for block in blocks:
            yield verified(block.exercise, block.variants, block.count, lambda: progress(1))
        return
    # Never plain fork: torch has threads. The server imports torch once and forks workers that have it already.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "grader.classroom.blocks"])
    made = context.Value("q", 0)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(made,))
    told = 0
    try:
        waiting = [_submitted(pool, folder, block) for block in blocks]
        for block, future in zip(blocks, waiting, strict=True):
            found = None
            while found is None:
                found = _result(folder, block, future)
                progress(made.value - told)
                told = made.value
            yield found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


Order = tuple[Path, str, int, int, int]


def _order(folder: Path, block: Block) -> Order:
    """A block as it travels to a worker: an exercise holds functions, which cannot."""
    return folder, block.exercise.id, block.exercise.level, block.variants, block.count


def _submitted(pool: ProcessPoolExecutor, folder: Path, block: Block) -> Future[Verified]:
    try:
        return pool.submit(_counted, *_order(folder, block))
    except BrokenProcessPool as error:  # so soon; this block is tried apart in its turn, as those are that were under way
        future: Future[Verified] = Future()
        future.set_exception(error)
        return future


def _result(folder: Path, block: Block, future: Future[Verified]) -> Verified | None:
    """What a worker found; None where it is not done yet."""
    try:
        return future.result(TICK)
    except NotYet:
        return None
    except BrokenProcessPool:
        return _alone(folder, block)


def _alone(folder: Path, block: Block) -> Verified:
    """Verifies a block in a process of its own. A worker that dies takes all others with it; whose block it was shows here."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver"), initializer=end_with_parent) as pool:
        try:
            return pool.submit(_uncounted, *_order(folder, block)).result()
        except BrokenProcessPool:
            return unverified(block.exercise, block.count, f"{block.exercise.solution_file}: {DIED}")


_made: Any = None  # in a worker: how many steps all workers have made


def _start(made: Any) -> None:
    global _made  # noqa: PLW0603 (what is shared can only be handed to a worker as it starts)
    _made = made
    end_with_parent()


def _counted(folder: Path, exercise: str, level: int, variants: int, count: int) -> Verified:
    """In a worker: verifies, and tells how far it is."""
    left = steps(variants, count)

    def make(number: int) -> None:
        nonlocal left
        left -= number
        with _made.get_lock():
            _made.value += number

    found = verified(_exercise(folder, exercise).at(level), variants, count, lambda: make(1))
    make(left)  # where nothing could be drawn
    return found


def _uncounted(folder: Path, exercise: str, level: int, variants: int, count: int) -> Verified:
    return verified(_exercise(folder, exercise).at(level), variants, count)


@lru_cache(maxsize=256)
def _exercise(folder: Path, exercise: str) -> Exercise:
    """In a worker: an exercise, read once."""
    return load_exercise(folder, exercise)


DIED = "the process that ran it has died (a crash in native code, or too little memory); run it by itself with `grader solve`"
