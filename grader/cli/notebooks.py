"""`nbgrader init`, `nbgrader release`, `nbgrader sync`: our exercises in an nbgrader course."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.options import DONE, LOOK, USAGE, CourseOption, course_folder, faults_shown, now, open_course, open_store, secret_of, stop

if TYPE_CHECKING:
    from grader.notebook.home import Home

app = typer.Typer(name="nbgrader", help="Our exercises in an nbgrader course.", no_args_is_help=True)

HomeOption = Annotated[Path | None, typer.Option("--dir", metavar="DIR", help="The nbgrader course; the one you stand in by default.")]
AssignmentArgument = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="An assignment of course.yaml.")]


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the nbgrader course goes.")], course: CourseOption = None) -> None:
    """Make an nbgrader course of the course you stand in: settings, and a source notebook for each assignment."""
    from grader.course.course import load_course
    from grader.course.secret import find_secret
    from grader.notebook.home import set_up

    with faults_shown(), _trouble_shown():
        found = load_course(course_folder(course))
        written = set_up(folder, found, find_secret(found.folder, found.public_seed))
    print(f"an nbgrader course of {found.id} stands in {folder}: {written[0].name}, and {len(written) - 1} source notebooks")
    raise typer.Exit(DONE)


@app.command()
def release(
    assignment_id: AssignmentArgument,
    student: Annotated[list[str] | None, typer.Option("--student", metavar="S", help="Only this student (may be repeated).")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where notebooks go; release/ by default.")] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="One zip for each student.")] = False,
    attempt: Annotated[int, typer.Option("--attempt", min=1, max=999, help="Which attempt they are for; each has numbers of its own.")] = 1,
    home: HomeOption = None,
) -> None:
    """Write each student's own notebook, and make the assignment known to nbgrader's gradebook."""
    from grader.cli.classes import check_students
    from grader.notebook.document import shared_sheet, source_of
    from grader.notebook.gradebook import gradebook, register, write_students
    from grader.notebook.release import release

    with faults_shown(), _trouble_shown():
        place = _home(home)
        course, assignment = open_course(place.course, assignment_id, solutions=True)
        wanted = student or list(course.roster or {})
        if not wanted:
            stop("nobody to release to; name a roster in course.yaml, or a student with --student", USAGE)
        check_students(course, wanted)
        secret = secret_of(course, assignment)
        out = out or place.folder / "release"
        with gradebook(place.database, course.id) as book:
            register(book, assignment, source_of(course, assignment, course.languages, shared_sheet(course, assignment, secret)))
            write_students(book, course)
            book.db.commit()
        with open_store(course) as store:
            made = list(release(course, assignment, wanted, store=store, secret=secret, out=out, zipped=zipped, attempt=attempt, now=now()))
    kept = [path for path, was_there in made if was_there]
    print(f"{len(made)} notebooks of {assignment.id}, as {made[0][0]}")
    if kept:
        print(f"{len(kept)} were there already and stay as they are (as {kept[0]})")
    raise typer.Exit(DONE)


@app.command()
def sync(assignment_id: AssignmentArgument, home: HomeOption = None) -> None:
    """Write what `grader grade` found into nbgrader's gradebook: score and reason of every question. What was written there by hand stays."""
    from grader.marking.policy import kept
    from grader.marking.record import Record, read_record
    from grader.notebook.document import shared_sheet, source_of
    from grader.notebook.gradebook import gradebook, knows, register, write_records, write_students

    with faults_shown(), _trouble_shown():
        place = _home(home)
        course, assignment = open_course(place.course, assignment_id, solutions=False)
        by_student: dict[str, list[Record]] = {}
        with open_store(course) as store:
            for text in store.records(assignment.id):
                record = read_record(json.loads(text))
                by_student.setdefault(record.student, []).append(record)
        records = [kept(found, assignment.policies.attempts) or found[-1] for found in by_student.values()]
        known = [record for record in records if course.roster is None or record.student in course.roster]
        with gradebook(place.database, course.id) as book:
            if not knows(book, assignment):  # else no sheet need be drawn, which takes torch
                register(book, assignment, source_of(course, assignment, course.languages, shared_sheet(course, assignment, secret_of(course, assignment))))
            write_students(book, course)
            written = write_records(book, assignment, known, course.languages)
    print(f"{written} students of {assignment.id} in nbgrader's gradebook")
    if len(known) < len(records):
        print(f"{len(records) - len(known)} are not on the roster and were left out")
    raise typer.Exit(DONE)


def _home(folder: Path | None) -> Home:
    from grader.notebook.home import HomeError, find_home

    try:
        return find_home(folder or Path.cwd())
    except HomeError as error:
        stop(str(error), USAGE)


@contextmanager
def _trouble_shown() -> Iterator[None]:
    """Says why a gradebook or folder cannot be used, and ends with status 1."""
    from grader.notebook.gradebook import GradebookError
    from grader.notebook.home import HomeError

    try:
        yield
    except (GradebookError, HomeError) as error:
        stop(str(error), LOOK)
