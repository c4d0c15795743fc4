"""Runs submissions, one after another, in confined children of one warm server.

    with Runner() as runner:
        outcome = runner.run(source, [Call(function="conv2d", positional=(x, w), expected=(Expected((4, 4)),))])

The clock, the counting of bytes and every decision are on this side. One runner serves one thread; for more cores take
more runners.
"""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

from grader.sandbox.call import Call, Limits
from grader.sandbox.frames import Reader
from grader.sandbox.level import USED, Isolation, IsolationError, Level, advice, reaches
from grader.sandbox.outcome import CallOutcome, Died, Flooded, Loaded, Loading, NotRun, Outcome, TimedOut, Unreadable, Why
from grader.sandbox.output import Output
from grader.sandbox.process import Ended, Lost, Server
from grader.sandbox.request import encoded

_READY_SECONDS = 20.0  # from the order to fork to standing walls: the machine's time, not the student's
_TRIES = 3
_CHUNK = 1 << 16
NAME = "answer.py"


class SandboxError(Exception):
    """The runner failed, not the submission: a person looks."""


class Runner:
    """A warm server, and submissions run in it.

    Args:
        level: exactly this level and no other part; None: the best this machine has.
        trust: the caller trusts the code, so that level `none` will do.

    Raises:
        IsolationError: the level cannot be had here, or is `none` and the code is not trusted.
        SandboxError: the server does not start.
    """

    def __init__(self, level: Level | None = None, *, trust: bool = False) -> None:
        if sys.platform == "win32":
            raise IsolationError(advice(Isolation((), {})))
        self._wanted = level
        self._trust = trust
        self._server = self._started()

    def _started(self) -> Server:
        for left in reversed(range(_TRIES)):
            try:
                server = Server(USED[self._wanted or Level.FULL])
                break
            except Lost as error:  # killed while it started, as by a system short of memory: the next one may live
                if not left:
                    raise SandboxError(str(error)) from None
        found, wanted = server.isolation, self._wanted
        if wanted is not None and not reaches(found.level, wanted):
            server.close()
            raise IsolationError(f"isolation {wanted} cannot be had on this machine. {advice(found)}")
        if found.level is Level.NONE and not self._trust:
            server.close()
            raise IsolationError(f"student code is not run here, since nothing would confine it. {advice(found)}".strip())
        return server

    @property
    def isolation(self) -> Isolation:
        """What holds, and what is missing."""
        return self._server.isolation

    @property
    def level(self) -> Level:
        return self._server.isolation.level

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the server and everything in it."""
        self._server.close()

    def run(self, source: bytes, calls: Sequence[Call], limits: Limits | None = None, *, name: str = NAME) -> Outcome:
        """Runs a file and calls its functions, in order and in one process unless a call ends it.

        Args:
            source: the file as it was handed in.
            name: what tracebacks call the file.

        Raises:
            SandboxError: the server failed several times in a row on this submission.
            TypeError: a call has an argument that cannot be handed over.
        """
        limits = Limits() if limits is None else limits
        start = time.monotonic()
        if (fault := _unreadable(source, limits)) is not None:
            return self._outcome(fault, [NotRun(Why.FILE)] * len(calls), [], Output(0), start)
        output = Output(limits.kept)
        loading: Loading = Loaded()
        found: list[CallOutcome] = []
        attempts: list[_Attempt] = []
        left = limits.seconds
        while True:
            attempt = self._attempt(source, name, calls[len(found) :], limits, left, output)
            attempts.append(attempt)
            left -= attempt.seconds
            if len(attempts) == 1:
                loading = attempt.loading
            if isinstance(attempt.loading, Flooded):
                # What had been printed by which call depends on the clock; that there was a flood does not.
                loading, found = attempt.loading, [NotRun(Why.FLOOD)] * len(calls)
                break
            found += attempt.calls
            rest = len(calls) - len(found)
            why = None
            if not isinstance(attempt.loading, Loaded):
                why = Why.FILE
            elif left <= 0:
                why = Why.TIME
            elif len(attempts) > limits.restarts:
                why = Why.RESTARTS
            if rest == 0 or why is not None:
                found += [NotRun(why or Why.FILE)] * rest
                break
        return self._outcome(loading, found, attempts, output, start)

    def _outcome(self, loading: Loading, calls: Sequence[CallOutcome], attempts: Sequence[_Attempt], output: Output, start: float) -> Outcome:
        return Outcome(
            loading=loading,
            calls=tuple(calls),
            output=output.text,
            printed=output.printed,
            seconds=time.monotonic() - start,
            processor_seconds=sum(attempt.ended.processor_seconds for attempt in attempts),
            peak_memory=max((attempt.ended.peak_memory for attempt in attempts), default=0),
            processes=len(attempts),
            level=self.level,
        )

    def _attempt(self, source: bytes, name: str, calls: Sequence[Call], limits: Limits, left: float, output: Output) -> _Attempt:
        """One process. A server that is lost on the way is replaced, and the process begun again."""
        request = encoded(source, name, calls, limits.results)
        for _ in range(_TRIES):
            try:
                return _attempt(self._server, request, calls, limits, left, output)
            except Lost as error:
                reason = str(error)
                self._server.close()
                self._server = self._started()
        raise SandboxError(f"the runner failed {_TRIES} times on this submission: {reason}")


def detect() -> Isolation:
    """What this machine has, found by starting a server and trying; what is missing, with the reason."""
    if sys.platform == "win32":
        return Isolation((), {})
    with Runner(trust=True) as runner:
        return runner.isolation


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one process has come to."""

    loading: Loading
    calls: list[CallOutcome]
    ended: Ended
    seconds: float  # since the walls stood


