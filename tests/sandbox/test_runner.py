"""What the runner tells of a submission, for each way it can go."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.sandbox import process
from grader.sandbox.call import Argument, Call, Expected, Limits
from grader.sandbox.inside import landlock, seccomp
from grader.sandbox.level import IsolationError, Level
from grader.sandbox.outcome import (
    Died,
    Flooded,
    ImportRefused,
    Loaded,
    NoSuchFunction,
    NotRun,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    Step,
    SyntaxFault,
    TimedOut,
    TooLarge,
    Unreadable,
    Why,
    WrongCount,
    WrongDtype,
    WrongShape,
    WrongType,
)
from grader.sandbox.runner import Runner, SandboxError
from tests.sandbox.attack import CALLS, HONEST, LONG, right
from tests.sandbox.surroundings import children, descendants

ROW = Expected((2,))
X = np.arange(2.0)
F = Call(function="f", positional=(X,), expected=(ROW,))


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    try:
        found = Runner()
    except IsolationError as error:
        pytest.skip(str(error))
    with found:
        yield found


@pytest.mark.parametrize(
    ("source", "loading"),
    [
        pytest.param("def f(x)\n    return x", SyntaxFault("expected ':'", 1, 9), id="syntax"),
        pytest.param("x = 1\n  y = 2", SyntaxFault("unexpected indent", 2, 2), id="indent"),
        pytest.param("import numpy as np\nimport torch", ImportRefused("torch", 2, (Step(2, "<module>"),)), id="import"),
        pytest.param("from scipy.signal import convolve2d", ImportRefused("scipy", 1, (Step(1, "<module>"),)), id="import-from"),
        pytest.param("def g(x):\n    return x\ndef h(x):\n    return x", NoSuchFunction("f", ("g", "h")), id="another-name"),
        pytest.param("f = 3", NoSuchFunction("f", ()), id="no-function"),
        pytest.param("a = 1\nb = a / 0", Raised("ZeroDivisionError", "division by zero", 2, (Step(2, "<module>"),)), id="raises"),
        pytest.param("raise SystemExit", Raised("SystemExit", "", 1, (Step(1, "<module>"),)), id="exits"),
        pytest.param("import os\nos._exit(3)", Died(None, 3), id="leaves"),
        pytest.param("import importlib\nimportlib.import_module('ctypes').string_at(0)", Died("SIGSEGV", None), id="crashes"),
        pytest.param("#" * 300_000, Unreadable("the file has 300000 bytes; at most 262144 are read"), id="too-large"),
        pytest.param("\0", Unreadable("the file holds NUL bytes: save it as text in UTF-8"), id="nul"),
    ],
)
def test_loading(runner: Runner, source: str, loading: object) -> None:
    outcome = runner.run(source.encode(), [F, F], LONG)
    assert outcome.loading == loading
    assert outcome.calls == (NotRun(Why.FILE),) * 2


@pytest.mark.parametrize(
    ("body", "expected", "found"),
    [
        pytest.param("return x.T.reshape(1, 2)", (ROW,), WrongShape(0, (1, 2), (2,)), id="shape"),
        pytest.param("return x[0]", (ROW,), WrongShape(0, (), (2,)), id="number-for-an-array"),
        pytest.param("return x > 0", (ROW,), WrongDtype(0, "bool", "iuf"), id="truth-values"),
        pytest.param("return x.astype(complex)", (ROW,), WrongDtype(0, "complex128", "iuf"), id="complex"),
        pytest.param("return x", (Expected((2,), "i"),), WrongDtype(0, "float64", "i"), id="floats-for-integers"),
        pytest.param("return x, x.astype(object)", (ROW, ROW), WrongDtype(1, "object", "iuf"), id="objects-in-the-second"),
        pytest.param("return list(x)", (ROW,), WrongType("list"), id="list"),
        pytest.param("print(x)", (ROW,), WrongType("NoneType"), id="nothing"),
        pytest.param("return (x,)", (ROW,), WrongType("tuple of 1"), id="tuple-of-one"),
        pytest.param("return np.asmatrix(x)", (ROW,), WrongType("matrix, a subclass of ndarray"), id="subclass"),
        pytest.param("return x, x", (ROW, ROW, ROW), WrongCount(2, 3), id="two-for-three"),
        pytest.param("return x", (ROW, ROW), WrongCount(1, 2), id="one-for-two"),
        pytest.param("return x, x[1:]", (ROW, ROW), WrongShape(1, (1,), (2,)), id="shape-of-the-second"),
        pytest.param("return np.broadcast_to(x[:1], (1 << 20, 2))", (ROW,), TooLarge("(1048576, 2)", "float64"), id="too-large"),
        pytest.param("return np.zeros(1 << 40)", (ROW,), OutOfMemory, id="out-of-memory"),
        pytest.param("return x +", (ROW,), SyntaxFault("invalid syntax", 3, 15), id="syntax"),
        pytest.param("return f(x)", (ROW,), Raised, id="recursion"),
        pytest.param("import pandas", (ROW,), ImportRefused("pandas", 3, (Step(3, "f"),)), id="import"),
        pytest.param("return g(x)\ndef g(x):\n    return x / 'a'", (ROW,), Raised, id="raises"),
        pytest.param("os = __import__('os'); os.kill(os.getpid(), 11)", (ROW,), Raised, id="kill-is-refused"),
        pytest.param("__import__('time').sleep(60)", (ROW,), TimedOut(0.3), id="sleeps"),
        pytest.param("while True: print(x)", (ROW,), NotRun(Why.FLOOD), id="floods"),
    ],
)
def test_call(runner: Runner, body: str, expected: tuple[Expected, ...], found: object) -> None:
    limits = Limits(call_seconds=0.3 if found == TimedOut(0.3) else 20, seconds=60, memory=256 << 20, results=1 << 20, output=10_000, restarts=0)
    source = f"import numpy as np\ndef f(x):\n    {body}".encode()
    outcome = runner.run(source, [Call(function="f", positional=(X,), expected=expected)], limits)
    told = outcome.loading if isinstance(found, SyntaxFault) else outcome.calls[0]
    assert isinstance(told, found) if isinstance(found, type) else told == found


def test_an_exception_names_the_students_lines(runner: Runner) -> None:
    source = b"def g(x):\n    return x + 'a'\n\ndef f(x):\n    return g(x)\n"
    (told,) = runner.run(source, [F], LONG).calls
    assert isinstance(told, Raised)
    assert (told.type, told.line, told.steps) == ("UFuncTypeError" if told.type.startswith("U") else "_UFuncNoLoopError", 2, (Step(5, "f"), Step(2, "g")))


@pytest.mark.parametrize(
    ("code", "expected", "values"),
    [
        pytest.param("x", (ROW,), [X], id="array"),
        pytest.param("x[::-1]", (ROW,), [X[::-1]], id="negative-stride"),
        pytest.param("x.astype('>f4')", (ROW,), [X.astype("f4")], id="big-endian"),
        pytest.param("x.astype('i1')", (ROW,), [X.astype("i1")], id="int8"),
        pytest.param("x.astype('f2')", (ROW,), [X.astype("f2")], id="float16"),
        pytest.param("x > 0", (Expected((2,), "b"),), [X > 0], id="truth-values"),
        pytest.param("np.asfortranarray(np.arange(6.0).reshape(2, 3))", (Expected((2, 3)),), [np.arange(6.0).reshape(2, 3)], id="fortran-order"),
        pytest.param("np.zeros((0, 3))", (Expected((0, 3)),), [np.zeros((0, 3))], id="empty"),
        pytest.param("7", (Expected(()),), [np.array(7)], id="int"),
        pytest.param("True", (Expected((), "b"),), [np.array(True)], id="bool"),
        pytest.param("np.float32(0.5)", (Expected(()),), [np.array(0.5, "f4")], id="numpy-number"),
        pytest.param("(x, 3, x[:1])", (Expected(), Expected(()), Expected((1,))), [X, np.array(3), X[:1]], id="tuple"),
        pytest.param("np.array([np.nan, -np.inf])", (ROW,), [np.array([np.nan, -np.inf])], id="not-finite"),
    ],
)
def test_returned(runner: Runner, code: str, expected: tuple[Expected, ...], values: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> None:
    source = f"import numpy as np\nf = lambda x: {code}".encode()
    (told,) = runner.run(source, [Call(function="f", positional=(X,), expected=expected)], LONG).calls
    assert isinstance(told, Returned), told
    for found, value in zip(told.values, values, strict=True):
        assert (found.dtype, found.shape) == (value.dtype, value.shape)
        np.testing.assert_array_equal(found, value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(3, id="int"),
        pytest.param(-(2**70), id="long-int"),
        pytest.param(0.1, id="float"),
        pytest.param(True, id="bool"),
        pytest.param(None, id="none"),
        pytest.param("same 卷积", id="text"),
        pytest.param((1, (2, None), "x"), id="tuple"),
        pytest.param(np.arange(6, dtype="i8").reshape(2, 3)[:, ::2], id="array"),
        pytest.param(np.arange(3, dtype=">f8"), id="big-endian-array"),
        pytest.param((np.zeros((0, 2), "f4"), 1), id="tuple-with-an-array"),
    ],
)
def test_arguments_arrive_as_they_are(runner: Runner, value: Argument) -> None:
    source = b"def f(v, *, named):\n    print(repr(v)); print(repr(named)); return 0"
    outcome = runner.run(source, [Call(function="f", positional=(value,), named={"named": value})], LONG)
    shown = repr(value.astype(value.dtype.newbyteorder("="))) if isinstance(value, np.ndarray) else repr(value)
    assert outcome.output == f"{shown}\n{shown}\n"


@pytest.mark.parametrize(
    "value", [pytest.param([1], id="list"), pytest.param({}, id="mapping"), pytest.param(np.array([None]), id="objects"), pytest.param(1j, id="complex")]
)
def test_other_arguments_are_refused(runner: Runner, value: Argument) -> None:
    with pytest.raises(TypeError, match="cannot be an argument"):
        runner.run(b"", [Call(function="f", positional=(value,))])


def test_arrays_are_the_functions_own(runner: Runner) -> None:
    source = b"def f(x):\n    x += 1\n    return x"
    first, second = runner.run(source, [F, F], LONG).calls
    assert isinstance(first, Returned) and isinstance(second, Returned)
    np.testing.assert_array_equal(first.values[0], second.values[0])
    np.testing.assert_array_equal(X, [0.0, 1.0])


SOMETIMES = b"""
import os, time
def f(n):
    print("call", n)
    if n == 1:
        time.sleep(60)
    if n == 3:
        os._exit(5)
    return n
