"""The grade of one slot: what was written for its parts, each marked against what the wrong methods give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.course.exercise import ById, Exercise
from grader.course.part import Part
from grader.course.values import Given, GivenError, to_json
from grader.marking import feedback
from grader.marking.answer import BLANK, Reading, Value, read
from grader.marking.credit import mark_part, right, same_text
from grader.marking.reading import read_part, under_its_name
from grader.marking.record import Flag, PartGrade, SlotGrade, Verdict
from grader.text import Text, visible
from grader.variants.variant import Variant, known_variant

if TYPE_CHECKING:  # brings NumPy along
    from grader.marking.code_run import Run

MAX_NOTES = 3  # of one kind: a file of a hundred thousand wrong names must not make a record of as many sentences


def grade_slot(
    variant: Variant, raw: Any, *, flags: list[Flag] | None = None, notes: list[Text] | None = None, file: bytes | None = None, run: Run | None = None
) -> SlotGrade:
    """The grade of one slot: `raw` is what stands under its name, a mapping of parts or the answer to the only part.

    Args:
        file: of a code exercise, the program that was handed in beside the sheet.
        run: what came of the program; grading runs nothing.

    A fault inside the grader gives `ungraded` parts, never a wrong zero that looks like a grade.
    """
    shared = _shared_place(variant, raw) if variant.exercise.code_part is None else None
    if shared is not None and (found := _shared.get(shared)) is not None:
        return found
    try:
        code = variant.exercise.code_part
        parts = (
            _grade_code(variant, code, raw, file, run)
            if code is not None
            else _grade_parts(variant, raw, flags if flags is not None else [], notes if notes is not None else [])
        )
    except Exception:  # whatever went wrong here is ours: the others' grades and this student's other slots stand
        parts = tuple(_ungraded(variant, part, raw) for part in _asked(variant))
        shared = None
    graded = SlotGrade(slot=variant.slot, exercise=variant.exercise.id, variant=variant.id, possible=variant.points, parts=parts)
    if shared is not None:
        if len(_shared) >= SHARED:
            _shared.clear()
        _shared[shared] = graded
    return graded


SHARED = 10_000
_shared: dict[tuple[Any, ...], SlotGrade] = {}


def _shared_place(variant: Variant, raw: Any) -> tuple[Any, ...] | None:
    """Under what others find this grade, where a class is likely to share it: given of a few integers, a short answer, nothing to note."""
    if type(raw) is not dict:
        return None
    for value in variant.given.values():
        if type(value) is not int:
            return None
    if raw.keys() != variant.exercise.part_names:  # also where there are parts for each item of a list
        return None
    answer = repr(raw)
    return None if len(answer) > 200 else (ById(variant.exercise), variant.slot, variant.id, variant.points.as_integer_ratio(), answer)


def variant_of(exercise: Exercise, given: Given, slot: str | None = None, points: Fraction | None = None) -> Variant:
    """A variant outside any assignment: as `grader mark` and notebooks grade it.

    Raises:
        GivenError: the exercise cannot be computed with this given.
    """
    expected = exercise.expect(given)
    return known_variant(slot or exercise.id, exercise, exercise.complete(given), exercise.points if points is None else points, expected=expected)


def _grade_parts(variant: Variant, raw: Any, flags: list[Flag], notes: list[Text]) -> tuple[PartGrade, ...]:
    exercise = variant.exercise
    expected = variant.expected
    parts = exercise.parts_of(variant.given)
    names = tuple(part.id for part in parts)
    if len(parts) == 1:
        raw = under_its_name(parts[0], expected.key[names[0]], raw)
    answers, problem = part_answers(names, raw, variant.slot, flags, notes)
    earlier: dict[str, Value] = {}
    grades = []
    for part, possible in zip(parts, _possible(ById(exercise), names, variant.points), strict=True):
        answer: Any = answers.get(part.id)
        if problem is None and (text := same_text(answer, expected.key[part.id])) is not None:  # as most answers are: nothing more to find out
            grades.append(right(part.id, expected.key[part.id], text, possible))
            earlier[part.id] = answer
            continue
        reading = Reading(None, None, problem) if problem is not None else read_part(part, expected.key[part.id], answer)
        shown = raw if problem is not None else answer
        grades.append(mark_part(exercise, part, variant.given, expected, reading, shown, earlier, possible))
        if reading.value is not None:
            earlier[part.id] = reading.value
    return tuple(grades)


def _grade_code(variant: Variant, part: Part, raw: Any, file: bytes | None, run: Run | None) -> tuple[PartGrade, ...]:
    from grader.course.code_key import code_of
    from grader.marking.code import mark_code
    from grader.marking.source import source_of

    return (mark_code(code_of(variant.exercise, variant.expected), source_of(variant.slot, part.id, raw, file), run, variant.points),)


@lru_cache(maxsize=1024)
def _possible(holder: ById, names: tuple[str, ...], points: Fraction) -> tuple[Fraction, ...]:
    """What each part of a slot with these points is worth."""
    weights = [part.weight for name in names if (part := holder.exercise.part(name)) is not None]
    return tuple(points * weight / sum(weights) for weight in weights)


def part_answers(names: Sequence[str], raw: Any, slot: str, flags: list[Flag], notes: list[Text]) -> tuple[Mapping[str, Any], Text | None]:
    """What was written for each part, by name, and what is wrong where that cannot be told. One part needs no name."""
    if type(raw) is dict and all(name in names for name in raw):
        return raw, None
    if isinstance(raw, dict):
        # `{size:4}` without its space is one name to YAML, with nothing behind it.
        split = {name: name.partition(":") for name, value in raw.items() if value is None and isinstance(name, str) and ":" in name}
        meant = {head: rest for head, _, rest in split.values() if head in names and head not in raw}
        raw = {name: value for name, value in raw.items() if split.get(name, ("",))[0] not in meant} | meant
        if unknown := [name for name in raw if name not in names]:
            flags.append(Flag.UNKNOWN_PART)
            notes += [UNKNOWN_PART.fill(slot=slot, name=visible(str(name), 40), known=", ".join(names)) for name in unknown[:MAX_NOTES]]
            notes += [MORE_PARTS.fill(slot=slot, count=len(unknown) - MAX_NOTES)] * (len(unknown) > MAX_NOTES)
        return raw, None
    if len(names) == 1:
        return {names[0]: raw}, None
    if read("vector", raw) == BLANK:
        return {}, None
    return {}, NAME_THE_PARTS.fill(example=", ".join(f"{name}: …" for name in names))


def _asked(variant: Variant) -> tuple[Part, ...]:
    """The parts of a variant; as the exercise has them where even that cannot be told from its given."""
    try:
        return variant.exercise.parts_of(variant.given)
    except GivenError:
        return variant.exercise.parts


def _ungraded(variant: Variant, part: Part, raw: Any) -> PartGrade:
    weight = sum((other.weight for other in _asked(variant)), Fraction(0))
    try:
        key = None if part.kind == "code" else to_json(variant.expected.key[part.id])
    except Exception:  # the key itself may be what cannot be computed
        key = None
    return PartGrade(
        part=part.id,
        verdict=Verdict.UNGRADED,
        credit=Fraction(0),
        possible=variant.points * part.weight / weight,
        answer=None if raw is None else visible(str(raw), 200),
        read_as=None,
        key=key,
        mistakes=(),
        cells=None,
        feedback=feedback.UNGRADED,
    )


UNKNOWN_PART = Text(
    "question {slot} has no part '{name}', so its answer was not marked; its parts are {known}", "题目 {slot} 没有“{name}”这一项，其答案未评分；各项为 {known}"
)
MORE_PARTS = Text("question {slot} has {count} more answers under names that are none of its parts", "题目 {slot} 另有 {count} 个答案的名称不属于该题")
NAME_THE_PARTS = Text("this question asks for several things; write {example}", "本题有多项要求；请写成 {example}")
