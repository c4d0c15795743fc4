"""What came of a submission: a closed set of outcomes for the file and for each call.

All of it is data that pickles. Text in it is the student's: cut to a few thousand characters, but as it came, control characters and
all; whoever shows it passes it through `grader.text.visible`. None of it may be scored but `Returned`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from grader.sandbox.call import Array
from grader.sandbox.level import Level


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the student's file that an exception came through."""

    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The file has been run from top to bottom and defines what is called."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file cannot be a program: too large, or in no encoding Python can read."""

    message: str


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """The file is no Python. `line` and `column` count from 1; 0: not known."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class NoSuchFunction:
    """The file lacks a function; `defined` are those it does define."""

    name: str
    defined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportRefused:
    """A package that exercises are solved without. `line`: of the import; 0: not known."""

    package: str
    line: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception came out. `line`: the innermost in the student's file; 0: none of it is."""

    type: str
    message: str
    line: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """More was asked for than `Limits.memory`."""

    message: str
    line: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedOut:
    """It was still running after so many seconds of the wall clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Died:
    """The process was gone before it answered: `signal` names what ended it, or it left with `status`."""

    signal: str | None
    status: int | None


@dataclass(frozen=True, slots=True)
class Flooded:
    """It printed more than `Limits.output`."""

    limit: int


@dataclass(frozen=True, slots=True)
class Garbled:
    """What came over the channel was not what the runner itself sends: student code has written to it."""

    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """Arrays as expected in number, shape and kind; nothing is said yet about their values, which may be NaN."""

    values: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class WrongType:
    """No array and no number, but this."""

    type: str


@dataclass(frozen=True, slots=True)
class WrongCount:
    got: int
    expected: int


@dataclass(frozen=True, slots=True)
class WrongDtype:
    position: int
    dtype: str
    kinds: str


@dataclass(frozen=True, slots=True)
class WrongShape:
    position: int
    got: tuple[int, ...]
    expected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooLarge:
    """More bytes than `Limits.results` leaves for it."""

    shape: str
    dtype: str


class Why(Enum):
    """Why a call was never made."""

    FILE = "the file could not be used"
    TIME = "the time for all calls was used up"
    RESTARTS = "too many calls before it ended their process"
    FLOOD = "too much had been printed"


@dataclass(frozen=True, slots=True)
class NotRun:
    why: Why


Fault: TypeAlias = ImportRefused | Raised | OutOfMemory | TimedOut | Died | Flooded | Garbled
Loading: TypeAlias = Loaded | Unreadable | SyntaxFault | NoSuchFunction | Fault
CallOutcome: TypeAlias = Returned | WrongType | WrongCount | WrongDtype | WrongShape | TooLarge | NotRun | Fault


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """One submission, run."""

    loading: Loading
    calls: tuple[CallOutcome, ...]  # one for each call, in order
    output: str  # the end of what was printed, standard error included
    printed: int  # bytes, all of them
    seconds: float  # of the wall clock
    processor_seconds: float
    peak_memory: int  # bytes, the interpreter's own included
    processes: int  # fresh processes it took
    level: Level
