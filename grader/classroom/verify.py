"""The author's instrument: is an exercise fit to hand out?

Draws many variants, sends the key, every wrong method, a blank, a slip and a malformed answer through the same
`grade_slot` that grades students, and measures how often a wrong method would have been right.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median
from typing import Any

from grader.classroom.measures import Rate, key_bands, key_ranks, never_apart, rates
from grader.classroom.slips import as_written, slip_of
from grader.classroom.widening import suggestion
from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.course.faults import CourseError, dotted
from grader.course.values import Answer, to_json
from grader.marking.record import SlotGrade, Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.variants.draw import Candidate, example, work_of
from grader.variants.separate import draw_group, draw_single, gives_key, separation
from grader.variants.stream import stream_key
from grader.variants.variant import Variant

CHECKED = 60  # variants of each exercise that go through `grade_slot` with every kind of answer
SLIP = 1000  # added to one cell: no wrong method is that far off on a drawn variant
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What drawing and grading many variants of one exercise showed."""

    exercise: str
    level: int
    minutes: Fraction | None = None  # that a student is expected to need
    count: int  # slots drawn together; 1: each on its own
    variants: int
    distinct: int
    checked: int  # variants whose key, wrong methods, blank, slip and malformed answer went through `grade_slot`
    naive: dict[str, Rate]  # before acceptance
    accepted: dict[str, Rate]  # after it
    together: dict[tuple[str, str], str]  # pairs of wrong methods never told apart, and why
    separated: float  # share of draws that tell every pair apart
    work: dict[str, tuple[int, int]]  # least and most
    keys: dict[str, tuple[Any, Any]]  # least and most of each part with numbers
    ranks: dict[str, tuple[int, ...]]  # where the key lies among the wrong answers: shares of five equal steps, lowest first
    draw_ms: tuple[float, float]  # median and 95th percentile for one draw
    faults: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.exercise if self.count == 1 else f"{self.exercise} × {self.count}"

    def to_json(self) -> dict[str, Any]:
        def shares(found: dict[str, Rate]) -> dict[str, Any]:
            return {name: {"right": rate.right, "applies": rate.applies} for name, rate in found.items()}

        return {
            "exercise": self.exercise,
            "level": self.level,
            "minutes": None if self.minutes is None else float(self.minutes),
            "count": self.count,
            "fit": not self.faults,
            "variants": self.variants,
            "distinct": self.distinct,
            "checked": self.checked,
            "right_by_wrong_method": {"naive": shares(self.naive), "accepted": shares(self.accepted)},
            "never_separated": [{"pair": list(pair), "why": why} for pair, why in self.together.items()],
            "separated": round(self.separated, 4),
            "work": {name: list(band) for name, band in self.work.items()},
            "keys": {part: [to_json(bound) for bound in band] for part, band in self.keys.items()},
            "key_ranks": {part: list(counts) for part, counts in self.ranks.items()},
            "draw_ms": {"median": round(self.draw_ms[0], 3), "p95": round(self.draw_ms[1], 3)},
            "faults": list(self.faults),
        }


