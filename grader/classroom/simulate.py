"""A class with known habits: who makes which mistakes, slips, leaves blanks, hands in late or a damaged file.

Pure: the same seed gives the same class. What every answer came from is kept as the truth, so that a course can be
tried, and the grader tested, before the term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from grader.classroom.slips import as_written, number_off, option_slips
from grader.course.expected import Expected
from grader.course.formula import Formula
from grader.course.part import Part
from grader.course.values import Answer
from grader.marking.compare import same
from grader.marking.reading import read_part
from grader.variants.stream import Stream, stream_key
from grader.variants.variant import Sheet, Variant

DAMAGES = ("empty", "cut-off", "not-theirs", "no-answers")
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One simulated student. Rates are in percent."""

    student: str
    mistakes: dict[str, str]  # exercise → the wrong method they use for it
    slips: int
    blanks: int
    late_hours: int  # after the due time; negative: before it
    style: str  # how they write arrays: "rows" | "lists" | "torch"
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer came from: "right", "mistake" (and which), "slip" or "blank"."""

    kind: str
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class FilledPart:
    slot: str
    part: str
    answer: Any  # as JSON; None where blank
    origin: Origin


def habits(students: Sequence[str], exercises: dict[str, list[str]], seed: int) -> list[Habits]:
    """A class: about a third make no mistakes of method, the others carry one or a few.

    Args:
        exercises: for each exercise of the assignment, its wrong methods.
    """
    found = []
    for student in students:
        stream = Stream(stream_key(b"simulated class", seed, student), 0)
        careful = stream.below(_PERCENT) < 35
        mistakes = {} if careful else {e: stream.choice(names) for e, names in exercises.items() if names and stream.below(_PERCENT) < 45}
        found.append(
            Habits(
                student=student,
                mistakes=mistakes,
                slips=stream.choice((0, 0, 2, 5, 10)),
                blanks=stream.choice((0, 0, 0, 5, 15)),
                late_hours=stream.choice((-90, -60, -40, -30, -20, -10, -5, -2, -1, -1, 7, 30)),
                style=stream.choice(("rows", "rows", "lists", "torch")),
                damage=stream.choice(DAMAGES) if stream.below(_PERCENT) < 3 else None,
            )
        )
    return found


def fill(sheet: Sheet, own: Habits, seed: int) -> list[FilledPart]:
    """What this student writes into their sheet, and where each answer comes from."""
    stream = Stream(stream_key(b"simulated answers", seed, sheet.id), 0)
    return [answer for variant in sheet.variants for answer in _fill_slot(variant, own, stream)]


def mastery(filled: Sequence[FilledPart], sheet: Sheet) -> float:
    """The share of points that this student's methods deserve: a slip is a right method, a blank is none."""
    weights: dict[tuple[str, str], Fraction] = {}
    for variant in sheet.variants:
        parts = variant.exercise.parts_of(variant.given)
        weights |= {(variant.slot, part.id): variant.points * part.weight / sum(p.weight for p in parts) for part in parts}
    known = sum((weights[(f.slot, f.part)] for f in filled if f.origin.kind in ("right", "slip")), Fraction(0))
    return float(known / sheet.possible) if sheet.possible else 0.0


def _fill_slot(variant: Variant, own: Habits, stream: Stream) -> list[FilledPart]:
    if (part := variant.exercise.code_part) is not None:  # nobody here writes programs
        return [FilledPart(variant.slot, part.id, None, Origin("blank"))]
    expected = variant.expected
    wrong = expected.mistakes.get(own.mistakes.get(variant.exercise.id, ""), {})
    filled = []
    for part in variant.exercise.parts_of(variant.given):
        right = expected.key[part.id]
        answer, origin = _json(right, part), Origin("right")
        if part.id in wrong:
            method = wrong[part.id][0]
            if not equal_answers(method, right, part):
                answer, origin = _json(method, part), Origin("mistake", own.mistakes[variant.exercise.id])
        if stream.below(_PERCENT) < own.blanks:
            answer, origin = None, Origin("blank")
        elif origin.kind == "right" and stream.below(_PERCENT) < own.slips and not isinstance(right, Formula):
            answer, origin = _slip(right, expected, part, stream), Origin("slip")
        filled.append(FilledPart(variant.slot, part.id, answer, origin))
    return filled


def equal_answers(answer: Answer, right: Answer, part: Part) -> bool:
    """Whether a wrong method happens to give the right answer here."""
    read_back = read_part(part, right, _json(answer, part))
    return read_back.value is not None and same(part, read_back.value, right, right)


def _slip(right: Answer, expected: Expected, part: Part, stream: Stream) -> Any:
    """A right answer with one thing a little off. Not one that a wrong method leads to: nobody could tell it from that."""
    known = [reading for answers in expected.mistakes.values() for reading in answers.get(part.id, ())]
    if part.options:
        slips = option_slips(part, right)
        return _json(stream.choice([answer for answer in slips if answer not in known] or slips), part)
    for _ in range(50):
        delta = stream.choice((-3, -2, -1, 1, 2, 3, 10))
        answer = number_off(right, delta, stream.below)
        if answer not in known:
            return _json(answer, part)
    return _json(number_off(right, 1000, stream.below), part)


def _json(answer: Any, part: Part) -> Any:
    """An answer as a student writes it: where whole numbers are asked for, fractions as decimals of two places."""
    if isinstance(answer, Fraction) and part.kind != "number":
        typed = Decimal(answer.numerator) / Decimal(answer.denominator)
        return str(typed.quantize(Decimal("0.01"), ROUND_HALF_UP)) if typed != typed.to_integral_value() else int(typed)
    if isinstance(answer, (list, tuple)):
        return [_json(item, part) for item in answer]
    return as_written(answer)
