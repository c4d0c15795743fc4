"""Gradescope's autograder: one submission in `/autograder/submission`, one `results.json` out.

Runs from the zip that `grader gradescope` builds, which lies in `/autograder/source`: the course, and the numbers that
each student was given. So the true variants are marked, without the secret.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.ci.gradescope import results_json
from grader.ci.practice import Marked, marked, with_programs_run
from grader.classroom.hand_ins import HandIn, from_folder, submission_of
from grader.course.course import Assignment, Course, load_course
from grader.course.points import number
from grader.course.policies import Attempts, moment
from grader.documents import DocumentError, decode, read_bytes, read_json
from grader.marking.grade import grade, refused
from grader.marking.record import Flag, Record, Status
from grader.marking.submission import Submission, digest, sheet_attempt
from grader.reports.show import points
from grader.sandbox.level import IsolationError
from grader.text import Text
from grader.variants.variant import IssuedSlot, Sheet, draw_sheet

ISSUED = "issued.json"
ISSUED_BYTES = 200_000_000
METADATA = "submission_metadata.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What Gradescope says about a submission."""

    created_at: datetime | None
    due: datetime | None  # this student's, with an extension if they have one; None: Gradescope has none
    users: tuple[str, ...]  # e-mail addresses, lower case
    previous: tuple[Fraction | None, ...]  # scores of earlier submissions, oldest first; None where there is none

    @property
    def attempt(self) -> int:
        return len(self.previous) + 1


def run(root: Path) -> dict[str, Any]:
    """Marks the submission below a root and gives the results.

    Raises:
        IsolationError: nothing confines programs here, and the zip does not say that they are trusted.
        DocumentError, KeyError, ValueError, CourseError: what lies in `source/` or the metadata cannot be used. That
            is no student's fault: Gradescope shows that the autograder failed, and no score.
    """
    started = time.monotonic()
    source = root / "source"
    course = load_course(source / "course", solutions=False)
    issued = read_json(decode(read_bytes(source / ISSUED, ISSUED_BYTES)))
    assignment = course.assignment(issued["assignment"])
    metadata = read_metadata(read_json(decode(read_bytes(root / METADATA))), course)
    assignment = replace(assignment, due=metadata.due or assignment.due)
    found = from_folder(root / "submission", _student(issued, metadata) or "", assignment, course.timezone)
    outcome = _marked(course, assignment, issued, metadata, found)
    results = results_json(outcome, issued["language"], time.monotonic() - started)
    return _with_kept(results, outcome.record, metadata, assignment.policies.attempts, issued["language"])


def read_metadata(data: Mapping[str, Any], course: Course) -> Metadata:
    """The metadata from its JSON. Keys that older or newer versions of Gradescope leave out are taken as unknown."""
    users: Sequence[Mapping[str, Any]] = data.get("users") or ()
    own = (users[0].get("assignment") or {}) if users else {}
    due = own.get("due_date") or (data.get("assignment") or {}).get("due_date")
    earlier = sorted(data.get("previous_submissions") or (), key=lambda one: _instant(one.get("submission_time"), course))
    return Metadata(
        created_at=_time(data.get("created_at"), course),
        due=_time(due, course),
        users=tuple(str(user["email"]).strip().lower() for user in users if user.get("email")),
        previous=tuple(_score(one.get("score")) for one in earlier),
    )


def kept_score(own: Fraction, metadata: Metadata, attempts: Attempts) -> Fraction:
    """The score that counts after this submission: Gradescope keeps the last one it was told, the course the best or the last it allows."""
    counted = [score for score in metadata.previous[: attempts.count] if score is not None]
    if metadata.attempt <= attempts.count:
        counted.append(own)
    if not counted:
        return Fraction(0)
    return counted[-1] if attempts.keep == "last" else max(counted)


