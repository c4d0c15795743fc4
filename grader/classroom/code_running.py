"""Runs what students have written: one warm runner for each thread that grades, started when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import util

from grader.course.code_key import CodeExpected, code_of
from grader.course.starter import untouched
from grader.marking.code_run import LIMITS, CodeRun, Run, Unconfined, calls_of
from grader.marking.source import Source, source_of
from grader.marking.submission import Submission
from grader.sandbox.call import Limits
from grader.sandbox.level import IsolationError
from grader.sandbox.outcome import Loaded
from grader.sandbox.runner import Runner, SandboxError
from grader.variants.variant import Sheet, Variant


class _Own(threading.local):
    """This thread's runners, by whether the code is trusted: a runner serves one thread."""

    def __init__(self) -> None:
        self.runners: dict[bool, Runner] = {}
        self.coming: dict[bool, Future[Runner]] = {}


_own = _Own()


def with_runs(sheet: Sheet, submission: Submission, *, trust: bool) -> Submission:
    """A submission with what came of each of its programs. Each is run on its own, whatever the others did."""
    runs: dict[str, Run] = {}
    programs = list(_programs(sheet, submission))
    if programs:
        begin_runner(trust)
    for variant, source in programs:
        try:
            found = run_source(code_of(variant.exercise, variant.expected), source, trust=trust)
        except SandboxError:  # ours: this question is left for a person, the others are graded
            continue
        if found is not None:
            runs[variant.slot] = found
    return replace(submission, runs=runs) if runs else submission


def _programs(sheet: Sheet, submission: Submission) -> Iterator[tuple[Variant, Source]]:
    """The programs that were handed in and written in, each with what asks for it."""
    for variant in sheet.variants:
        part = variant.exercise.code_part
        if part is None or part.code is None or submission.refusal is not None:
            continue
        source = source_of(variant.slot, part.id, submission.answers.get(variant.slot), submission.files.get(variant.slot))
        if isinstance(source, Source) and not untouched(part.code, source.raw):
            yield variant, source


def run_source(expected: CodeExpected, source: Source, *, trust: bool, limits: Limits = LIMITS) -> Run | None:
    """What comes of a program on the cases of an exercise; None where nothing was written in it.

    Raises:
        SandboxError: the runner failed, and the program is not to blame.
    """
    code = expected.code
    if untouched(code, source.raw):
        return None
    try:
        runner = runner_for(trust)
    except IsolationError as error:
        return Unconfined(str(error))
    shown = runner.run(source.raw, calls_of(expected, hidden=False), limits, name=source.name)
    secret = calls_of(expected, hidden=True)
    if not secret or not isinstance(shown.loading, Loaded):
        return CodeRun(shown, None)
    return CodeRun(shown, runner.run(source.raw, secret, limits, name=source.name))


def runner_for(trust: bool) -> Runner:
    """This thread's runner.

    Raises:
        IsolationError: nothing confines student code here, and it is not trusted.
        SandboxError: the runner does not start.
    """
    if trust not in _own.runners:
        begin_runner(trust)
        _own.runners[trust] = _own.coming.pop(trust).result()
    return _own.runners[trust]


def begin_runner(trust: bool) -> None:
    """Starts this thread's runner and does not wait for it: meanwhile what a program is compared with can be computed."""
    if trust in _own.runners or trust in _own.coming:
        return
    starter = ThreadPoolExecutor(1, "runner")
    coming = _own.coming[trust] = starter.submit(Runner, trust=trust)
    starter.shutdown(wait=False)
    # Worker processes do not end the way the interpreter does; this is called in both.
    util.Finalize(None, _close, (coming,), exitpriority=10)


def _close(coming: Future[Runner]) -> None:
    if coming.exception() is None:
        coming.result().close()


def isolation_fault(trust: bool) -> str | None:
    """Why student code is not run here; None where it is.

    Raises:
        SandboxError: the runner does not start.
    """
    try:
        runner_for(trust)
    except IsolationError as error:
        return str(error)
    return None
