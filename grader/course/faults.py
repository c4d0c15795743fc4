"""What is wrong in a course: every fault with its place and its cure, all of them together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.documents import Document, DocumentError, Place, decode, read_bytes, read_yaml

COURSE_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a course author has to put right."""

    file: str
    line: int
    column: int
    place: str
    what: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        place = f" {self.place}:" if self.place else ":"
        return f"{where}{place} {self.what}; {self.cure}"


class CourseError(Exception):
    """A course that cannot be used. `faults` holds everything found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[CourseError], tuple[tuple[Fault, ...]]]:
        """As it travels from a worker: with its faults, not with the message made of them."""
        return CourseError, (self.faults,)


@dataclass(frozen=True, slots=True)
class Source:
    """A course file as read: its data, and a way to name any place in it."""

    file: str
    document: Document

    @classmethod
    def read(cls, path: Path, shown: str) -> Source:
        """Reads a YAML file of the course.

        Raises:
            CourseError: it is missing, unreadable, or not YAML.
        """
        try:
            return cls(shown, read_yaml(decode(read_bytes(path, COURSE_BYTES)), typed=True))
        except DocumentError as error:
            what, _, cure = error.text.en.partition("; ")
            raise CourseError([Fault(shown, error.line or 1, error.column or 1, "", what, cure or "check the file")]) from error

    def fault(self, place: Place, what: str, cure: str, within: Place = ()) -> Fault:
        """A fault at a place of this file.

        Args:
            within: the section that the place is read in. It may be taken over from the top of the file;
                the line is that where the text truly stands.
        """
        whole = (*within, *place)
        found = place if self._depth(place) > self._depth(whole) - len(within) else whole
        return Fault(self.file, *self.document.mark(found), dotted(whole), what, cure)

    def _depth(self, place: Place) -> int:
        """How many steps of a place the file holds."""
        return next((steps for steps in range(len(place), 0, -1) if place[:steps] in self.document.marks), 0)


def dotted(place: Place) -> str:
    """`("slots", 2, "stride")` as a person writes it: `slots[2].stride`."""
    shown = ""
    for step in place:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else str(step)
    return shown


def nearest(word: str, known: Iterable[str]) -> str:
    """A cure for an unknown name: the likeliest known one, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known are {', '.join(names)}" if names else "none is known here"
