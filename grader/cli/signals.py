"""`copies` and `whose`: what everyone's own numbers give away, and programs that are alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grader.cli.options import DONE, LOOK, USAGE, faults_shown, language_of, open_course, open_store, stop
from grader.marking.record import Record, read_record
from grader.text import Text

if TYPE_CHECKING:
    from grader.classroom.store import Store
    from grader.course.course import Assignment


def copies(assignment_id: str, as_json: bool, folder: Path | None) -> None:
    from grader.classroom.copies import find_copies
    from grader.classroom.similarity import similarities, stored_programs
    from grader.classroom.whose import stored_variants
    from grader.reports.copies import copies_text
    from grader.reports.similarity import similarity_text

    with faults_shown():
        # With solutions: the keys of those who handed in nothing are computed.
        course, assignment = open_course(folder, assignment_id, solutions=True)
        with open_store(course) as store:
            found = find_copies(stored_variants(store.all_issued(assignment.id)), _records(store, assignment), course.exercises)
            programs = similarities(stored_programs(store.submissions(assignment.id), assignment, course.timezone), assignment)
    if not found.students:
        stop(NOTHING.fill(assignment=assignment.id)[language_of(course, None)], LOOK)
    if as_json:
        print(json.dumps({**found.to_json(), "programs": [one.to_json() for one in programs]}, ensure_ascii=False))
    else:
        language = language_of(course, None)
        print(copies_text(found, language))
        if assignment.programs:
            print(f"\n{similarity_text(programs, language)}")
    raise typer.Exit(DONE)


def whose(assignment_id: str, values: str, as_json: bool, folder: Path | None) -> None:
    from grader.classroom.whose import stored_variants
    from grader.classroom.whose import whose as owners
    from grader.course.values import GivenError
    from grader.documents import DocumentError, read_json
    from grader.reports.copies import whose_text

    try:
        wanted = read_json(values)
    except DocumentError as error:
        stop(f"--values is no JSON: {error.located.en}", USAGE)
    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=False)
        with open_store(course) as store:
            try:
                found = owners(wanted, stored_variants(store.all_issued(assignment.id)))
            except GivenError as error:
                stop(f"--values: {error}", USAGE)
    if as_json:
        for owner in found:
            print(json.dumps(owner.to_json(), ensure_ascii=False))
    else:
        print(whose_text(found, language_of(course, None)))
    raise typer.Exit(DONE)


def _records(store: Store, assignment: Assignment) -> Iterator[Record]:
    return (read_record(json.loads(text)) for text in store.records(assignment.id))


NOTHING = Text(
    "the store has no sheet and no record of {assignment}; run `grader grade {assignment}` first",
    "数据库中没有 {assignment} 的答题纸和记录；请先运行 `grader grade {assignment}`",
)
