"""One submission: its file is run, its functions are called, and what they return is sent as raw bytes.

All of this stands in the same interpreter as the student's code, which may read and change any of it. So nothing here
decides anything: a frame only says what the grader then checks.
"""

from __future__ import annotations

import builtins
import gc
import importlib.util
import io
import marshal
import os
import random
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import wire

# Packages that a file may import by name. A courtesy: it names what is missing at once. The wall is elsewhere.
ALLOWED = frozenset(
    {"numpy", "__future__", "abc", "array", "bisect", "builtins", "cmath", "collections", "contextlib", "copy", "dataclasses", "decimal", "enum"}
    | {"fractions", "functools", "gc", "heapq", "importlib", "inspect", "io", "itertools", "json", "logging", "math", "numbers", "operator", "os"}
    | {"pathlib", "pprint", "random", "re", "statistics", "string", "sys", "textwrap", "time", "timeit", "traceback", "types", "typing"}
    | {"unittest", "warnings", "weakref"}
)
NAMES = {name: code for code, name in enumerate(wire.DTYPES)}
_NATIVE = {np.dtype(name).str: code for name, code in NAMES.items()}


class ImportRefused(ImportError):
    """A package that exercises are solved without."""


def request(raw: bytes) -> tuple[bytes, str, list[tuple[str, list[Any], dict[str, Any]]], int]:
    """What the grader has written: the file, its name, the calls, and the most bytes of results.

    It comes from the grader, never from a student: so marshal, which keeps tuples apart from lists, may read it.
    """
    source, name, calls, most = marshal.loads(raw)
    return source, name, [(function, [_given(v) for v in positional], {k: _given(v) for k, v in named}) for function, positional, named in calls], most


def _given(value: Any) -> Any:
    """An argument as the student's function gets it; arrays are its own to change."""
    kind, *rest = value
    if kind == "array":
        dtype, shape, raw = rest
        return np.ndarray(shape, dtype, raw).copy()
    if kind == "tuple":
        return tuple(_given(one) for one in rest[0])
    return rest[0]


def serve(raw: bytes, out: int) -> None:
    """Runs a submission and writes its frames to a descriptor; the walls stand by now."""
    source, name, calls, most = request(raw)
    send = _sender(out)
    send(wire.frame(wire.READY))
    # Nothing of an earlier or later run shows: hashes are fixed by the server, and chance starts from one place.
    random.seed(0)
    gc.enable()
    module = _module(name)
    try:
        # As Python reads a file: compile() lets wrong bytes in a comment pass, in some versions.
        text = _decoded(source)
    except BaseException as error:
        send(wire.fault(wire.UNREADABLE, message=f"neither UTF-8 nor the encoding that its first lines name ({type(error).__name__}): save the file as UTF-8"))
        return
    try:
        code = compile(text, name, "exec", dont_inherit=True)
    except BaseException as error:
        send(_compile_fault(error))
        return
    try:
        exec(code, module.__dict__)  # noqa: S102 - the purpose of this process
        _flush()
    except BaseException as error:
        send(_fault(error, name))
        return
    for wanted in dict.fromkeys(function for function, _, _ in calls):
        if not callable(module.__dict__.get(wanted)):
            send(wire.fault(wire.MISSING, name=wanted, message=" ".join(_defined(module, name))))
            return
    send(wire.frame(wire.LOADED))
    for function, positional, named in calls:
        try:
            value = module.__dict__[function](*positional, **named)
            _flush()
            parts = _returned(value, most)  # copies, and so may run out of memory as well
        except BaseException as error:
            parts = [_fault(error, name)]
        send(*parts)


def rehearse() -> None:
    """Runs a solution of our own in the server, so that what every child would do for the first time is done once.

    Python rewrites code that runs often and NumPy loads parts on first use; a child that does so copies the pages it
    shares with the server. Half of a child's time was this.
    """
    sink = os.open(os.devnull, os.O_WRONLY)
    array = ("array", "<f8", (6, 6), bytes(288))
    call = ("conv2d", [array, ("array", "<f8", (3, 3), bytes(72))], [("stride", ("plain", 1))])
    try:
        for _ in range(3):
            serve(marshal.dumps((_REHEARSED, "answer.py", [call] * 20, 1 << 20)), sink)
        serve(marshal.dumps((b"def f(:", "answer.py", [], 1 << 20)), sink)
    finally:
        os.close(sink)
        sys.modules.pop("answer", None)
        gc.disable()


_REHEARSED = b"""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv2d(x, w, stride=1, padding=1):
    x = np.pad(x, padding)
    rows, columns = (x.shape[0] - w.shape[0]) // stride + 1, (x.shape[1] - w.shape[1]) // stride + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(x[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]] * w)
            out[i, j] += (x[i : i + 3, j : j + 3] * w).sum() + float(w[0, 0])
    windows = sliding_window_view(x, w.shape)
    np.einsum("ijmn,mn->ij", windows, w)
    np.tensordot(windows, w, axes=([2, 3], [0, 1]))
    windows.reshape(-1, w.size) @ w.ravel()
    return np.array([[cell for cell in row] for row in out])
"""


def _decoded(source: bytes) -> str:
    """The file as text: in UTF-8, or in what one of its first two lines names."""
    if b"coding" in b"\n".join(source.split(b"\n", 2)[:2]):
        return importlib.util.decode_source(source)
    return source.decode("utf-8-sig")  # a third of a millisecond less


