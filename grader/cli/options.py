"""What commands have in common: the course they stand in, and errors said in one way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from grader.course.faults import CourseError
from grader.text import LANGUAGES

if TYPE_CHECKING:
    from grader.classroom.engines import Engine
    from grader.classroom.store import Store
    from grader.course.course import Assignment, Course

DONE, LOOK, USAGE = 0, 1, 2
TABLE_LINES = 200  # a class with more students is summed up on the screen

CourseOption = Annotated[Path | None, typer.Option("--course", metavar="DIR", help="The course folder; the one you stand in by default.")]
LanguageOption = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help="Language of what is shown; the course's first by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def stop(message: str, status: int) -> NoReturn:
    """Ends the command with a message on standard error."""
    print(f"grader: {message}", file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def faults_shown() -> Iterator[None]:
    """Says what is wrong with a course or store, all of it, and ends with status 1."""
    try:
        yield
    except CourseError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        count = len(error.faults)
        stop(f"{count} fault{'s' if count > 1 else ''} to put right first", LOOK)
    except Exception as error:
        # The database's module brings SQLAlchemy along; only commands that opened a store can raise its error.
        module = sys.modules.get("grader.classroom.database")
        if module is not None and isinstance(error, module.StoreError):
            stop(str(error), LOOK)
        raise


def course_folder(folder: Path | None) -> Path:
    """The folder of the course: the one named, or the one the command stands in."""
    found = folder or Path.cwd()
    if not (found / "course.yaml").is_file():
        stop(f"there is no course.yaml in {found}; stand in a course folder, name one with --course, or make one with `grader init DIR`", USAGE)
    return found


def exercise_folder(folder: Path | None) -> Path:
    """Where exercises are: the course named or stood in, else the bank that travels with the grader."""
    from grader.course.bank import bank_folder

    if folder is None and not (Path.cwd() / "course.yaml").is_file():
        return bank_folder()
    return course_folder(folder)


def open_course(folder: Path | None, assignment: str, *, solutions: bool) -> tuple[Course, Assignment]:
    """The course and one of its assignments; an unknown assignment is wrong use."""
    from grader.course.course import load_course

    course = load_course(course_folder(folder), solutions=solutions)
    try:
        return course, course.assignment(assignment)
    except KeyError as error:
        stop(error.args[0], USAGE)


def open_store(course: Course) -> Store:
    from grader.classroom.store import Store

    return Store(course.store, course.folder, course.id)


def engine_for(*, few: bool, jobs: int | None) -> Engine:
    """How to grade: in this process where all fits into one batch, else in workers."""
    from grader.classroom.engines import Serial, Workers

    workers = jobs or os.cpu_count() or 1
    return Serial() if (few and jobs is None) or workers == 1 else Workers(workers)


def check_isolation(assignment: Assignment, *, trust: bool) -> None:
    """Stops where programs would have to be run, nothing on this machine confines them, and they are not trusted."""
    if not assignment.programs:
        return
    from grader.classroom.code_running import isolation_fault
    from grader.sandbox.runner import SandboxError

    try:
        fault = isolation_fault(trust)
    except SandboxError as error:
        stop(f"programs cannot be run now: {error}", LOOK)
    if fault is not None:
        stop(f"{fault} With --trust-student-code they are run all the same: only if you have read them.", LOOK)


def secret_of(course: Course, assignment: Assignment) -> bytes | None:
    """The secret; None where there is none and none is needed, since every slot is pinned."""
    from grader.course.secret import SecretError, find_secret

    try:
        return find_secret(course.folder, course.public_seed)
    except SecretError as error:
        if all(entry.given is not None for entry in assignment.entries):
            return None
        stop(error.text[language_of(course, None)], LOOK)


def language_of(course: Course, chosen: str | None) -> str:
    if chosen is not None and chosen not in LANGUAGES:
        stop(f"unknown language '{chosen}'; write en or zh", USAGE)
    return chosen or course.languages[0]


def now() -> datetime:
    return datetime.now(UTC)
