"""Grading: one sheet and one submission in, one record out. Everything that grades calls this."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.course.course import Assignment
from grader.course.exercise import ById, Exercise
from grader.course.part import Part
from grader.course.points import total
from grader.course.values import Given, GivenError, to_json
from grader.marking import feedback
from grader.marking.answer import BLANK, Reading, Value, read
from grader.marking.credit import mark_part, right, same_text
from grader.marking.policy import attempt_adjustment, late_adjustment
from grader.marking.reading import read_part, under_its_name
from grader.marking.record import Flag, PartGrade, Record, SlotGrade, Status, Verdict
from grader.marking.submission import Submission, same_given
from grader.text import Text, visible
from grader.variants.variant import Sheet, Variant, known_variant

if TYPE_CHECKING:  # brings NumPy along
    from grader.marking.code_run import Run

EVERYONE = "*"  # in place of a student, on a sheet whose numbers are the same for all
MAX_NOTES = 3  # of one kind: a file of a hundred thousand wrong names must not make a record of as many sentences


def grade(sheet: Sheet, submission: Submission, *, graded_at: datetime, attempt: int | None = None, signature: str | None = None) -> Record:
    """The record of one submission. Pure: the same arguments always give the same record.

    Args:
        sheet: the student's true variants; what the file says about them is only compared.
        graded_at: the caller's clock.
        attempt: which attempt this is, where the caller knows better than the sheet's own number.
        signature: the true sheet's, to compare with the file's; None where the caller cannot make it.
    """
    number = attempt or submission.attempt or sheet.attempt
    refusal, flags = _refusal(sheet, submission)
    submitted_at = submission.submitted_at
    if submitted_at is not None and submitted_at.tzinfo is None:
        submitted_at = submitted_at.replace(tzinfo=sheet.course.timezone)
    about: dict[str, Any] = {
        "course": sheet.course.id,
        "assignment": sheet.assignment.id,
        "student": sheet.student,
        "attempt": number,
        "submission": submission.digest,
        "submitted_at": submitted_at.isoformat() if submitted_at else None,
        "graded_at": graded_at.isoformat(),
        "possible": sheet.possible,
    }
    if refusal is not None:
        return Record(**about, status=Status.REFUSED, flags=(*flags, *_flags(submission)), notes=(refusal, *_words(submission)))
    notes = list(_words(submission))
    flags += _flags(submission)
    slots = tuple(
        grade_slot(
            variant,
            submission.answers.get(variant.slot),
            flags=flags,
            notes=notes,
            file=submission.files.get(variant.slot),
            run=submission.runs.get(variant.slot),
        )
        for variant in sheet.variants
    )
    _compare_claims(sheet, submission, signature, flags, notes)
    status = Status.GRADED
    if any(part.verdict is Verdict.UNGRADED for slot in slots for part in slot.parts):
        status = Status.FAILED
        notes.append(feedback.UNGRADED)
    marked = total(slot.score for slot in slots)
    policies, due = sheet.assignment.policies, sheet.assignment.due
    late = late_adjustment(marked, policies.late, due, submitted_at)
    if late is not None and submission.file_time:
        flags.append(Flag.LATE_BY_FILE_TIME)
        notes.append(FILE_TIME)
    if sheet.assignment.opens and submitted_at and submitted_at < sheet.assignment.opens and not submission.file_time:
        flags.append(Flag.TOO_EARLY)
        notes.append(EARLY)
    if number > policies.attempts.count:
        flags.append(Flag.TOO_MANY_ATTEMPTS)
        notes.append(TOO_MANY.fill(count=policies.attempts.count))
    lines = (late, attempt_adjustment(marked + (late.points if late else 0), policies.attempts, number))
    return Record(
        **about,
        status=status,
        slots=slots,
        adjustments=tuple(line for line in lines if line is not None),
        flags=tuple(dict.fromkeys(flags)),
        notes=tuple(notes),
    )


def refused(assignment: Assignment, course: str, submission: Submission, *, graded_at: datetime, reason: Text, flags: tuple[Flag, ...] = ()) -> Record:
    """The record of a hand-in that belongs to nobody in the course, or to no sheet."""
    return Record(
        course=course,
        assignment=assignment.id,
        student=visible(submission.student, 80),
        attempt=submission.attempt or 1,
        submission=submission.digest,
        submitted_at=submission.submitted_at.isoformat() if submission.submitted_at else None,
        graded_at=graded_at.isoformat(),
        possible=assignment.possible,
        status=Status.REFUSED,
        flags=(*flags, *_flags(submission)),
        notes=(reason, *_words(submission)),
    )


def _flags(submission: Submission) -> tuple[Flag, ...]:
    return tuple(flag for flag, _ in submission.remarks)


def _words(submission: Submission) -> tuple[Text, ...]:
    return tuple(words for _, words in submission.remarks)


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


def _refusal(sheet: Sheet, submission: Submission) -> tuple[Text | None, list[Flag]]:
    """Why this cannot be this student's submission of this assignment; and the flags that go with it."""
    if submission.refusal is not None:
        return submission.refusal, []
    if submission.claimed_student is not None and submission.claimed_student != sheet.student:
        return NOT_THEIRS.fill(student=submission.claimed_student), [Flag.NOT_THEIRS]
    if submission.sheet is None:
        return None, [Flag.NO_SHEET_LINE]
    claimed = submission.sheet.strip().split("/")
    if len(claimed) != 4 or claimed[:2] != [sheet.course.id, sheet.assignment.id]:
        return WRONG_SHEET.fill(sheet=visible(submission.sheet, 80), assignment=sheet.assignment.id), [Flag.WRONG_SHEET]
    if claimed[2] == EVERYONE and all(entry.given is not None for entry in sheet.assignment.entries):
        return None, []
    if claimed[2] != sheet.student:
        return NOT_THEIRS.fill(student=visible(claimed[2], 64)), [Flag.NOT_THEIRS]
    return None, []


