"""`issue`, `grade`, `show`: sheets out, hand-ins graded, one grade explained."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from grader.cli.options import (
    DONE,
    LOOK,
    TABLE_LINES,
    USAGE,
    check_isolation,
    engine_for,
    faults_shown,
    language_of,
    now,
    open_course,
    open_store,
    secret_of,
    stop,
)
from grader.cli.progress import progress
from grader.marking.policy import kept
from grader.marking.record import Record, Status, read_record
from grader.text import Text, visible

if TYPE_CHECKING:
    from grader.classroom.engines import Engine
    from grader.classroom.hand_ins import HandIn
    from grader.classroom.store import Store
    from grader.course.course import Assignment, Course


SHOWN_NAMES = 20
MANY = 10_000_000  # bytes of lines that are more than one batch, most likely: workers will be needed


def issue(assignment_id: str, students: list[str], out: Path | None, form: str, attempt: int, lang: str | None, folder: Path | None) -> None:
    from grader.classroom import issuing

    if form not in ("yaml", "json"):
        stop(f"unknown format '{form}'; write yaml or json", USAGE)
    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=True)
        languages = (language_of(course, lang),) if lang else course.languages
        wanted = students or list(course.roster or {})
        if not wanted:
            stop("nobody to issue to; name a roster in course.yaml, or a student with --student", USAGE)
        check_students(course, wanted)
        out = out or course.folder / "release"
        with open_store(course) as store:
            issued = list(
                issuing.issue(
                    course,
                    assignment,
                    wanted,
                    store=store,
                    secret=secret_of(course, assignment),
                    out=out,
                    form=form,
                    attempt=attempt,
                    now=now(),
                    languages=languages,
                )
            )
    kept_files = [sheet for sheet in issued if sheet.kept]
    if len(issued) == 1:
        print(issued[0].path)
    else:
        print(SHEETS.fill(count=len(issued), path=f"{out}/STUDENT/{assignment.id}/answers.{form}", assignment=assignment.id)[language_of(course, None)])
    if kept_files:
        print(WERE_THERE.fill(count=len(kept_files), path=kept_files[0].path)[language_of(course, None)])
    raise typer.Exit(DONE)


def grade(
    assignment_id: str,
    folder: Path | None,
    lines: Path | None,
    repositories: Path | None,
    records: Path | None,
    again: bool,
    jobs: int | None,
    engine_name: str,
    scheduler: str | None,
    trust: bool,
    as_json: bool,
    course_dir: Path | None,
) -> None:
    from grader.classroom.grading import grade_class, write_records
    from grader.classroom.hand_ins import from_folders, from_lines
    from grader.reports.summary import BETWEEN

    if folder is not None and lines is not None:
        stop("give a folder or --from FILE, not both", USAGE)
    if repositories is not None and (folder is not None or lines is not None):
        stop("--from-repos takes the place of a folder and of --from; give one of them", USAGE)
    if engine_name not in ("local", "dask"):
        stop(f"unknown engine '{visible(engine_name)}'; write local or dask", USAGE)
    if scheduler is not None and engine_name != "dask":
        stop("--scheduler is for --engine dask; add that", USAGE)
    if lines is not None and lines.is_file() and lines.stat().st_size > MANY and jobs != 1 and engine_name == "local":
        from grader.classroom.engines import start_server

        start_server()
    with faults_shown():
        course, assignment = open_course(course_dir, assignment_id, solutions=False)
        source = lines or repositories or folder or course.folder / "submitted"
        if not (source.is_file() if lines else source.is_dir()):
            what = "file" if lines else "folder"
            stop(f"there is no {what} {source}; name the {what} of what was handed in", USAGE)
        check_isolation(assignment, trust=trust)
        hand_ins = from_lines(source) if lines else from_folders(source, assignment, course.timezone)
        altered = False
        if repositories:
            hand_ins, altered = _from_repositories(course, assignment, repositories)
        fresh: Counter[str] = Counter()
        with open_store(course) as store, ExitStack() as stack:
            first, hand_ins, engine = _engine(hand_ins, jobs)
            if engine_name == "dask":
                engine = stack.enter_context(_cluster(course, jobs, scheduler))
            secret = secret_of(course, assignment)
            with progress(first) as advance:
                for outcome in grade_class(course, assignment, hand_ins, store=store, secret=secret, engine=engine, now=now(), again=again, trust=trust):
                    fresh[outcome.status] += 1
                    advance(outcome=outcome.status)
            try:
                total = write_records(store, assignment.id, records) if records else sum(store.counts(assignment.id).values())
            except OSError as error:
                stop(f"{records} cannot be written ({error.strerror}); the grades are safe in the store", LOOK)
            if as_json:
                for found in store.records(assignment.id):
                    print(found)
            look = _print_class(course, assignment, store, total, quiet=as_json)
    language = language_of(course, None)
    summary = BETWEEN[language].join(COUNTED[Status(status)].fill(count=count)[language] for status, count in sorted(fresh.items())) or NOTHING_NEW[language]
    out = sys.stderr if as_json else sys.stdout
    print("\n" + IN_ALL.fill(summary=summary, total=total)[language] + (IN_FILE.fill(file=records)[language] if records else ""), file=out)
    if look:
        more = AND_MORE.fill(count=len(look) - SHOWN_NAMES)[language] if len(look) > SHOWN_NAMES else ""
        print(LOOK_AT[language] + ", ".join(map(visible, look[:SHOWN_NAMES])) + more, file=out)
    raise typer.Exit(LOOK if look or altered or fresh["refused"] or fresh["failed"] else DONE)


def _from_repositories(course: Course, assignment: Assignment, folder: Path) -> tuple[Iterator[HandIn], bool]:
    """The hand-ins of students' clones, and whether anything in a clone is not as it was given out; what, is printed."""
    from grader.ci.clones import clones
    from grader.ci.repository import is_repository
    from grader.cli.ci import print_changes

    if is_repository(folder):
        stop(f"{folder} is a clone itself; name the folder that holds all of them", USAGE)
    found = list(clones(folder, course, assignment, secret_of(course, assignment)))
    if not found:
        stop(f"there is no clone in {folder}; each is a folder named STUDENT or {assignment.id}-STUDENT", USAGE)
    altered = print_changes(found, language_of(course, None))
    return (clone.hand_in for clone in found if clone.hand_in is not None), altered


