"""The frames in which a confined child tells what came of a submission.

A frame is a head (magic, kind, size) and a payload of that size, at most `PAYLOAD` bytes. A RESULT is followed by the raw
bytes of its arrays, whose sizes follow from the shapes in the payload. Both ends are one machine: numbers in arrays stand
in its byte order. Whoever reads frames must take them for forged: student code can write to the same descriptor.
"""

from __future__ import annotations

import struct

MAGIC = b"cgs1"
HEAD = struct.Struct("!4sBI")
PAYLOAD = 1 << 14

READY = 0  # the walls stand; student code runs from here on
LOADED = 1  # the file has been run from top to bottom
RESULT = 2  # a call has returned
FAULT = 3  # loading or a call has ended otherwise

DTYPES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64")
MOST_VALUES = 8
MOST_AXES = 8
RESULT_HEAD = struct.Struct("!BB")  # 1 for a tuple, and the number of values
VALUE_HEAD = struct.Struct("!BB")  # index in DTYPES, number of axes; the axes follow as AXIS each
AXIS = struct.Struct("!Q")

# What a FAULT says.
SYNTAX, IMPORT, MISSING, RAISED, MEMORY, WRONG_TYPE, WRONG_DTYPE, TOO_LARGE, UNREADABLE = range(1, 10)
FAULT_HEAD = struct.Struct("!BII")  # code, line, column; 0 where there is none
TEXT_HEAD = struct.Struct("!H")
NAME, MESSAGE, TRACE = 120, 2000, 1000  # the most characters of a fault's three texts


def frame(kind: int, payload: bytes = b"") -> bytes:
    return HEAD.pack(MAGIC, kind, len(payload)) + payload


def fault(code: int, *, name: str = "", message: str = "", trace: str = "", line: int = 0, column: int = 0) -> bytes:
    """A whole FAULT frame; texts are cut to their caps."""
    payload = FAULT_HEAD.pack(code, min(max(line, 0), 0xFFFFFFFF), min(max(column, 0), 0xFFFFFFFF))
    for text, most in ((name, NAME), (message, MESSAGE), (trace, TRACE)):
        raw = text[:most].encode("utf-8", "backslashreplace")[: 4 * most]
        payload += TEXT_HEAD.pack(len(raw)) + raw
    return frame(FAULT, payload)


def result(several: bool, values: list[tuple[int, tuple[int, ...]]]) -> bytes:
    """Head and payload of a RESULT; the bytes of the arrays go after it.

    Args:
        values: for each array its index in DTYPES and its shape.
    """
    payload = RESULT_HEAD.pack(several, len(values))
    for code, shape in values:
        payload += VALUE_HEAD.pack(code, len(shape)) + b"".join(AXIS.pack(size) for size in shape)
    return frame(RESULT, payload)