def _compare_claims(sheet: Sheet, submission: Submission, signature: str | None, flags: list[Flag], notes: list[Text]) -> None:
    """Flags what the file says about itself that is not so. Nothing is taken off: the true variants were marked."""
    slots = {variant.slot: variant for variant in sheet.variants}
    if unknown := [str(slot) for slot in submission.answers if slot not in slots]:
        flags.append(Flag.UNKNOWN_SLOT)
        for slot in unknown[:MAX_NOTES]:
            near = difflib.get_close_matches(slot[:80], slots, n=1)
            words = UNKNOWN_SLOT.fill(slot=visible(slot, 40), known=near[0]) if near else NO_SUCH_SLOT.fill(slot=visible(slot, 40), known=", ".join(slots))
            notes.append(words)
        notes += [MORE_SLOTS.fill(count=len(unknown) - MAX_NOTES)] * (len(unknown) > MAX_NOTES)
    changed = [slot for slot, claimed in (submission.given or {}).items() if slot in slots and not same_given(claimed, dict(slots[slot].given))]
    if changed or (signature is not None and submission.signature is not None and submission.signature != signature):
        flags.append(Flag.TAMPERED)
        notes.append(TAMPERED.fill(slots=", ".join(changed) or sheet.id))


NOT_THEIRS = Text("this is the sheet of {student}; hand in your own", "这是 {student} 的答题纸；请提交你自己的")
WRONG_SHEET = Text(
    "this is the sheet {sheet}, not one of {assignment}; hand in the sheet of this assignment",
    "这是 {sheet} 的答题纸，不属于 {assignment}；请提交本次作业的答题纸",
)
UNKNOWN_SLOT = Text(
    "there is no question '{slot}' on this sheet, so its answer was not marked; did you mean {known}?",
    "答题纸上没有题目“{slot}”，其答案未评分；是否指 {known}？",
)
NO_SUCH_SLOT = Text(
    "there is no question '{slot}' on this sheet, so its answer was not marked; the questions are {known}",
    "答题纸上没有题目“{slot}”，其答案未评分；题目有 {known}",
)
MORE_SLOTS = Text("{count} more answers stand under names that are no questions of this sheet", "另有 {count} 个答案的题目名称不在答题纸上")
MORE_PARTS = Text("question {slot} has {count} more answers under names that are none of its parts", "题目 {slot} 另有 {count} 个答案的名称不属于该题")
UNKNOWN_PART = Text(
    "question {slot} has no part '{name}', so its answer was not marked; its parts are {known}", "题目 {slot} 没有“{name}”这一项，其答案未评分；各项为 {known}"
)
NAME_THE_PARTS = Text("this question asks for several things; write {example}", "本题有多项要求；请写成 {example}")
TAMPERED = Text(
    "the numbers in the file are not those that were handed out ({slots}); it was marked against those that were",
    "文件中的数值与发放的不一致（{slots}）；已按发放的数值评分",
)
FILE_TIME = Text(
    "the time of hand-in is only the file's own and says late; if the file was copied since, put the true time in timestamp.txt beside it",
    "提交时间仅取自文件时间，显示为迟交；如果文件曾被复制，请在其旁边的 timestamp.txt 中写明真实时间",
)
EARLY = Text("handed in before the assignment opened", "在作业开放之前提交")
TOO_MANY = Text("only {count} attempts count; this one does not", "最多计 {count} 次提交；本次不计入")
