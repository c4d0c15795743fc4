"""`regrade` and `history`: grades that change after they were given."""

from __future__ import annotations

import getpass
import json
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from grader.cli.options import DONE, LOOK, check_isolation, engine_for, faults_shown, language_of, now, open_course, open_store, secret_of, stop
from grader.cli.progress import progress
from grader.text import Text, visible

if TYPE_CHECKING:
    from grader.classroom.regrading import Regraded
    from grader.classroom.store import Store
    from grader.course.course import Assignment, Course
    from grader.reports.regrade import Totals

SHOWN_STUDENTS = 200  # more changes are counted; --json has them all
_SPOOLED = 16_000_000  # bytes of changed records held in memory; more go to a temporary file until the answer is there


def regrade(
    assignment_id: str, student: str | None, yes: bool, dry_run: bool, reason: str | None, jobs: int | None, trust: bool, as_json: bool, folder: Path | None
) -> None:
    from grader.classroom.regrading import write
    from grader.reports.regrade import totals_text

    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        check_isolation(assignment, trust=trust)
        secret = secret_of(course, assignment)
        with open_store(course) as store, store.hold(assignment.id), tempfile.SpooledTemporaryFile(_SPOOLED, "w+", encoding="utf-8") as spool:
            totals = _compare(course, assignment, store, secret, student, jobs, trust, as_json, spool)
            language = language_of(course, None)
            if not totals.students:
                stop(_nothing(assignment.id, student)[language], LOOK)
            written = 0
            if not as_json:
                print(totals_text(totals, language))
            if totals.hand_ins and (not dry_run) and (yes or _agreed(totals, as_json, language)):
                spool.seek(0)
                written = write(store, assignment.id, map(json.loads, spool), who=getpass.getuser(), reason=reason)
    if as_json:
        print(json.dumps({"totals": totals.to_json(), "written": written}))
    elif written:
        print(WRITTEN.fill(count=written, assignment=assignment.id)[language])
    elif totals.hand_ins:
        print((DRY_RUN if dry_run else NOT_WRITTEN)[language])
    if totals.failed:
        print(f"grader: {FAILED.fill(count=totals.failed)[language]}", file=sys.stderr)
    unasked = totals.hand_ins and not written and not dry_run and not _terminal()
    if unasked:
        print(f"grader: {NOBODY[language]}", file=sys.stderr)
    raise typer.Exit(LOOK if totals.failed or unasked else DONE)


def history(assignment_id: str, student: str, as_json: bool, folder: Path | None) -> None:
    from grader.classroom.past import replaced
    from grader.reports.past import history_text

    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        with open_store(course) as store:
            found = list(replaced(store, assignment.id, student))
            graded = next(store.records(assignment.id, student), None) is not None
        language = language_of(course, None)
    if as_json:
        for one in found:
            print(json.dumps(one.to_json(), ensure_ascii=False))
    elif found:
        print(history_text(found, course.timezone, language))
    elif graded:
        print(NEVER.fill(student=visible(student))[language])
    else:
        stop(_nothing(assignment.id, student)[language], LOOK)
    raise typer.Exit(DONE)


def _compare(
    course: Course,
    assignment: Assignment,
    store: Store,
    secret: bytes | None,
    student: str | None,
    jobs: int | None,
    trust: bool,
    as_json: bool,
    spool: IO[str],
) -> Totals:
    """Prints what changes as it is found, and puts the changed records into the spool."""
    from grader.classroom.grading import BATCH
    from grader.classroom.regrading import regrade, to_write
    from grader.reports.regrade import Totals

    stored = sum(store.counts(assignment.id).values())
    engine = engine_for(few=student is not None or stored <= BATCH, jobs=jobs)
    totals, shown, language = Totals(), 0, language_of(course, None)
    with progress(None if student else stored) as advance:
        for regraded in regrade(course, assignment, store=store, secret=secret, engine=engine, now=now(), student=student, trust=trust):
            totals.add(regraded)
            advance(outcome="changed" if regraded.changes else "same")
            if regraded.changes:
                shown += 1
                _print(regraded, shown, as_json, language)
            spool.writelines(json.dumps(change) + "\n" for change in to_write(regraded))
    if shown > SHOWN_STUDENTS and not as_json:
        print(MORE.fill(count=shown - SHOWN_STUDENTS)[language])
    if shown and not as_json:
        print()
    return totals


def _print(regraded: Regraded, number: int, as_json: bool, language: str) -> None:
    from grader.reports.regrade import student_text

    if as_json:
        print(json.dumps(regraded.to_json(), ensure_ascii=False))
    elif number <= SHOWN_STUDENTS:
        print(student_text(regraded, language))


def _terminal() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty()


def _agreed(totals: Totals, quiet: bool, language: str) -> bool:
    question = (ASK_ONE if totals.hand_ins == 1 else ASK).fill(count=totals.hand_ins)[language]
    return _terminal() and typer.confirm(question, default=False, err=quiet)


def _nothing(assignment: str, student: str | None) -> Text:
    found = NOTHING_OF.fill(student=visible(student), assignment=assignment) if student else NOTHING.fill(assignment=assignment)
    first = GRADE_FIRST.fill(assignment=assignment)
    return Text(f"{found.en}; {first.en}", f"{found.zh}；{first.zh}")


WRITTEN = Text(
    "records written: {count}; what they replace: grader history {assignment} STUDENT",
    "已写入 {count} 条记录；查看被替换的记录：grader history {assignment} STUDENT",
)
DRY_RUN = Text("dry run: nothing is written", "试运行：没有写入")
NOT_WRITTEN = Text("nothing is written", "没有写入")
FAILED = Text("grading failed on {count}, of which the records stand; run `grader verify`", "{count} 份评分失败，原记录保持不变；请运行 `grader verify`")
NOBODY = Text(
    "nobody is here to ask, so nothing is written; look through the changes, then pass --yes",
    "无法询问（没有终端），所以没有写入；请查看上面的变化，然后加上 --yes",
)
NEVER = Text("no record of {student} was ever replaced", "{student} 的记录从未被替换")
MORE = Text("… and {count} more students; --json has them all", "…… 另有 {count} 人；--json 列出全部")
ASK = Text("write {count} changed records?", "写入 {count} 条变化的记录？")
ASK_ONE = Text("write {count} changed record?", ASK.zh)
NOTHING_OF = Text("{student} has no submission of {assignment} in the store", "数据库中没有 {student} 对 {assignment} 的提交")
NOTHING = Text("the store has no submission of {assignment}", "数据库中没有 {assignment} 的提交")
GRADE_FIRST = Text("run `grader grade {assignment}` first", "请先运行 `grader grade {assignment}`")
