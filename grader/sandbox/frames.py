"""Reading what a confined process sends, as if every byte were forged.

Nothing is unpickled, parsed as a language or believed: a frame has to be the one that can come next, its sizes within
bounds, its shape and kind the expected ones, before the bytes of an array are read. What does not fit is thrown away
unread, or ends the run.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Generator, Sequence

import numpy as np

from grader.sandbox.call import Array, Call, Expected
from grader.sandbox.inside import wire
from grader.sandbox.outcome import (
    CallOutcome,
    Garbled,
    ImportRefused,
    Loaded,
    Loading,
    NoSuchFunction,
    OutOfMemory,
    Raised,
    Returned,
    Step,
    SyntaxFault,
    TooLarge,
    Unreadable,
    WrongCount,
    WrongDtype,
    WrongShape,
    WrongType,
)

_CHUNK = 1 << 16
_LOADING = {wire.SYNTAX, wire.IMPORT, wire.MISSING, wire.RAISED, wire.MEMORY, wire.UNREADABLE}
_CALLING = {wire.IMPORT, wire.RAISED, wire.MEMORY, wire.WRONG_TYPE, wire.WRONG_DTYPE, wire.TOO_LARGE}


class _Forged(Exception):
    """Not what the runner's own code sends."""


class Reader:
    """Takes bytes as they come and says what is known so far.

    `ready`: the walls stand. `loading`: None until the file has been run. `calls`: an outcome for each call that has ended.
    `finished`: nothing more is to come.
    """

    def __init__(self, calls: Sequence[Call], most: int) -> None:
        self.ready = False
        self.loading: Loading | None = None
        self.calls: list[CallOutcome] = []
        self.finished = False
        self._wanted = calls
        self._left = most
        self._buffer = bytearray()
        self._reading = self._read()
        self._need = next(self._reading)

    @property
    def events(self) -> int:
        """Grows with everything that comes to an end: the clock of a call starts anew with it."""
        return self.ready + (self.loading is not None) + len(self.calls)

    def feed(self, raw: bytes) -> None:
        self._buffer += raw
        start = 0
        while not self.finished and len(self._buffer) - start >= self._need:
            piece = bytes(self._buffer[start : start + self._need])
            start += self._need
            try:
                self._need = self._reading.send(piece)
            except StopIteration:
                self.finished = True
            except _Forged as error:
                self._garbled(str(error))
        del self._buffer[:start]

    def _garbled(self, message: str) -> None:
        if self.loading is None:
            self.loading = Garbled(message)
        else:
            self.calls.append(Garbled(message))
        self.finished = True

    def _read(self) -> Generator[int, bytes, None]:
        """The whole conversation; yields how many bytes it needs next."""
        kind, payload = yield from self._frame()
        if kind != wire.READY or payload:
            raise _Forged("the first frame is not the runner's")
        self.ready = True
        kind, payload = yield from self._frame()
        if kind == wire.FAULT:
            self.loading = _loading(payload)
            return
        if kind != wire.LOADED or payload:
            raise _Forged("a result before the file had been run")
        self.loading = Loaded()
        for call in self._wanted:
            kind, payload = yield from self._frame()
            if kind == wire.FAULT:
                self.calls.append(_calling(payload, call))
            elif kind == wire.RESULT:
                yield from self._result(payload, call)
            else:
                raise _Forged("a frame that cannot come after the file had been run")

    def _frame(self) -> Generator[int, bytes, tuple[int, bytes]]:
        magic, kind, size = wire.HEAD.unpack((yield wire.HEAD.size))
        if magic != wire.MAGIC or size > wire.PAYLOAD:
            raise _Forged("bytes that are no frame")
        payload = (yield size) if size else b""
        return kind, payload

    def _result(self, payload: bytes, call: Call) -> Generator[int, bytes, None]:
        several, heads = _heads(payload)
        sizes = [math.prod(shape) * dtype.itemsize for dtype, shape in heads]
        if sum(sizes) > self._left:
            raise _Forged("an array of more bytes than are allowed")
        self._left -= sum(sizes)
        refused = _refused(several, heads, call.expected)
        values: list[Array] = []
        for (dtype, shape), size in zip(heads, sizes, strict=True):
            if refused is None:
                raw = (yield size) if size else b""
                flat: Array = np.frombuffer(raw, np.uint8) != 0 if dtype.kind == "b" else np.frombuffer(raw, dtype)
                values.append(flat.reshape(shape))
            else:  # counted, not kept
                for start in range(0, size, _CHUNK):
                    yield min(_CHUNK, size - start)
        self.calls.append(Returned(tuple(values)) if refused is None else refused)


