"""Marks a student's repository: the same `marking.grade` as everywhere, on the numbers that lie in the repository.

Without the secret this is practice: whoever alters `.grader/` marks themselves against other numbers. The record says
`unverified`; the grade that counts comes from the instructor's own clone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from grader.ci.repository import PUT_BACK, Repository, RepositoryError
from grader.classroom.hand_ins import FORMS, HandIn, from_folder, submission_of
from grader.course.faults import CourseError
from grader.course.key_files import NO_KEYS, KeyFiles
from grader.documents import Document, DocumentError, decode, read_yaml
from grader.marking.grade import grade
from grader.marking.record import Flag, Record, SlotGrade, Status, Verdict
from grader.marking.submission import Submission, digest, sheet_attempt
from grader.reports.show import part_title, prompt
from grader.text import Text, both
from grader.variants.variant import Sheet, draw_sheet, known_variant

SHEET = "answers.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was marked, as CI shows it: a part, or a whole sheet that could not be read."""

    slot: str
    part: str
    title: Text
    verdict: Verdict
    points: Fraction
    possible: Fraction
    feedback: Text
    line: int  # of the answer file, from 1

    @property
    def name(self) -> str:
        return f"{self.slot}.{self.part}" if self.part else self.slot

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.CORRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A repository's record, and where in the answer file each of its parts stands."""

    record: Record
    file: str
    items: tuple[Item, ...]
    prompts: Mapping[str, Text] = field(default_factory=dict)  # by slot

    @property
    def notes(self) -> tuple[Text, ...]:
        """What is to be said beside the parts. Why a sheet was refused is said by its item."""
        return () if self.record.status is Status.REFUSED else self.record.notes

    def reaches(self, share: Fraction) -> bool:
        """Whether everything was marked, and this share of the points is earned."""
        return self.record.status is Status.GRADED and self.record.score >= share * self.record.possible


def mark_repository(repository: Repository, *, now: datetime, secret: bytes | None = None, keys: KeyFiles = NO_KEYS) -> Marked:
    """Marks what is filled in.

    Args:
        secret: with it the true variants are drawn, and nothing in the repository is believed; nor are `keys`.
        keys: what this user's earlier runs have computed. Where it serves, the record says so.

    Raises:
        RepositoryError: the repository does not hold the numbers of every question.
    """
    manifest = repository.manifest
    sheet = _sheet(repository, secret)
    if secret is None:
        sheet = _with_keys(sheet, keys)
    known = bool(sheet.variants) and all(variant.computed for variant in sheet.variants)
    found = from_folder(repository.folder, manifest.student, repository.course.timezone)
    submission = _submission(repository, found)
    signature = manifest.signature if secret is None else sheet.signature(secret)
    with _no_bytecode():
        record = grade(sheet, submission, graded_at=now, attempt=manifest.attempt, signature=signature)
    if secret is None:
        if not known:
            keys.keep(variant.expected for variant in sheet.variants if variant.computed)
        said = (PRACTICE, *((KEPT,) if known else ())) if record.status is not Status.REFUSED else ()
        record = replace(record, flags=(*record.flags, Flag.UNVERIFIED), notes=(*record.notes, *said))
    return marked(_without_keys(record, sheet, now), sheet, found)


def marked(record: Record, sheet: Sheet, found: HandIn | None) -> Marked:
    """A record with its places in the file it was made from."""
    document, fault = _document(found)
    exercises = {variant.slot: variant.exercise for variant in sheet.variants}
    words = {variant.slot: prompt(variant.exercise, variant.given) for variant in sheet.variants}
    items: tuple[Item, ...]
    if record.status is Status.REFUSED:
        reason = record.notes[0] if record.notes else both("")
        items = (_whole(record, reason, fault),)
    else:
        items = tuple(
            Item(
                slot=slot.slot,
                part=part.part,
                title=_title(slot, exercises[slot.slot].title, part_title(exercises[slot.slot].part(part.part), part)),
                verdict=part.verdict,
                points=part.points,
                possible=part.possible,
                feedback=part.feedback,
                line=document.mark(("answers", slot.slot, part.part))[0],
            )
            for slot in record.slots
            for part in slot.parts
        )
    names = [name for name, form in FORMS.items() if found is not None and form == found.form]
    return Marked(record=record, file=names[0] if names else SHEET, items=items, prompts={slot: asked for slot, asked in words.items() if asked is not None})


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Loading a solution leaves nothing beside it: a clone that was marked stays as it was given out."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _sheet(repository: Repository, secret: bytes | None) -> Sheet:
    manifest = repository.manifest
    issued = manifest.slots if secret is None else None
    try:
        return draw_sheet(repository.course, repository.assignment, manifest.student, manifest.attempt, secret, issued)
    except CourseError as error:
        raise RepositoryError(f"the numbers of a question are missing: {error.faults[0]} ({PUT_BACK})") from error


