"""Grading: one sheet and one submission in, one record out. Everything that grades calls this."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any

from grader.course.course import Assignment
from grader.course.points import total
from grader.marking import feedback
from grader.marking.policy import attempt_adjustment, late_adjustment
from grader.marking.record import Flag, Record, Status, Verdict
from grader.marking.slot import MAX_NOTES, grade_slot
from grader.marking.submission import Submission, same_given
from grader.text import Text, visible
from grader.variants.variant import Sheet

EVERYONE = "*"  # in place of a student, on a sheet whose numbers are the same for all


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