def _heads(payload: bytes) -> tuple[bool, list[tuple[np.dtype[np.generic], tuple[int, ...]]]]:
    """Kind and shape of each array of a RESULT."""
    try:
        several, count = wire.RESULT_HEAD.unpack_from(payload)
        at = wire.RESULT_HEAD.size
        if several > 1 or not 1 <= count <= wire.MOST_VALUES or (count > 1 and not several):
            raise _Forged("a result of no possible number of values")
        heads = []
        for _ in range(count):
            code, axes = wire.VALUE_HEAD.unpack_from(payload, at)
            at += wire.VALUE_HEAD.size
            if code >= len(wire.DTYPES) or axes > wire.MOST_AXES:
                raise _Forged("an array of no possible kind")
            shape = tuple(wire.AXIS.unpack_from(payload, at + axis * wire.AXIS.size)[0] for axis in range(axes))
            at += axes * wire.AXIS.size
            # An axis of 0 makes any other axis free of cost, and NumPy refuses what it cannot count.
            if math.prod(max(size, 1) for size in shape) >= 1 << 40:
                raise _Forged("an array of no possible shape")
            heads.append((np.dtype(wire.DTYPES[code]), shape))
    except struct.error:
        raise _Forged("a result that is cut short") from None
    if at != len(payload):
        raise _Forged("a result with bytes left over")
    return bool(several), heads


def _refused(several: bool, heads: Sequence[tuple[np.dtype[np.generic], tuple[int, ...]]], expected: Sequence[Expected]) -> CallOutcome | None:
    """Why these arrays are not what was expected, before any of them is read; None: they are."""
    if several and len(expected) == 1:
        return WrongType(f"tuple of {len(heads)}")
    if len(heads) != len(expected):
        return WrongCount(len(heads), len(expected))
    for position, ((dtype, shape), one) in enumerate(zip(heads, expected, strict=True)):
        if one.shape is not None and shape != one.shape:
            return WrongShape(position, shape, one.shape)
        if dtype.kind not in one.kinds:
            return WrongDtype(position, dtype.name, one.kinds)
    return None


def _texts(payload: bytes) -> tuple[int, int, int, str, str, str]:
    """Code, line, column, name, message and trace of a FAULT."""
    try:
        code, line, column = wire.FAULT_HEAD.unpack_from(payload)
        at = wire.FAULT_HEAD.size
        texts = []
        for most in (wire.NAME, wire.MESSAGE, wire.TRACE):
            (size,) = wire.TEXT_HEAD.unpack_from(payload, at)
            at += wire.TEXT_HEAD.size
            texts.append(payload[at : at + size].decode("utf-8", "replace")[:most])
            at += size
    except struct.error:
        raise _Forged("a fault that is cut short") from None
    if at != len(payload):
        raise _Forged("a fault with bytes left over")
    return code, line, column, texts[0], texts[1], texts[2]


def _steps(trace: str) -> tuple[Step, ...]:
    found = []
    for row in trace.split("\n")[:20]:
        number, _, function = row.partition(" ")
        if number.isascii() and number.isdecimal() and len(number) < 10:
            found.append(Step(int(number), function))
    return tuple(found)


def _loading(payload: bytes) -> Loading:
    code, line, column, name, message, trace = _texts(payload)
    if code not in _LOADING:
        raise _Forged("a fault that a file cannot have")
    if code == wire.SYNTAX:
        return SyntaxFault(message, line, column)
    if code == wire.MISSING:
        return NoSuchFunction(name, tuple(message.split()))
    if code == wire.UNREADABLE:
        return Unreadable(message)
    return _exception(code, line, name, message, trace)


def _calling(payload: bytes, call: Call) -> CallOutcome:
    code, line, column, name, message, trace = _texts(payload)
    if code not in _CALLING:
        raise _Forged("a fault that a call cannot have")
    if code == wire.WRONG_TYPE:
        return WrongType(name)
    if code == wire.WRONG_DTYPE:
        return WrongDtype(column, name, call.expected[column].kinds) if column < len(call.expected) else WrongType(name)
    if code == wire.TOO_LARGE:
        return TooLarge(message, name)
    return _exception(code, line, name, message, trace)


def _exception(code: int, line: int, name: str, message: str, trace: str) -> ImportRefused | OutOfMemory | Raised:
    if code == wire.IMPORT:
        return ImportRefused(name, line, _steps(trace))
    if code == wire.MEMORY:
        return OutOfMemory(message, line, _steps(trace))
    return Raised(name, message, line, _steps(trace))
