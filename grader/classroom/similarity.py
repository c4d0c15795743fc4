"""Programs of a class that are alike beyond what is usual in it. A hint for a person who reads both; nothing is taken off for it.

Everyone programs the same function, so honest programs are alike too: what many have in common is left out, and how
alike pairs of this class usually are stands beside each pair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from grader.classroom.fingerprints import fingerprints
from grader.classroom.hand_ins import submission_of
from grader.classroom.regrading import stored_hand_in
from grader.course.course import Assignment
from grader.course.part import Code
from grader.course.starter import starters
from grader.marking.source import Source, source_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from grader.classroom.fingerprints import Fingerprints

    Numbers = npt.NDArray[np.int64]

SHARE = 0.8
"""A pair is shown from this share on. The commonest solution in two honest versions has 0.73, before what many have is left out."""
LEAST = 15
"""Fingerprints of its own that a program has to have; with fewer it is too short or too ordinary to say anything."""
COMMON, COMMON_LEAST, COMMON_MOST = 0.1, 4, 100
"""What more students have than this share of them is nobody's own; so many students at least and at most, whatever the class."""
USUAL, USUAL_PAIRS = 0.9, 100
"""Usual is what this share of the pairs keeps to, where there are enough of them to say so. Where `SHARE` is usual, no pair is shown."""
_STEPS = 1000  # in which shares are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that somebody handed in."""

    slot: str
    student: str
    prints: Fingerprints


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPair:
    """Two students whose programs are alike. Who had it from whom, or both from a third, they do not say."""

    student: str
    other: str
    shared: int  # fingerprints
    own: int  # fingerprints of the one who has fewer
    share: float  # shared / own
    as_alike: int  # pairs of the class that are at least so alike, this one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """The programs of one slot."""

    slot: str
    students: int  # who handed in a program
    compared: int  # of those, whose programs have enough that is not common
    pairs: int  # of students compared
    usual: float | None  # the share that nine of ten pairs keep to; None where there are too few pairs
    alike: tuple[ProgramPair, ...]  # most alike first

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def stored_programs(submissions: Iterable[Mapping[str, Any]], assignment: Assignment, timezone: ZoneInfo) -> Iterator[Program]:
    """Every program handed in (`Store.submissions`), of each attempt: beside the sheet or in it, whatever became of it."""
    parts = {slot: part for entry in assignment.entries if (part := entry.exercise.code_part) is not None for slot in entry.slots}
    for row in submissions if parts else ():
        found = stored_hand_in(row, None)
        files = found.bundle.files
        # A sheet is read only where a program may stand in it: that takes longer than all the rest.
        answers = submission_of(found, assignment, timezone).answers if set(parts) - set(files) else {}
        for slot, part in parts.items():
            source = source_of(slot, part.id, answers.get(slot), files.get(slot))
            if isinstance(source, Source):
                yield Program(slot=slot, student=row["student"], prints=fingerprints(source.raw))


def similarities(programs: Iterable[Program], assignment: Assignment) -> list[Similarity]:
    """For each slot of an assignment that asks for a program, who handed in programs that are alike."""
    asked = assignment.programs
    by_slot: dict[str, list[Program]] = {slot: [] for slot in asked}
    for program in programs:
        by_slot[program.slot].append(program)
    return [similarity(slot, by_slot[slot], code) for slot, code in asked.items()]


def similarity(slot: str, programs: Iterable[Program], code: Code) -> Similarity:
    """Who handed in programs for one slot that are alike.

    Two students are as alike as the share of fingerprints of the one who has fewer which the other has too. What the
    starter has and what is common in the class does not count; all attempts of a student count together.

    They are looked up by fingerprint: the time grows with the programs, and with how many students have a fingerprint in
    common, which is at most `COMMON_MOST`; and by a few numbers for each pair.
    """
    given = np.concatenate([fingerprints(text.encode()) for text in starters(code)])
    handed_in: dict[str, list[Fingerprints]] = {}
    for program in programs:
        handed_in.setdefault(program.student, []).append(program.prints)
    students = sorted(handed_in)
    own = _Own([np.setdiff1d(np.concatenate(handed_in[student]), given) for student in students])
    tally = np.zeros(_STEPS + 1, dtype=np.int64)  # pairs by their share
    found: list[ProgramPair] = []
    for number, student in enumerate(students):
        shared, fewer = own.beside(number)
        shares = np.where(fewer >= LEAST, shared / np.maximum(fewer, 1), -1)
        tally += np.bincount((shares[shares >= 0] * _STEPS).astype(np.int64), minlength=_STEPS + 1)
        for place in np.flatnonzero(shares >= SHARE).tolist():
            found.append(
                ProgramPair(
                    student=student,
                    other=students[number + 1 + place],
                    shared=int(shared[place]),
                    own=int(fewer[place]),
                    share=float(shares[place]),
                    as_alike=0,  # known when all are
                )
            )
    usual = _usual(tally)
    ranks = sorted(pair.share for pair in found)
    shown = [replace(pair, as_alike=len(ranks) - bisect_left(ranks, pair.share)) for pair in found if usual is None or usual < SHARE]
    shown.sort(key=lambda pair: (-pair.share, -pair.shared, pair.student, pair.other))
    compared = int((own.sizes >= LEAST).sum())
    return Similarity(slot=slot, students=len(students), compared=compared, pairs=int(tally.sum()), usual=usual, alike=tuple(shown))


class _Own:
    """What is each student's own of the fingerprints: what is common is left out.

    Args:
        prints: of each student, each once.
    """

    def __init__(self, prints: Sequence[Fingerprints]) -> None:
        students = len(prints)
        who = np.repeat(np.arange(students), [len(found) for found in prints])
        _, numbers, holders = np.unique(np.concatenate(prints) if prints else [], return_inverse=True, return_counts=True)
        rare = holders[numbers] <= min(COMMON_MOST, max(COMMON_LEAST, int(COMMON * students)))
        self.sizes: Numbers = np.bincount(who[rare], minlength=students)
        # One after another: of each student the fingerprints that others have too, and of each fingerprint its students.
        several = rare & (holders[numbers] > 1)
        self._numbers, owners = numbers[several], who[several]
        self._places = np.searchsorted(owners, np.arange(students + 1))
        order = np.argsort(self._numbers, kind="stable")
        self._owners = owners[order]
        self._starts = np.searchsorted(self._numbers[order], np.arange(len(holders) + 1))

    def beside(self, student: int) -> tuple[Numbers, Numbers]:
        """For each student after this one: how many fingerprints both have, and how many the one has who has fewer."""
        own = self._numbers[self._places[student] : self._places[student + 1]]
        owners = [self._owners[self._starts[number] : self._starts[number + 1]] for number in own]
        shared = np.bincount(np.concatenate(owners) if owners else [], minlength=len(self.sizes))
        return shared[student + 1 :], np.minimum(self.sizes[student + 1 :], self.sizes[student])


def _usual(tally: Numbers) -> float | None:
    pairs = int(tally.sum())
    return None if pairs < USUAL_PAIRS else int(np.searchsorted(tally.cumsum(), USUAL * pairs)) / _STEPS
