"""`regrade` and `history`: grades that change after they were given."""

from __future__ import annotations

import getpass
import json
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from grader.cli.options import DONE, LOOK, check_isolation, counting, engine_for, faults_shown, now, open_course, open_store, secret_of, stop
from grader.text import visible

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
            if not totals.students:
                stop(_nothing(assignment.id, student), LOOK)
            written = 0
            if not as_json:
                print(totals_text(totals))
            if totals.hand_ins and (not dry_run) and (yes or _agreed(totals, as_json)):
                spool.seek(0)
                written = write(store, assignment.id, map(json.loads, spool), who=getpass.getuser(), reason=reason)
    if as_json:
        print(json.dumps({"totals": totals.to_json(), "written": written}))
    elif written:
        print(f"records written: {written}; what they replace: grader history {assignment.id} STUDENT")
    elif totals.hand_ins:
        print("dry run: nothing is written" if dry_run else "nothing is written")
    if totals.failed:
        print(f"grader: grading failed on {totals.failed}, of which the records stand; run `grader verify`", file=sys.stderr)
    unasked = totals.hand_ins and not written and not dry_run and not _terminal()
    if unasked:
        print("grader: nobody is here to ask, so nothing is written; look through the changes, then pass --yes", file=sys.stderr)
    raise typer.Exit(LOOK if totals.failed or unasked else DONE)


def history(assignment_id: str, student: str, as_json: bool, folder: Path | None) -> None:
    from grader.classroom.past import replaced
    from grader.reports.past import history_text

    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        with open_store(course) as store:
            found = list(replaced(store, assignment.id, student))
            graded = next(store.records(assignment.id, student), None) is not None
    if as_json:
        for one in found:
            print(json.dumps(one.to_json(), ensure_ascii=False))
    elif found:
        print(history_text(found, course.timezone))
    elif graded:
        print(f"no record of {visible(student)} was ever replaced")
    else:
        stop(_nothing(assignment.id, student), LOOK)
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
    totals, shown = Totals(), 0
    with counting(None if student else stored) as count:
        for regraded in regrade(course, assignment, store=store, secret=secret, engine=engine, now=now(), student=student, trust=trust):
            totals.add(regraded)
            count("changed" if regraded.changes else "same")
            if regraded.changes:
                shown += 1
                _print(regraded, shown, as_json)
            spool.writelines(json.dumps(change) + "\n" for change in to_write(regraded))
    if shown > SHOWN_STUDENTS and not as_json:
        print(f"… and {shown - SHOWN_STUDENTS} more students; --json has them all")
    if shown and not as_json:
        print()
    return totals


def _print(regraded: Regraded, number: int, as_json: bool) -> None:
    from grader.reports.regrade import student_text

    if as_json:
        print(json.dumps(regraded.to_json(), ensure_ascii=False))
    elif number <= SHOWN_STUDENTS:
        print(student_text(regraded))


def _terminal() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty()


def _agreed(totals: Totals, quiet: bool) -> bool:
    return _terminal() and typer.confirm(f"write {totals.hand_ins} changed record{'' if totals.hand_ins == 1 else 's'}?", default=False, err=quiet)


def _nothing(assignment: str, student: str | None) -> str:
    whose = f"{visible(student)} has no submission of {assignment} in the store" if student else f"the store has no submission of {assignment}"
    return f"{whose}; run `grader grade {assignment}` first"