def _unreadable(source: bytes, limits: Limits) -> Unreadable | None:
    if len(source) > limits.source:
        return Unreadable(f"the file has {len(source)} bytes; at most {limits.source} are read")
    if b"\0" in source:
        return Unreadable("the file holds NUL bytes: save it as text in UTF-8")
    return None


def _attempt(server: Server, request: bytes, calls: Sequence[Call], limits: Limits, left: float, output: Output) -> _Attempt:
    reader = Reader(calls, limits.results)
    printed = Output(limits.kept)
    with _file(request) as given, _Pipe() as results, _Pipe() as text:
        server.begin(given.fileno(), results.write, text.write, memory=limits.memory, seconds=math.ceil(limits.seconds) + 1)
        results.close_write()
        text.close_write()
        try:
            stopped, seconds = _watch(reader, results.read, text.read, printed, limits, left)
        finally:
            ended = server.end()
        _drain(text.read, printed, limits.output)
    if not reader.ready:
        raise Lost(f"a child was not confined in time or at all (status {ended.status})")
    output.take(printed)
    if printed.printed > limits.output:
        return _Attempt(Flooded(limits.output), [], ended, seconds)
    loading, found = reader.loading, list(reader.calls)
    if not reader.finished:
        fault = TimedOut(round(min(limits.call_seconds, limits.seconds), 3)) if stopped or _used_up(ended) else _died(ended)
        if loading is None:
            loading = fault
        else:
            found.append(fault)
    assert loading is not None, "a reader that has finished knows how loading went"
    return _Attempt(loading, found, ended, seconds)


def _watch(reader: Reader, results: int, text: int, printed: Output, limits: Limits, left: float) -> tuple[bool, float]:
    """Reads until everything is told, the child is gone, or a limit is reached.

    Returns:
        whether the clock ran out, and the seconds since the walls stood.
    """
    poll = select.poll()
    poll.register(results, select.POLLIN)
    poll.register(text, select.POLLIN)
    ready = since = time.monotonic()
    events = 0
    while not reader.finished and printed.printed <= limits.output:
        now = time.monotonic()
        if reader.events != events:
            if events == 0:
                ready = now
            events, since = reader.events, now
        end = min(since + limits.call_seconds, ready + left) if events else since + _READY_SECONDS
        if now >= end:
            return True, now - ready
        for descriptor, _ in poll.poll(math.ceil((end - now) * 1000)):
            raw = os.read(descriptor, _CHUNK)
            if descriptor == results:
                if not raw:
                    return False, time.monotonic() - ready
                reader.feed(raw)
            elif raw:
                printed.add(raw)
            else:
                poll.unregister(text)
    return False, time.monotonic() - ready


def _drain(text: int, printed: Output, most: int) -> None:
    """What was printed and not yet read; the child is gone, so this never waits."""
    os.set_blocking(text, False)
    while printed.printed <= most:
        try:
            raw = os.read(text, _CHUNK)
        except BlockingIOError:  # a process that was let go still holds the other end
            return
        if not raw:
            return
        printed.add(raw)


def _used_up(ended: Ended) -> bool:
    return os.WIFSIGNALED(ended.status) and os.WTERMSIG(ended.status) == signal.SIGXCPU


def _died(ended: Ended) -> Died:
    if os.WIFSIGNALED(ended.status):
        number = os.WTERMSIG(ended.status)
        try:
            return Died(signal.Signals(number).name, None)
        except ValueError:  # real-time signals have no names
            return Died(f"signal {number}", None)
    return Died(None, os.waitstatus_to_exitcode(ended.status))


def _file(raw: bytes) -> BinaryIO:
    """A file without a name that holds these bytes; in memory where the system can."""
    in_memory = hasattr(os, "memfd_create")
    file: BinaryIO = os.fdopen(os.memfd_create("request"), "r+b", 0) if in_memory else tempfile.TemporaryFile("r+b", 0)  # noqa: SIM115 - the caller closes it
    view = memoryview(raw)
    while view:
        view = view[file.write(view) :]
    return file


class _Pipe:
    """A pipe whose ends are closed once, whatever happens."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe()
        self._open = [self.read, self.write]

    def close_write(self) -> None:
        self._open.remove(self.write)
        os.close(self.write)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()
