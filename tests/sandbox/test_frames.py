"""Reading frames: what the runner sends comes through however it is cut; what anyone else sends does no harm."""

from __future__ import annotations

import itertools
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.call import Call, Expected
from grader.sandbox.frames import Reader
from grader.sandbox.inside import wire
from grader.sandbox.outcome import Garbled, ImportRefused, Loaded, OutOfMemory, Raised, Returned, Step, TooLarge, WrongCount, WrongShape

ROW = Call(function="f", expected=(Expected((2,)),))
START = wire.frame(wire.READY) + wire.frame(wire.LOADED)
MOST = 1000


def array(values: Any, dtype: str = "float64") -> bytes:
    found = np.asarray(values, dtype)
    return wire.result(False, [(wire.DTYPES.index(dtype), found.shape)]) + found.tobytes()


def read(raw: bytes, calls: int = 1, most: int = MOST) -> Reader:
    reader = Reader([ROW] * calls, most)
    reader.feed(raw)
    return reader


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        pytest.param(wire.fault(wire.RAISED, name="E", message="m", trace="3 f\n4 g", line=4), Raised("E", "m", 4, (Step(3, "f"), Step(4, "g"))), id="raised"),
        pytest.param(wire.fault(wire.RAISED, name="E", trace="-1 f\nx\n٣ g\n99999999999 h"), Raised("E", "", 0), id="trace-of-no-lines"),
        pytest.param(wire.fault(wire.MEMORY, message="m"), OutOfMemory("m", 0), id="memory"),
        pytest.param(wire.fault(wire.IMPORT, name="torch", line=2), ImportRefused("torch", 2), id="import"),
        pytest.param(wire.fault(wire.TOO_LARGE, name="float64", message="(9, 9)"), TooLarge("(9, 9)", "float64"), id="too-large"),
        pytest.param(array([[1, 2]]), WrongShape(0, (1, 2), (2,)), id="shape"),
        pytest.param(wire.result(True, [(11, (2,)), (11, (2,))]) + bytes(32), WrongCount(2, 1), id="count"),
    ],
)
def test_one_call(raw: bytes, told: object) -> None:
    if isinstance(told, WrongCount):
        reader = Reader([Call(function="f", expected=(Expected(),) * 3)], MOST)
        reader.feed(START + raw)
        assert reader.calls == [WrongCount(2, 3)]
        return
    reader = read(START + raw)
    assert (reader.calls, reader.finished) == ([told], True)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=200), st.data())
def test_a_conversation_comes_through_however_it_is_cut(sizes: list[int], data: st.DataObject) -> None:
    raw = START + array([1, 2]) + array([[1, 2, 3]]) + wire.fault(wire.RAISED, name="E") + array([3, 4])
    reader = Reader([ROW] * 4, MOST)
    at = 0
    for size in itertools.cycle(sizes):
        reader.feed(raw[at : at + size])
        at += size
        if at >= len(raw):
            break
    assert reader.finished
    first, second, third, fourth = reader.calls
    assert isinstance(first, Returned) and isinstance(fourth, Returned)
    np.testing.assert_array_equal([first.values[0], fourth.values[0]], [[1, 2], [3, 4]])
    assert (second, third) == (WrongShape(0, (1, 3), (2,)), Raised("E", "", 0))