def _with_keys(sheet: Sheet, keys: KeyFiles) -> Sheet:
    """The sheet with what is expected of it, where earlier runs computed that for every question."""
    found = keys.find_all({variant.slot: (variant.exercise, variant.given) for variant in sheet.variants})
    if not found:
        return sheet
    return replace(
        sheet,
        variants=tuple(known_variant(v.slot, v.exercise, v.given, v.points, id=v.id, expected=found[v.slot]) for v in sheet.variants),
    )


def _submission(repository: Repository, found: HandIn | None) -> Submission:
    """What is filled in. When it was handed in is the instructor's to say: a push to try something is not late."""
    manifest = repository.manifest
    if found is None:
        return Submission(digest=digest(b""), student=manifest.student, refusal=NO_FILE)
    submission = submission_of(replace(found, submitted_at=None, file_time=False), repository.course.timezone)
    if submission.refusal is None and submission.sheet is not None and (other := sheet_attempt(submission.sheet)) != manifest.attempt:
        return replace(submission, refusal=OTHER_ATTEMPT.fill(sheet=other, own=manifest.attempt))
    return submission


def _document(found: HandIn | None) -> tuple[Document, int]:
    """The places in an answer file, and the line of what makes it unreadable. JSON is near enough to YAML to be looked up in."""
    if found is None or found.form == "none":
        return Document(None), 1
    try:
        return read_yaml(decode(found.body), typed=False), 1
    except DocumentError as error:
        return Document(None), error.line or 1


def _whole(record: Record, reason: Text, line: int) -> Item:
    return Item(slot="sheet", part="", title=WHOLE, verdict=Verdict.INVALID, points=Fraction(0), possible=record.possible, feedback=reason, line=line)


def _title(slot: SlotGrade, exercise: Text, own: Text) -> Text:
    if len(slot.parts) == 1:
        return Text(f"{slot.slot}: {exercise.en}", f"{slot.slot}：{exercise.zh}")
    return Text(f"{slot.slot}: {own.en}", f"{slot.slot}：{own.zh}")


def _without_keys(record: Record, sheet: Sheet, now: datetime) -> Record:
    """The record as a student may see it: with the right answers only where the assignment shows them by now."""
    if sheet.assignment.policies.shows_key(now, sheet.assignment.due):
        return record
    return replace(record, slots=tuple(replace(slot, parts=tuple(replace(part, key=None) for part in slot.parts)) for slot in record.slots))


WHOLE = Text("the answer sheet", "答题纸")
PRACTICE = Text(
    "this is practice marking; the grade that counts is marked by your instructor from a clone of this repository",
    "这是练习评分；正式成绩由教师克隆本仓库后评定",
)
KEPT = Text(
    "the right answers were computed in an earlier run and kept; `grader ci --fresh` computes them again",
    "正确答案取自先前运行时保存的计算结果；运行 `grader ci --fresh` 可重新计算",
)
NO_FILE = Text("there is no answers.yaml here; put your sheet back at the top of the repository", "这里没有 answers.yaml；请把答题纸放回仓库的最上层")
OTHER_ATTEMPT = Text(
    "this is the sheet of attempt {sheet}, and the repository is for attempt {own}; ask for a repository for this attempt",
    "这是第 {sheet} 次提交的答题纸，而本仓库用于第 {own} 次提交；请索取用于该次提交的仓库",
)