def _engine(hand_ins: Iterator[HandIn], jobs: int | None) -> tuple[int | None, Iterator[HandIn], Engine]:
    """How to grade. Also the count, where that is known by then."""
    from grader.classroom.batch import rest_collector
    from grader.classroom.grading import BATCH

    first = list(islice(hand_ins, BATCH + 1))
    few = len(first) <= BATCH
    if not few:
        rest_collector()
    return len(first) if few else None, chain(first, hand_ins), engine_for(few=few, jobs=jobs)


@contextmanager
def _cluster(course: Course, jobs: int | None, scheduler: str | None) -> Iterator[Engine]:
    """A Dask cluster to grade on. Where it fails, before or while it grades, the command says why and ends with status 1."""
    from grader.classroom.dask_engine import ClusterError, cluster

    try:
        with cluster(scheduler, jobs=jobs, store=course.store) as engine:
            if not engine.threads():
                print(f"grader: the scheduler {scheduler} has no workers yet; waiting for them", file=sys.stderr)
            yield engine
    except ClusterError as error:
        stop(str(error), LOOK)


def _print_class(course: Course, assignment: Assignment, store: Store, total: int, *, quiet: bool) -> tuple[str, ...]:
    """Prints the class, as a table where that can be read, and gives whom a person has to look at."""
    from grader.reports.summary import grades_text, mistakes_text, summary

    found = summary(course, assignment, store.outlines(assignment.id))
    if not quiet:
        language = language_of(course, None)
        print(f"{course.title[language]} · {assignment.title[language]} ({course.id}/{assignment.id})\n")
        if total <= TABLE_LINES:
            from grader.reports.table import rows, table_text

            print(table_text(assignment, rows(course, assignment, store.outlines(assignment.id)), language) + "\n")
        print("\n".join(filter(None, (grades_text(found, assignment.possible, language), mistakes_text(found, language)))))
    return found.look


