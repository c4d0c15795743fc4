"""Copy signals: wrong answers that are right for another student's numbers.

Everyone has their own numbers, so a copied answer is wrong in a way that names its source. A signal is a hint for a
person who looks at both sheets; nothing is ever taken off for it.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader.classroom.answer_owners import AnswerOwners
from grader.classroom.whose import IssuedVariant
from grader.course.exercise import Exercise
from grader.course.faults import CourseError
from grader.course.values import GivenError, to_json
from grader.marking.record import PartGrade, Record, Verdict

if TYPE_CHECKING:
    import numpy as np

CHANCE = 1e-3
"""A pair is shown only where, in a class that does not copy, *any* pair would look like it with at most this chance.

So of a thousand honest assignments one shows a signal. A looser bound would have people ask honest students for an
explanation every term; a tighter one would ask of a small class (where shares are at least 1/n) more wrong answers than
most copied sheets hold.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAnswer:
    """An answer that nothing in the student's own numbers explains, and the source's numbers do."""

    slot: str
    part: str
    chance: float  # that the numbers of one other student, drawn anew, lead to this answer


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySignal:
    """A student whose wrong answers follow from another's numbers. A hint, never a penalty."""

    student: str
    attempt: int
    source: str
    answers: tuple[SharedAnswer, ...]  # one for each slot: the most telling part
    unexplained: int  # slots with wrong answers that the student's own numbers do not explain
    log10_chance: float  # of any pair of an honest class looking like this; at most log10(CHANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """The signals of an assignment, least likely by chance first, and what was compared."""

    students: int
    answers: int  # unexplained wrong answers
    pairs: int  # of a hand-in with such answers and another student
    signals: tuple[CopySignal, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def find_copies(issued: Iterable[IssuedVariant], records: Iterable[Record], exercises: Mapping[str, Exercise]) -> Copies:
    """Pairs of students of whom one handed in what follows from the other's numbers.

    Evidence is an answer that is wrong, that nothing of the student's own explains (no wrong method, no earlier part
    carried on, no array with most cells right), and that is, for another student's variant of the same slot, the key, or
    what that student answered by a recognised wrong method. A part whose key is everyone's tells nothing.

    Chance. Of honest work, the student's answers are fixed and the other's numbers are drawn apart from them. So one
    match has the chance that one other student's numbers lead to that answer: the share of the class whose do. For an
    array that is the product over its cells of the share of arrays with that value in that place, and never less than
    the share of *other* students with the very same array. Slots are drawn apart, so their chances multiply; the parts
    of a slot hang together, so only the least likely counts. (Over 1,000 sheets of the first lesson, two or three cells
    of an array agree 1.05 to 1.23 times as often as their product says, two to four output sizes drawn together 0.8 to 1.04 times.)

    Which slots would match was not fixed beforehand. For m unexplained parts in a slot the expectation of
    1 + Σ 1/chance over those that match is 1 + m, so by Markov's inequality a product as small as P comes up with a
    chance of at most P · Π(1 + m). Times the pairs compared (Bonferroni), that bounds the chance that any honest pair is
    shown; the number of other variants thus counts once, in the pairs.

    Linear in the answers: each is looked up among what numbers lead to, and other students are looked at only for the
    rarest matches; the common ones left out could not reach the bound by themselves, so no pair is missed (the prefix
    filter of similarity joins: Chaudhuri, Ganti & Kaushik 2006).

    Args:
        issued: every variant given out; those that a record shows need not be here, and are not computed again.
        records: any number for each student; each attempt is compared.
    """
    index = _Index(exercises)
    suspects = [suspect for record in records if (suspect := index.read(record)) is not None]
    for variant in issued:
        index.add_variant(variant)
    for reference in index.references.values():
        reference.close()
    varying = {place for place, reference in index.references.items() if reference.varies}
    suspects = [_Suspect(s.student, s.attempt, own) for s in suspects if (own := tuple(answer for answer in s.answers if answer[0] in varying))]
    students = list(index.students)
    pairs = len(suspects) * (len(students) - 1)
    signals = [found for suspect in suspects for found in index.compare(suspect, students, pairs)]
    strongest: dict[tuple[str, str], CopySignal] = {}  # of several attempts
    for found in sorted(signals, key=lambda found: (found.log10_chance, found.student, found.source)):
        strongest.setdefault((found.student, found.source), found)
    answers = sum(len(suspect.answers) for suspect in suspects)
    return Copies(students=len(students), answers=answers, pairs=pairs, signals=tuple(strongest.values()))


@dataclass(frozen=True, slots=True)
class _Suspect:
    student: int
    attempt: int
    answers: tuple[tuple[tuple[str, str], str], ...]  # ((slot, part), answer as text), each unexplained


@dataclass(frozen=True, slots=True)
class _Match:
    place: tuple[str, str]
    weight: float  # −log of the chance
    owners: np.ndarray[Any, Any]


class _Index:
    """What every student's numbers lead to, and who has answers that theirs do not explain."""

    def __init__(self, exercises: Mapping[str, Exercise]) -> None:
        self.exercises = exercises
        self.students: dict[str, int] = {}
        self.references: dict[tuple[str, str], AnswerOwners] = {}
        self.known: set[int] = set()  # digests of (student, slot, variant) whose keys are here

    def read(self, record: Record) -> _Suspect | None:
        """Takes in a record: its keys and recognised wrong answers as references, its unexplained answers as what to look up."""
        student = self._student(record.student)
        answers = []
        for slot in record.slots:
            exercise = self.exercises.get(slot.exercise)
            if exercise is None or exercise.code_part is not None:  # everyone's cases are the same: nothing of one's own can be copied
                continue
            new = self._is_new(student, slot.slot, slot.variant)
            for part in slot.parts:
                place = (slot.slot, part.part)
                reference = self._reference(exercise, place)
                if new:
                    reference.add(student, _text(part.key), part.key, key=True)
                if part.mistakes:
                    reference.add(student, _text(part.answer), part.answer, key=False)
                elif _unexplained(part):
                    answers.append((place, _text(part.answer)))
        return _Suspect(student, record.attempt, tuple(answers)) if answers else None

    def add_variant(self, variant: IssuedVariant) -> None:
        """Takes in the key of a variant no record shows. One that cannot be computed any more (its exercise has changed) tells nothing."""
        exercise = self.exercises.get(variant.exercise)
        student = self._student(variant.student)
        if exercise is None or exercise.code_part is not None or not self._is_new(student, variant.slot, variant.variant):
            return
        try:
            expected = exercise.expect(variant.given)
        except (GivenError, CourseError):
            return
        for part, key in expected.key.items():
            value = to_json(key)
            self._reference(exercise, (variant.slot, part)).add(student, _text(value), value, key=True)

    def compare(self, suspect: _Suspect, students: list[str], pairs: int) -> Iterator[CopySignal]:
        """The signals of one hand-in."""
        import numpy as np

        matches, parts = [], Counter[str]()
        for place, text in suspect.answers:
            parts[place[0]] += 1
            owners = self.references[place].owners_of(text)
            others = owners[owners != suspect.student]
            if len(others):
                matches.append(_Match(place, self.references[place].weight(text, len(owners), len(students)), others))
        choices = math.log(pairs) + sum(math.log(1 + count) for count in parts.values())
        needed = choices - math.log(CHANCE)
        rare = sorted(matches, key=lambda match: match.weight)
        left_out = 0.0
        while rare and left_out + rare[0].weight < needed:
            left_out += rare.pop(0).weight
        for source in np.unique(np.concatenate([match.owners for match in rare])) if rare else ():
            best: dict[str, _Match] = {}
            for match in matches:
                if source in match.owners and (match.place[0] not in best or match.weight > best[match.place[0]].weight):
                    best[match.place[0]] = match
            weight = sum(match.weight for match in best.values())
            if weight >= needed:
                yield CopySignal(
                    student=students[suspect.student],
                    attempt=suspect.attempt,
                    source=students[source],
                    answers=tuple(SharedAnswer(slot=m.place[0], part=m.place[1], chance=math.exp(-m.weight)) for m in best.values()),
                    unexplained=len(parts),
                    log10_chance=(choices - weight) / math.log(10),
                )

    def _student(self, student: str) -> int:
        return self.students.setdefault(student, len(self.students))

    def _is_new(self, student: int, slot: str, variant: str) -> bool:
        before = len(self.known)
        self.known.add(hash((student, slot, variant)))
        return len(self.known) > before

    def _reference(self, exercise: Exercise, place: tuple[str, str]) -> AnswerOwners:
        if place not in self.references:
            part = exercise.part(place[1])
            self.references[place] = AnswerOwners(by_cell=part is not None and part.kind == "array")
        return self.references[place]


def _unexplained(part: PartGrade) -> bool:
    return part.verdict is Verdict.INCORRECT and not part.mistakes


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