"""


def numbered(count: int) -> list[Call]:
    return [Call(function="f", positional=(n,), expected=(Expected(()),)) for n in range(count)]


@pytest.mark.parametrize(
    ("restarts", "told", "processes"),
    [
        pytest.param(0, [Returned, TimedOut, NotRun, NotRun, NotRun], 1, id="none"),
        pytest.param(1, [Returned, TimedOut, Returned, Died, NotRun], 2, id="one"),
        pytest.param(2, [Returned, TimedOut, Returned, Died, Returned], 3, id="two"),
    ],
)
def test_calls_after_one_that_ended_its_process(runner: Runner, restarts: int, told: list[type], processes: int) -> None:
    outcome = runner.run(SOMETIMES, numbered(5), Limits(call_seconds=1.5, seconds=60, restarts=restarts))
    assert [type(call) for call in outcome.calls] == told
    assert outcome.processes == processes
    assert outcome.output.split("\n")[:2] == ["call 0", "call 1"]
    assert [call.why for call in outcome.calls if isinstance(call, NotRun)] == [Why.RESTARTS] * told.count(NotRun)


def test_the_time_of_all_calls_is_limited(runner: Runner) -> None:
    source = b"import time\ndef f(n):\n    time.sleep(0.2)\n    return n"
    outcome = runner.run(source, numbered(10), Limits(call_seconds=5, seconds=0.5, restarts=5))
    told = [type(call) for call in outcome.calls]
    assert told[-1] is NotRun and TimedOut in told and told.count(Returned) < 3
    assert outcome.calls[-1] == NotRun(Why.TIME)


def test_a_file_without_calls_is_only_run(runner: Runner) -> None:
    outcome = runner.run(b"print('here')", [], LONG)
    assert (outcome.loading, outcome.calls, outcome.output) == (Loaded(), (), "here\n")


def test_output_keeps_its_end(runner: Runner) -> None:
    source = "import sys\nfor i in range(1000):\n    print('行', i)\nprint('end', file=sys.stderr)\nf = lambda x: x".encode()
    outcome = runner.run(source, [F], Limits(call_seconds=20, seconds=60, kept=30))
    assert outcome.output.endswith("行 999\nend\n") and len(outcome.output.encode()) <= 30 + 6
    assert outcome.printed == sum(len(f"行 {i}\n".encode()) for i in range(1000)) + 4


@pytest.mark.parametrize("size", [pytest.param(999, id="just-below"), pytest.param(1000, id="at-the-limit"), pytest.param(1001, id="above")])
def test_a_flood_does_not_depend_on_the_clock(runner: Runner, size: int) -> None:
    source = f"import sys\nsys.stdout.write('x' * {size})\nf = lambda x: x".encode()
    outcome = runner.run(source, [F], Limits(call_seconds=20, seconds=60, output=1000))
    assert (outcome.loading, type(outcome.calls[0])) == ((Flooded(1000), NotRun) if size > 1000 else (Loaded(), Returned))


def test_chance_and_order_are_the_same_in_every_server() -> None:
    source = b"import random, numpy\nprint(random.random(), numpy.random.rand(), {'a', 'b', 'c', 'd'}, hash('x'))"
    seen = set()
    for _ in range(2):
        with Runner(trust=True) as runner:
            seen |= {runner.run(source, [], LONG).output for _ in range(2)}
    assert len(seen) == 1 and seen != {""}


def test_nothing_of_the_grader_is_in_the_process(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        b"import os, sys\nprint(dict(os.environ), sys.argv, os.getcwd(), sorted(m for m in sys.modules if m.split('.')[0] in ('torch', 'grader', 'tests')))"
    )
    assert runner.run(source, [], LONG).output == "{} [''] / []\n"


def test_outcomes_pickle(runner: Runner) -> None:
    outcome = runner.run(HONEST, CALLS, LONG)
    again = pickle.loads(pickle.dumps(outcome))
    assert isinstance(again, Outcome) and right(again) == [True, True]


def kill(pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # it may have ended with another of them
            os.kill(pid, signal.SIGKILL)


def test_a_killed_server_is_replaced() -> None:
    others = children(os.getpid())
    with Runner(trust=True) as runner:
        undisturbed = runner.run(HONEST, CALLS, LONG)
        kill(set(descendants(os.getpid(), others)))
        again = runner.run(HONEST, CALLS, LONG)
        assert right(again) == right(undisturbed) == [True, True]
        # and one that is killed while a submission runs in it
        before = set(descendants(os.getpid(), others))
        thread = threading.Timer(0.3, kill, [before])
        thread.start()
        slow = b"import time\ntime.sleep(1)\n" + HONEST
        assert right(runner.run(slow, CALLS, LONG)) == [True, True]
        thread.join()
        assert not before & set(descendants(os.getpid(), others))


def test_a_server_that_keeps_failing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Runner(trust=True) as runner:
        monkeypatch.setattr(process.Server, "end", lambda self: (_ for _ in ()).throw(process.Lost("gone")))
        with pytest.raises(SandboxError, match="failed 3 times on this submission: gone"):
            runner.run(HONEST, CALLS, LONG)


@pytest.mark.parametrize(("killed", "told"), [pytest.param(2, None, id="twice"), pytest.param(3, "ended before it was ready: it said nothing", id="always")])
def test_a_server_that_is_killed_while_it_starts_is_started_again(killed: int, told: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Doomed(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            started.append(self)
            if len(started) <= killed:
                self.kill()

    monkeypatch.setattr("grader.sandbox.process.subprocess.Popen", Doomed)
    if told is None:
        with Runner(trust=True) as runner:
            assert right(runner.run(HONEST, CALLS, LONG)) == [True, True]
    else:
        with pytest.raises(SandboxError, match=told):
            Runner(trust=True)
    assert len(started) >= 3
    assert all(one.returncode is not None for one in started)


def test_runners_work_side_by_side() -> None:
    found: list[list[bool]] = []

    def work() -> None:
        with Runner(trust=True) as runner:
            found.extend(right(runner.run(HONEST, CALLS, LONG)) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[True, True]] * 15


def test_closing_ends_every_process_and_descriptor() -> None:
    others, open_before = children(os.getpid()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with Runner(trust=True) as runner:
        for _ in range(3):
            runner.run(HONEST, CALLS, LONG)
        assert descendants(os.getpid(), others)
    assert descendants(os.getpid(), others) == []
    assert len(os.listdir("/proc/self/fd")) == open_before  # noqa: PTH208


def test_a_runner_that_nobody_closes_ends_with_its_grader() -> None:
    code = "import os, sys; from grader.sandbox.runner import Runner; r = Runner(trust=True); print(r._server.process.pid, flush=True); os._exit(0)"
    pid = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the server lives on")


def test_level_none_is_refused_unless_trusted() -> None:
    with pytest.raises(IsolationError, match="nothing would confine it"):
        Runner(Level.NONE)
    with Runner(Level.NONE, trust=True) as runner:
        outcome = runner.run(HONEST, CALLS, LONG)
        assert (outcome.level, right(outcome)) == (Level.NONE, [True, True])


def test_the_walls_are_what_holds_attacks_off(tmp_path: object) -> None:
    """The same attempts succeed at level `none`: a test of the tests in test_attacks.py."""
    source = b"""
import importlib, os
open("/etc/passwd").read(); print("file")
if os.fork() == 0:
    os._exit(0)
print("process")
importlib.import_module("socket").socket().close(); print("socket")
"""
    with Runner(Level.NONE, trust=True) as runner:
        assert runner.run(source, [], LONG).output == "file\nprocess\nsocket\n"


def test_leftovers_of_trusted_code_end_with_it() -> None:
    source = b"import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n    os._exit(0)\n"
    others = children(os.getpid())
    with Runner(Level.NONE, trust=True) as runner:
        before = len(descendants(os.getpid(), others))
        runner.run(source, [], LONG)
        assert len(descendants(os.getpid(), others)) == before


def test_a_system_without_landlock_is_told_so(monkeypatch: pytest.MonkeyPatch, runner: Runner) -> None:
    if runner.level is not Level.FULL:
        pytest.skip("there is none here anyway")
    monkeypatch.setattr("grader.sandbox.runner.USED", {Level.FULL: ("seccomp",)})
    with pytest.raises(IsolationError, match="isolation full cannot be had"):
        Runner(Level.FULL)
    assert landlock.version() > 0 and seccomp.ALLOWED