def _sender(out: int) -> Callable[..., None]:
    write = os.write  # taken before the student's code can put another in its place by mistake

    def send(*parts: bytes) -> None:
        left = memoryview(b"".join(parts))
        while left:
            left = left[write(out, left) :]

    return send


def _guarded() -> dict[str, Any]:
    """Builtins for the student's file alone, whose imports are asked about; NumPy's own are not."""
    genuine = builtins.__import__

    def guarded(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        root = name.partition(".")[0]
        if level == 0 and root not in ALLOWED:
            raise ImportRefused(f"import of {root} is not allowed here", name=root)
        return genuine(name, globals, locals, fromlist, level)

    return {**builtins.__dict__, "__import__": guarded}


_BUILTINS = _guarded()  # made once: a copy in every child would cost it the pages of all it refers to


def _module(name: str) -> types.ModuleType:
    """An empty module under the file's name; dataclasses look their module up in `sys.modules`."""
    module = types.ModuleType(name.removesuffix(".py"))
    module.__dict__["__builtins__"] = _BUILTINS
    module.__dict__["__file__"] = name
    sys.modules[module.__name__] = module
    return module


def streams() -> tuple[io.TextIOWrapper, io.TextIOWrapper, io.TextIOWrapper]:
    """Standard input, output and error on descriptors 0, 1 and 2, whatever these are when they are used."""
    text = [io.TextIOWrapper(io.BufferedWriter(io.FileIO(place, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True) for place in (1, 2)]
    return io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False))), text[0], text[1]


def _defined(module: types.ModuleType, name: str) -> list[str]:
    """The functions a file defines itself, so that a misspelt one can be pointed at."""
    return [key for key, value in module.__dict__.items() if isinstance(value, types.FunctionType) and value.__code__.co_filename == name][:20]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.flush()


def _compile_fault(error: BaseException) -> bytes:
    if isinstance(error, SyntaxError):
        return wire.fault(wire.SYNTAX, name=type(error).__name__, message=str(error.msg), line=error.lineno or 0, column=error.offset or 0)
    if isinstance(error, MemoryError):  # too deep for the parser, which calls it so
        return wire.fault(wire.SYNTAX, name="MemoryError", message="nested too deeply to be compiled")
    return wire.fault(wire.UNREADABLE, message=str(error))


def _fault(error: BaseException, name: str) -> bytes:
    """An exception as a frame. Every part of it may be the student's own class, and misbehave."""
    try:
        _flush()
        lines = list(_lines(error, name))
        line = lines[-1][0] if lines else 0
        trace = "\n".join(f"{number} {function}" for number, function in (lines if len(lines) <= 12 else [*lines[:4], *lines[-8:]]))
        if isinstance(error, ImportRefused):
            return wire.fault(wire.IMPORT, name=str(error.name), message=str(error), trace=trace, line=line)
        if isinstance(error, MemoryError):
            return wire.fault(wire.MEMORY, name=type(error).__name__, message=str(error), trace=trace, line=line)
        return wire.fault(wire.RAISED, name=str(type(error).__name__), message=_words(error), trace=trace, line=line)
    except BaseException:
        return wire.fault(wire.RAISED, name="an exception that cannot be shown")


def _words(error: BaseException) -> str:
    try:
        return str(str(error))
    except Exception as second:
        return f"(its message raised {type(second).__name__})"


def _lines(error: BaseException, name: str) -> Iterator[tuple[int, str]]:
    """The lines of the student's file that an exception came through, outermost first."""
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename == name:
            yield step.tb_lineno, code.co_name
        step = step.tb_next


def _returned(value: Any, most: int) -> list[bytes]:
    """What a call has returned, as a RESULT with its arrays, or as the FAULT that says why it is none."""
    several = type(value) is tuple
    values = list(value) if several else [value]
    if several and not 0 < len(values) <= wire.MOST_VALUES:
        return [wire.fault(wire.WRONG_TYPE, name=f"tuple of {len(values)}")]
    heads: list[tuple[int, tuple[int, ...]]] = []
    bodies: list[bytes] = []
    for position, one in enumerate(values):
        if not (type(one) is np.ndarray or isinstance(one, np.generic) or type(one) in (bool, int, float)):
            kind = type(one)
            return [wire.fault(wire.WRONG_TYPE, name=f"{kind.__name__}, a subclass of ndarray" if issubclass(kind, np.ndarray) else str(kind.__name__))]
        array = np.asarray(one)
        code = _NATIVE.get(array.dtype.str)
        if code is None:
            code = NAMES.get(array.dtype.name)  # in the other byte order
        if code is None:  # among them an int beyond 64 bits, which becomes an object
            return [wire.fault(wire.WRONG_DTYPE, name=array.dtype.name, column=position)]
        if array.ndim > wire.MOST_AXES:
            return [wire.fault(wire.WRONG_TYPE, name=f"array with {array.ndim} axes")]
        most -= array.nbytes
        if most < 0:
            return [wire.fault(wire.TOO_LARGE, name=array.dtype.name, message=str(array.shape))]
        heads.append((code, array.shape))
        bodies.append(array.tobytes() if array.dtype.isnative else array.astype(array.dtype.newbyteorder("=")).tobytes())
    return [wire.result(several, heads), *bodies]