def _marked(course: Course, assignment: Assignment, issued: Mapping[str, Any], metadata: Metadata, found: HandIn | None) -> Marked:
    student = _student(issued, metadata)
    now = datetime.now(UTC)
    submission = Submission(digest=digest(b""), student=student or "", refusal=NO_FILE)
    if found is not None:
        submission = submission_of(replace(found, submitted_at=metadata.created_at, file_time=False), assignment, course.timezone)
    sheets = issued["sheets"].get(student, {}) if student is not None else {}
    wanted = sheet_attempt(submission.sheet)
    own = sheets.get(str(wanted)) or (sheets.get("1") if submission.refusal is not None else None)
    if student is None or own is None:
        reason = NOBODY.fill(email=", ".join(metadata.users) or "?") if student is None else NOT_ISSUED.fill(attempt=wanted)
        flags = (Flag.NOT_ON_ROSTER,) if student is None else ()
        record = refused(assignment, course.id, submission, graded_at=now, reason=reason, flags=flags)
        return marked(record, Sheet(course, assignment, student or "", 1, ()), found)
    slots = {slot: IssuedSlot(one["variant"], one["given"]) for slot, one in own["slots"].items()}
    sheet = draw_sheet(course, assignment, student, wanted, None, slots)
    submission = with_programs_run(sheet, submission, trust=issued["trust"])
    record = grade(sheet, submission, graded_at=now, attempt=metadata.attempt, signature=own["signature"])
    return marked(record, sheet, found)


def _with_kept(results: dict[str, Any], record: Record, metadata: Metadata, attempts: Attempts, language: str) -> dict[str, Any]:
    kept = kept_score(record.score, metadata, attempts) if record.status is not Status.REFUSED else kept_score(Fraction(0), metadata, attempts)
    if kept == record.score:
        return results
    said = KEPT.fill(own=points(record.score), kept=points(kept))[language]
    return {
        **results,
        "score": number(kept),
        "output": f"{results['output']}\n{said}",
        "extra_data": {**results["extra_data"], "own_score": number(record.score)},
    }


def _student(issued: Mapping[str, Any], metadata: Metadata) -> str | None:
    return next((issued["students"][email] for email in metadata.users if email in issued["students"]), None)


def _time(raw: Any, course: Course) -> datetime | None:
    return moment(raw, course.timezone) if isinstance(raw, str) else None


def _instant(raw: Any, course: Course) -> float:
    found = _time(raw, course)
    return found.timestamp() if found else 0.0


def _score(raw: Any) -> Fraction | None:
    try:
        return None if raw is None or isinstance(raw, bool) else Fraction(str(raw))
    except ValueError:
        return None


def main(arguments: Sequence[str]) -> int:
    """Writes `ROOT/results/results.json`. A fault of ours ends with status 1 and no file, which Gradescope shows as a failed run."""
    root = Path(arguments[0] if arguments else "/autograder")
    try:
        results = run(root)
    except DocumentError as error:
        print(f"conv-grader: {error.located.en}", file=sys.stderr)
        return 1
    except IsolationError as error:
        print(f"conv-grader: {error} {UNCONFINED}", file=sys.stderr)
        return 1
    out = root / "results" / "results.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return 0


NO_FILE = Text("there is no answers.yaml in this submission; upload the sheet you were given, filled in", "提交中没有 answers.yaml；请上传发给你的答题纸")
NOBODY = Text("nobody with the address {email} is on the roster of this course; tell your instructor", "本课程名单中没有邮箱为 {email} 的学生；请联系教师")
NOT_ISSUED = Text(
    "no sheet of attempt {attempt} was given to you; hand in the sheet you were given", "没有发放过第 {attempt} 次提交的答题纸；请提交发给你的那份"
)
UNCONFINED = "With `grader gradescope --trust-student-code` programs are run all the same, beside this folder: only if you have read them."
KEPT = Text("This submission: {own}. The score that counts by the rules of the course: {kept}.", "本次提交：{own}。按课程规则计入的分数：{kept}。")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
