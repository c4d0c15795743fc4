"""What reading an answer may cost: lines of Python counted, and processor time capped, for texts made to be slow."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.part import Option, Part
from grader.marking.reading import read_part
from grader.text import both

LENGTH = 4000
LINES_A_CHARACTER = 150  # that reading may run; what is read twice over costs thousands
SECONDS = 10  # of processor time: a search that goes back and forth takes years

NAMES = ("blur", "sharpen", "edges", *(f"effect-{letter}" for letter in "qrstuvwxy"))
OPTIONS = tuple(Option(name, both(f"{name}, so that noise is less")) for name in NAMES)
PARTS: dict[str, tuple[Part, Any]] = {
    "integer": (Part(id="n", kind="integer", weight=Fraction(1)), 3),
    "pair": (Part(id="n", kind="integer", weight=Fraction(1)), (3, 4)),
    "number": (Part(id="n", kind="number", weight=Fraction(1)), Fraction(1, 3)),
    "vector": (Part(id="n", kind="vector", weight=Fraction(1)), (1, 2, 3)),
    "shape": (Part(id="n", kind="shape", weight=Fraction(1), axes=(("N", "C", "H", "W"),)), (1, 2, 3, 4)),
    "array": (Part(id="n", kind="array", weight=Fraction(1)), [[1, 2], [3, 4]]),
    "choice": (Part(id="n", kind="choice", weight=Fraction(1), options=OPTIONS), "blur"),
    "choices": (Part(id="n", kind="choices", weight=Fraction(1), options=OPTIONS), frozenset({"blur"})),
    "formula": (Part(id="n", kind="formula", weight=Fraction(1), names=("i", "k")), "i"),
}
PIECES = [
    "1",
    "9",
    "-",
    "+",
    ".",
    ",",
    ";",
    "/",
    "e",
    "E",
    "_",
    " ",
    "\n",
    "\t",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "tensor(",
    "array(",
    "torch.Size(",
    "×",
    "x",
    "a",
    "b",
    ":",
]
PIECES += ["none", "无", "和", "、", "，", "１", "−", "⑴", "ﷺ", "\u0301", "'", '"', "#", "\x00", "N", "and ", "dtype=", "...", "nan", "1e9", "0" * 30]
PIECES += ["1和", "a,", "a ", "a\n", "blur,", "1,2\n", "[1,2],", "N:1,"]


@contextmanager
def processor_time(seconds: int) -> Iterator[None]:
    """Fails what takes longer, by the time this process computes: other programs on the machine do not count."""

    def late(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def lines(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def read_within(kind: str, text: str) -> None:
    part, key = PARTS[kind]
    with processor_time(SECONDS):
        assert lines(lambda: read_part(part, key, text)) <= LINES_A_CHARACTER * (len(text) + 100)


@pytest.mark.parametrize("piece", PIECES, ids=[ascii(piece)[:16] for piece in PIECES])
@pytest.mark.parametrize("kind", PARTS)
def test_one_piece_over_and_over(kind: str, piece: str) -> None:
    read_within(kind, piece * (LENGTH // len(piece)))


@pytest.mark.parametrize("kind", PARTS)
@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), end=st.sampled_from(["", "!", "]", "x?", "1"]))
def test_pieces_over_and_over(kind: str, pieces: list[str], end: str) -> None:
    once = "".join(pieces)
    read_within(kind, once * (LENGTH // 4 // len(once)) + end)


def test_the_caps_hold() -> None:
    """A search that goes back and forth is stopped, and lines are counted."""
    with pytest.raises(TimeoutError), processor_time(1):
        re.fullmatch("(a+)+b", "a" * 60)
    assert lines(lambda: [sum(range(3)) for _ in range(2)]) >= 1
