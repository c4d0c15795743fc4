"""Marks a student's repository: the same `marking.grade` as everywhere, on the numbers that lie in the repository.

Without the secret this is practice: whoever alters `.grader/` marks themselves against other numbers. The record says
`unverified`; the grade that counts comes from the instructor's own clone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from grader.ci.places import Place, Places, places_in
from grader.ci.repository import PUT_BACK, Repository, RepositoryError
from grader.classroom.hand_ins import HandIn, from_folder, submission_of
from grader.course.exercise import Exercise
from grader.course.faults import CourseError
from grader.course.key_files import NO_KEYS, KeyFiles
from grader.marking.grade import grade
from grader.marking.record import Flag, PartGrade, Record, SlotGrade, Status, Verdict
from grader.marking.submission import Submission, digest, sheet_attempt
from grader.reports.show import part_title, prompt
from grader.text import Text, both
from grader.variants.given import given_lines, unsaid
from grader.variants.variant import Sheet, draw_sheet, known_variant


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
    file: str
    line: int  # of that file, from 1

    @property
    def name(self) -> str:
        return f"{self.slot}.{self.part}" if self.part else self.slot

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.CORRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A repository's record, and where each of its parts was answered."""

    record: Record
    file: str  # the sheet
    items: tuple[Item, ...]
    prompts: Mapping[str, Text] = field(default_factory=dict)  # by slot
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by slot: what its prompt does not say, as arrays in columns

    @property
    def notes(self) -> tuple[Text, ...]:
        """What is to be said beside the parts. Why a sheet was refused is said by its item."""
        return () if self.record.status is Status.REFUSED else self.record.notes

    def reaches(self, share: Fraction) -> bool:
        """Whether everything was marked, and this share of the points is earned."""
        return self.record.status is Status.GRADED and self.record.score >= share * self.record.possible


def mark_repository(repository: Repository, *, now: datetime, secret: bytes | None = None, trust: bool = False, keys: KeyFiles = NO_KEYS) -> Marked:
    """Marks what is filled in. Programs are run confined, never in this process.

    Args:
        secret: with it the true variants are drawn, and nothing in the repository is believed; nor are `keys`.
        trust: run programs even where nothing confines them.
        keys: what this user's earlier runs have computed. Where it serves, the record says so.

    Raises:
        RepositoryError: the repository does not hold the numbers of every question.
        IsolationError: there are programs to run, nothing confines them here, and they are not trusted.
    """
    with _no_bytecode():
        return _marked(repository, now, secret, trust, keys)


def _marked(repository: Repository, now: datetime, secret: bytes | None, trust: bool, keys: KeyFiles) -> Marked:
    manifest = repository.manifest
    sheet = _sheet(repository, secret)
    if secret is None:
        sheet = _with_keys(sheet, keys)
    known = bool(sheet.variants) and all(variant.computed for variant in sheet.variants)
    found = from_folder(repository.folder, manifest.student, repository.assignment, repository.course.timezone)
    submission = _submission(repository, found)
    signature = manifest.signature if secret is None else sheet.signature(secret)
    submission = with_programs_run(sheet, submission, trust=trust)
    record = grade(sheet, submission, graded_at=now, attempt=manifest.attempt, signature=signature)
    if secret is None:
        if not known:
            keys.keep(variant.expected for variant in sheet.variants if variant.computed)
        said = (PRACTICE, *((KEPT,) if known else ())) if record.status is not Status.REFUSED else ()
        record = replace(record, flags=(*record.flags, Flag.UNVERIFIED), notes=(*record.notes, *said))
    return marked(_without_keys(record, sheet, now), sheet, found)


def with_programs_run(sheet: Sheet, submission: Submission, *, trust: bool) -> Submission:
    """The submission with what came of its programs, each run confined in a process of its own.

    Raises:
        IsolationError: there are programs to run, nothing confines them here, and they are not trusted.
    """
    if not sheet.assignment.programs:
        return submission
    from grader.classroom.code_running import with_runs  # brings NumPy along, and a runner once a program is run
    from grader.marking.code_run import Unconfined
    from grader.sandbox.level import IsolationError

    found = with_runs(sheet, submission, trust=trust)
    for run in found.runs.values():
        if isinstance(run, Unconfined):
            raise IsolationError(run.reason)
    return found


def marked(record: Record, sheet: Sheet, found: HandIn | None) -> Marked:
    """A record with its places in the files it was made from."""
    places = places_in(found)
    exercises = {variant.slot: variant.exercise for variant in sheet.variants}
    words = {variant.slot: prompt(variant.exercise, variant.given) for variant in sheet.variants}
    given = {variant.slot: given_lines(unsaid(variant.exercise, variant.given)) for variant in sheet.variants}
    items: tuple[Item, ...]
    if record.status is Status.REFUSED:
        reason = record.notes[0] if record.notes else both("")
        items = (_whole(record, reason, places.sheet),)
    else:
        items = tuple(_item(slot, part, exercises[slot.slot], places) for slot in record.slots for part in slot.parts)
    return Marked(record=record, file=places.sheet.file, items=items, prompts={slot: asked for slot, asked in words.items() if asked is not None}, given=given)


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
    submission = submission_of(replace(found, submitted_at=None, file_time=False), repository.assignment, repository.course.timezone)
    if submission.refusal is None and submission.sheet is not None and (other := sheet_attempt(submission.sheet)) != manifest.attempt:
        return replace(submission, refusal=OTHER_ATTEMPT.fill(sheet=other, own=manifest.attempt))
    return submission


def _item(slot: SlotGrade, part: PartGrade, exercise: Exercise, places: Places) -> Item:
    asked = exercise.part(part.part)
    place = places.sheet if asked is None else places.of(slot.slot, asked)
    return Item(
        slot=slot.slot,
        part=part.part,
        title=_title(slot, exercise.title, part_title(asked, part)),
        verdict=part.verdict,
        points=part.points,
        possible=part.possible,
        feedback=part.feedback,
        file=place.file,
        line=place.line,
    )


def _whole(record: Record, reason: Text, place: Place) -> Item:
    return Item(
        slot="sheet",
        part="",
        title=WHOLE,
        verdict=Verdict.INVALID,
        points=Fraction(0),
        possible=record.possible,
        feedback=reason,
        file=place.file,
        line=place.line,
    )


def _title(slot: SlotGrade, exercise: Text, own: Text) -> Text:
    if len(slot.parts) == 1:
        return Text(f"{slot.slot}: {exercise.en}", f"{slot.slot}：{exercise.zh}")
    return Text(f"{slot.slot}: {own.en}", f"{slot.slot}：{own.zh}")


def _without_keys(record: Record, sheet: Sheet, now: datetime) -> Record:
    """The record as a student may see it: with the right answers only where the assignment shows them by now."""
    if sheet.assignment.policies.shows_key(now, sheet.assignment.due):
        return record
    return replace(record, slots=tuple(replace(slot, parts=tuple(_without_key(part) for part in slot.parts)) for slot in record.slots))


def _without_key(part: PartGrade) -> PartGrade:
    run = part.run
    if run is not None:
        run = {**run, "groups": [{**group, "expected": None} for group in run["groups"]]}
    return replace(part, key=None, run=run)


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