def show(
    assignment_id: str, student: str, html: Path | None, attempt: int | None, key: bool | None, lang: str | None, as_json: bool, folder: Path | None
) -> None:
    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        language = language_of(course, lang)
        with open_store(course) as store:
            found = [read_record(json.loads(data)) for data in store.records(assignment.id, student)]
            chosen = [record for record in found if attempt is None or record.attempt == attempt]
            record = kept(chosen, assignment.policies.attempts) or (chosen[-1] if chosen else None)
            if record is None:
                stop(_no_record(course, assignment, student, attempt)[language], LOOK)
            if as_json:
                print(json.dumps(record.to_json(), ensure_ascii=False))
                raise typer.Exit(DONE)
            given = _given(record, assignment.id, store)
    keys = assignment.policies.shows_key(now(), assignment.due) if key is None else key
    if html is not None:
        from grader.reports.page import page

        try:
            html.write_text(page(record, course.exercises, given, language, keys=keys), encoding="utf-8")
        except OSError as error:
            stop(f"{html} cannot be written ({error.strerror})", USAGE)
        print(html)
    else:
        from grader.reports.show import show_text

        print(show_text(record, course.exercises, given, language, keys=keys))
    raise typer.Exit(DONE)


def _given(record: Record, assignment: str, store: Store) -> Mapping[str, Mapping[str, Any]]:
    """The given that a record was marked against, by slot."""
    if record.status is Status.REFUSED:
        return {}
    # A record's attempt counts hand-ins; the sheet it was marked against is the one whose variants it names.
    names = {slot.slot: slot.variant for slot in record.slots}
    for attempt in range(record.attempt, 0, -1):
        issued = store.issued(assignment, record.student, attempt)
        if issued is not None and {slot: old.variant for slot, old in issued.slots.items() if slot in names} == names:
            return {slot: old.given for slot, old in issued.slots.items()}
    return {}


def check_students(course: Course, students: list[str]) -> None:
    from grader.course.faults import nearest
    from grader.course.roster import valid_id

    for student in students:
        if not valid_id(student):
            stop(f"'{visible(student)}' is no valid student id; use letters, digits and _ . @ + -", USAGE)
        if course.roster is not None and student not in course.roster:
            stop(f"'{student}' is not on the roster; {nearest(student, course.roster)}", USAGE)


def _no_record(course: Course, assignment: Assignment, student: str, attempt: int | None) -> Text:
    strange = course.roster is not None and student not in course.roster
    words = NOT_KNOWN if strange else NO_ATTEMPT if attempt else NO_RECORD
    return words.fill(student=visible(student), assignment=assignment.id, attempt=attempt)


NOT_KNOWN = Text("'{student}' is not on the roster and has no record of {assignment}", "“{student}” 不在名单上，也没有 {assignment} 的记录")
NO_RECORD = Text(
    "{student} has no record of {assignment}; run `grader grade {assignment}` after they hand in",
    "{student} 没有 {assignment} 的记录；提交之后请运行 `grader grade {assignment}`",
)
NO_ATTEMPT = Text(
    "{student} has no record of {assignment} for attempt {attempt}; run `grader grade {assignment}` after they hand in",
    "{student} 没有 {assignment} 第 {attempt} 次提交的记录；提交之后请运行 `grader grade {assignment}`",
)
SHEETS = Text("{count} sheets of {assignment} in {path}", "{assignment} 的 {count} 份答题纸在 {path}")
WERE_THERE = Text("{count} were there already and stay as they are (as {path})", "其中 {count} 份已经存在，保持不变（如 {path}）")
COUNTED = {
    Status.GRADED: Text("{count} graded", "已评分 {count} 份"),
    Status.REFUSED: Text("{count} refused", "未接受 {count} 份"),
    Status.FAILED: Text("{count} failed", "评分失败 {count} 份"),
}
NOTHING_NEW = Text("nothing new", "没有新的提交")
IN_ALL = Text("{summary}; {total} records in all", "{summary}；共 {total} 条记录")
IN_FILE = Text(", in {file}", "，写入 {file}")
LOOK_AT = Text("a person has to look at: ", "需要人工查看：")
AND_MORE = Text(" and {count} more", " 等，另有 {count} 人")