def head(kind: int, payload: bytes) -> bytes:
    return wire.HEAD.pack(wire.MAGIC, kind, len(payload)) + payload


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"score": 1, "passed": true}' * 2, id="json"),
        pytest.param(wire.HEAD.pack(b"cgs2", wire.RESULT, 2), id="another-magic"),
        pytest.param(wire.HEAD.pack(wire.MAGIC, wire.RESULT, wire.PAYLOAD + 1), id="payload-too-large"),
        pytest.param(head(wire.READY, b""), id="ready-again"),
        pytest.param(head(wire.LOADED, b""), id="loaded-again"),
        pytest.param(head(255, b""), id="unknown-kind"),
        pytest.param(head(wire.RESULT, b""), id="no-heads"),
        pytest.param(head(wire.RESULT, struct.pack("!BB", 0, 0)), id="no-values"),
        pytest.param(head(wire.RESULT, struct.pack("!BB", 0, 2) + struct.pack("!BB", 11, 0) * 2), id="two-values-not-in-a-tuple"),
        pytest.param(head(wire.RESULT, struct.pack("!BB", 2, 1) + struct.pack("!BB", 11, 0)), id="another-form"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBB", 0, 1, 12, 0)), id="unknown-dtype"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBB", 0, 1, 11, 9) + bytes(72)), id="many-axes"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBBQ", 0, 1, 11, 2, 1)), id="shape-cut-short"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBBQ", 0, 1, 11, 0, 1)), id="bytes-left-over"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBBQQ", 0, 1, 11, 2, 0, 1 << 62)), id="nothing-times-much"),
        pytest.param(head(wire.RESULT, struct.pack("!BBBBQ", 0, 1, 11, 1, MOST // 8 + 1)), id="above-the-limit"),
        pytest.param(array([0.0] * 60) + array([0.0] * 66), id="above-the-limit-together"),
        pytest.param(head(wire.FAULT, b""), id="empty-fault"),
        pytest.param(head(wire.FAULT, struct.pack("!BII", wire.RAISED, 0, 0) + bytes(7)), id="fault-with-more"),
        pytest.param(head(wire.FAULT, struct.pack("!BIIH", wire.RAISED, 0, 0, 99) + bytes(9)), id="fault-with-less"),
        pytest.param(wire.fault(wire.SYNTAX), id="syntax-error-in-a-call"),
        pytest.param(wire.fault(wire.MISSING), id="missing-in-a-call"),
        pytest.param(wire.fault(99), id="unknown-fault"),
    ],
)
def test_forged(raw: bytes) -> None:
    reader = read(START + raw, calls=2)
    assert reader.finished
    assert isinstance(reader.calls[-1], Garbled)
    before = list(reader.calls)
    reader.feed(array([1, 2]))
    assert reader.calls == before, "nothing is read after a forgery"


@pytest.mark.parametrize(
    "raw", [pytest.param(array([1, 2]), id="result"), pytest.param(wire.frame(wire.LOADED), id="loaded"), pytest.param(wire.fault(wire.TOO_LARGE), id="fault")]
)
def test_forged_before_it_is_loaded(raw: bytes) -> None:
    reader = read(wire.frame(wire.READY) + raw)
    if raw == wire.frame(wire.LOADED):
        assert (reader.loading, reader.finished) == (Loaded(), False)
    else:
        assert isinstance(reader.loading, Garbled) and not reader.calls


@given(st.binary(max_size=300), st.booleans(), st.integers(0, 3))
def test_no_bytes_do_harm(raw: bytes, started: bool, calls: int) -> None:
    """Whatever comes, the reader neither raises nor holds more than the limit, and tells at most one outcome a call."""
    reader = read((START if started else b"") + raw, calls=calls, most=64)
    assert len(reader.calls) <= calls
    held = sum(value.nbytes for call in reader.calls if isinstance(call, Returned) for value in call.values)
    assert held <= 64
    for call in reader.calls:
        assert not isinstance(call, Returned) or call.values[0].shape == (2,)


@given(st.lists(st.sampled_from([wire.READY, wire.LOADED, wire.RESULT, wire.FAULT, 9]), max_size=6), st.binary(max_size=40))
def test_no_frames_do_harm(kinds: list[int], payload: bytes) -> None:
    reader = read(START + b"".join(head(kind, payload) for kind in kinds), calls=3, most=64)
    assert len(reader.calls) <= 3


def test_truth_values_of_other_bytes_are_truth_values() -> None:
    raw = wire.result(False, [(0, (2,))]) + b"\x02\x00"
    reader = Reader([Call(function="f", expected=(Expected((2,), "b"),))], MOST)
    reader.feed(START + raw)
    (told,) = reader.calls
    assert isinstance(told, Returned) and told.values[0].view(np.uint8).tolist() == [1, 0]


@given(st.text(max_size=3000), st.text(max_size=200))
def test_texts_are_cut_and_come_through(message: str, name: str) -> None:
    (told,) = read(START + wire.fault(wire.RAISED, name=name, message=message)).calls
    assert isinstance(told, Raised)
    assert len(told.message) <= wire.MESSAGE and len(told.type) <= wire.NAME
    if len(message) <= wire.MESSAGE:
        assert told.message == message.encode("utf-8", "backslashreplace").decode()[: wire.MESSAGE]