def verified(exercise: Exercise, variants: int, count: int = 1, progress: Callable[[], None] = lambda: None) -> Verified:
    """Verifies one exercise over about this many variants, drawn alone or `count` together.

    Args:
        progress: called for each draw, and for each variant checked.
    """
    faults = list(language_faults(exercise))
    if exercise.code_part is not None:
        return _verified_code(exercise, variants, count, faults, progress)
    key = stream_key(b"verify", exercise.id, exercise.draw_version, count)
    groups: list[tuple[Candidate, ...]] = []
    times: list[float] = []
    naive: list[Candidate] = []
    seen: list[Candidate] = []
    try:
        for number in range(max(1, variants // count)):
            start = time.perf_counter()
            own = stream_key(key, number)
            groups.append((draw_single(exercise, own, seen.append),) if count == 1 else draw_group(exercise, own, count, seen.append))
            times.append((time.perf_counter() - start) * 1000)
            # The first ones only: how many follow depends on what was accepted.
            naive += seen[:count]
            seen.clear()
            progress()
    except CourseError as error:
        faults += [str(fault) for fault in error.faults]
        naive += seen
    drawn = [candidate for group in groups for candidate in group]
    checked = drawn[:CHECKED]
    faults += list(_first_few(fault for candidate in checked for fault in _checked(exercise, candidate, progress)))
    accepted = rates(groups)
    separations = [separation([candidate.expected for candidate in group]) for group in groups]
    faults += list(hidden_faults(exercise, accepted)) if groups else list(blocked_faults(exercise, naive))
    works = [work_of(candidate.given, candidate.expected) for candidate in drawn]
    return Verified(
        exercise=exercise.id,
        level=exercise.level,
        minutes=exercise.minutes,
        count=count,
        variants=len(drawn),
        distinct=len({str(candidate.given) for candidate in drawn}),
        checked=len(checked),
        naive=rates([(candidate,) for candidate in naive]),
        accepted=accepted,
        together=never_apart(groups, separations),
        separated=sum(not found.together for found in separations) / len(groups) if groups else 0.0,
        work={name: (min(work[name] for work in works), max(work[name] for work in works)) for name in (works[0] if works else ())},
        keys=key_bands(drawn),
        ranks=key_ranks(drawn),
        draw_ms=(median(times), sorted(times)[int(len(times) * 0.95)]) if times else (0.0, 0.0),
        faults=tuple(faults),
    )


def _verified_code(exercise: Exercise, variants: int, count: int, faults: list[str], progress: Callable[[], None]) -> Verified:
    """A code exercise draws nothing: there is one variant of it."""
    from grader.classroom.verify_code import verified_code  # brings the sandbox along

    try:
        found = verified_code(exercise)
    except CourseError as error:
        return replace(unverified(exercise, count, ""), faults=(*faults, *map(str, error.faults)))
    for _ in range(max(1, variants // count) + CHECKED):
        progress()
    return replace(
        unverified(exercise, count, ""),
        variants=1,
        distinct=1,
        checked=found.programs,
        together=found.together,
        separated=float(not found.together),
        work={"cases": (found.cases, found.cases)},
        faults=(*faults, *found.faults),
    )


def unverified(exercise: Exercise, count: int, fault: str) -> Verified:
    """What is known of an exercise that could not be verified at all."""
    return Verified(
        exercise=exercise.id,
        level=exercise.level,
        minutes=exercise.minutes,
        count=count,
        variants=0,
        distinct=0,
        checked=0,
        naive={},
        accepted={},
        together={},
        separated=0.0,
        work={},
        keys={},
        ranks={},
        draw_ms=(0.0, 0.0),
        faults=(fault,),
    )


def hidden_faults(exercise: Exercise, accepted: dict[str, Rate]) -> Iterator[str]:
    """Wrong methods that no variant handed out could ever show, each with a range that would."""
    for name in exercise.mistakes:
        rate = accepted.get(name)
        if name in exercise.only_pinned or (rate is not None and rate.right < rate.applies):
            continue
        why = "applies to no variant that is drawn" if rate is None else "gives the right answer on every variant that is drawn"
        yield f"{_place(exercise)}: the wrong method '{name}' {why}, so it is never seen; {suggestion(exercise, name)}"


def blocked_faults(exercise: Exercise, naive: list[Candidate]) -> Iterator[str]:
    """Where nothing can be drawn: which wrong methods are right on every candidate, each with a range that would tell them apart."""
    for name in exercise.mistakes:
        applies = [candidate for candidate in naive if name in candidate.expected.mistakes]
        if applies and all(gives_key(candidate.expected, name) for candidate in applies):
            shown = example(applies[0].given)
            yield f"{_place(exercise)}: '{name}' gives the right answer on every candidate (as with {shown}); {suggestion(exercise, name)}"


def language_faults(exercise: Exercise) -> Iterator[str]:
    """Texts that are there in name only: a Chinese text without a Chinese character, or an English one with one."""
    texts = {"title": exercise.title, "prompt": None} | {f"parts.{part.id}.title": part.title for part in exercise.parts}
    if (part := exercise.code_part) is not None and part.code is not None:
        texts |= {f"parts.{part.id}.contract": part.code.contract} | {f"parts.{part.id}.groups.{group.id}.title": group.title for group in part.code.groups}
    words = (
        {"prompt": exercise.prompt}
        | ({"explanation": exercise.explanation} if exercise.explanation else {})
        | {f"mistakes.{name}": policy.words for name, policy in exercise.mistakes.items()}
    )
    pairs = [(place, text.en, text.zh) for place, text in texts.items() if text is not None]
    pairs += [(place, _plain(found.en), _plain(found.zh)) for place, found in words.items()]
    for place, en, zh in pairs:
        if not _CHINESE.search(zh):
            yield f"{exercise.file}: {place}.zh: there is no Chinese in it; translate it"
        if _CHINESE.search(en):
            yield f"{exercise.file}: {place}.en: there is Chinese in it; translate it"


def verdict_faults(exercise: Exercise, candidate: Candidate) -> Iterator[str]:
    """What `grade_slot` says wrongly about this variant: the key, each wrong method, a blank, a slip, a malformed answer."""
    variant, expected = variant_of(exercise, candidate.given), candidate.expected
    where = f"{exercise.file}: on {dict(candidate.given)}"
    key = {part: as_written(answer) for part, answer in expected.key.items()}
    if any(part.verdict is not Verdict.CORRECT or part.mistakes for part in grade_slot(variant, key).parts):
        yield f"{where} the key is not marked correct"
    for name in expected.mistakes:
        yield from _mistake_faults(where, variant, expected, name, key)
    if any(part.verdict is not Verdict.BLANK for part in grade_slot(variant, None).parts):
        yield f"{where} a blank is not marked blank"
    slip = {part: as_written(answer) for part, answer in slips_of(variant, expected).items() if answer is not None}
    if any((part.verdict is Verdict.CORRECT or part.mistakes) and part.part in slip for part in grade_slot(variant, slip).parts):
        yield f"{where} a slip is marked correct or taken for a wrong method"
    if any(part.verdict is not Verdict.INVALID for part in grade_slot(variant, dict.fromkeys(key, "x?!")).parts):
        yield f"{where} a malformed answer is not marked invalid"


def slips_of(variant: Variant, expected: Expected) -> dict[str, Answer | None]:
    """For each part, a wrong answer that no wrong method leads to."""
    known: dict[str, list[Answer]] = {}
    for answers in expected.mistakes.values():
        for part, readings in answers.items():
            known.setdefault(part, []).extend(readings)
    return {part.id: slip_of(part, expected.key[part.id], known.get(part.id, ()), SLIP) for part in variant.exercise.parts_of(variant.given)}


def _mistake_faults(where: str, variant: Variant, expected: Expected, name: str, key: dict[str, Any]) -> Iterator[str]:
    for part, readings in expected.mistakes[name].items():
        for reading in readings:
            if as_written(reading) == key[part]:
                continue
            found = next(p for p in graded(variant, part, reading, key).parts if p.part == part)
            if name not in found.mistakes:
                yield f"{where} the answer of '{name}' to {part} is not recognised ({found.verdict})"
            elif found.verdict is Verdict.CORRECT or found.credit > variant.exercise.mistakes[name].credit:
                yield f"{where} the answer of '{name}' to {part} earns {found.credit}, more than its credit"


def graded(variant: Variant, part: str, answer: Answer, key: dict[str, Any]) -> SlotGrade:
    """The grade where one part has this answer and the others are right."""
    return grade_slot(variant, {**key, part: as_written(answer)})


def _checked(exercise: Exercise, candidate: Candidate, progress: Callable[[], None]) -> Iterator[str]:
    yield from verdict_faults(exercise, candidate)
    progress()


def _place(exercise: Exercise) -> str:
    return f"{exercise.file}: {dotted((*exercise.within, 'draw'))}"


def _plain(template: Any) -> str:
    return "".join(piece for piece in template.pieces if isinstance(piece, str))


def _first_few(faults: Iterator[str]) -> Iterator[str]:
    """The first few faults: one broken rule shows on hundreds of variants."""
    for number, fault in enumerate(faults):
        if number == 5:
            yield "… and more of the same"
            return
        yield fault
