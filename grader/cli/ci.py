"""`repo`, `ci`, `gradescope`: repositories for students, marking in CI, an autograder for Gradescope."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grader.cli.options import DONE, LOOK, USAGE, faults_shown, language_of, now, open_course, open_store, secret_of, stop
from grader.text import LANGUAGES, visible

if TYPE_CHECKING:
    from grader.ci.clones import Clone
    from grader.ci.repository import Repository


def repo(
    assignment_id: str, students: list[str], out: Path | None, attempt: int, install: str | None, mark: str, lang: str | None, folder: Path | None
) -> None:
    from grader.ci.course_copy import write_files
    from grader.ci.starter import kept_files, repository_files
    from grader.ci.workflows import PACKAGE
    from grader.classroom.issuing import issued_sheets
    from grader.cli.classes import check_students
    from grader.documents import DocumentError

    share(mark)
    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=True)
        languages = (language_of(course, lang),) if lang else course.languages
        wanted = students or list(course.roster or {})
        if not wanted:
            stop("nobody to make a repository for; name a roster in course.yaml, or a student with --student", USAGE)
        check_students(course, wanted)
        out = out or course.folder / "repos"
        secret = secret_of(course, assignment)
        try:
            kept = kept_files(course, assignment, install=install or PACKAGE, pass_mark=mark)
        except DocumentError as error:
            stop(error.located.en, LOOK)
        made, old = [], 0
        with open_store(course) as store:
            pairs = [(student, attempt) for student in wanted]
            for sheet, signature in issued_sheets(course, assignment, pairs, store=store, secret=secret, now=now()):
                home = out / f"{assignment.id}-{sheet.student}"
                if home.exists():
                    old += 1  # a student may have begun to work in it
                    continue
                write_files(home, repository_files(sheet, signature, secret, languages, kept, install or PACKAGE))
                made.append(home)
    print(made[0] if len(made) == 1 else f"{len(made)} repositories of {assignment.id} in {out}/{assignment.id}-STUDENT")
    if old:
        print(f"{old} were there already and stay as they are")
    raise typer.Exit(DONE)


def ci(folder: Path | None, mark: str, out: Path, lang: str | None, offline: bool, trust: bool, fresh: bool, as_json: bool) -> None:
    from grader.ci.escape import plain
    from grader.ci.github import annotation_lines
    from grader.ci.offline import go_offline
    from grader.ci.outputs import append_github, console_lines, result_files, write_results
    from grader.ci.practice import mark_repository
    from grader.ci.repository import RepositoryError, read_repository
    from grader.course.key_files import key_files
    from grader.sandbox.level import IsolationError

    least = share(mark)
    if lang is not None and lang not in LANGUAGES:
        stop(f"unknown language '{lang}'; write en or zh", USAGE)
    if offline:
        go_offline()
    home = folder or Path.cwd()
    with faults_shown():
        try:
            repository = read_repository(home)
            marked = mark_repository(repository, now=now(), secret=_own_secret(repository), trust=trust, keys=key_files(fresh=fresh))
        except RepositoryError as error:
            stop(plain(str(error)), LOOK)
        except IsolationError as error:
            stop(f"{error} With --trust-student-code programs are run all the same: only your own, or if you have read them.", LOOK)
    language = lang or repository.language
    try:
        write_results(home / out, result_files(marked, language, least))
        append_github(marked, language, least, os.environ)
    except OSError as error:
        stop(f"{error.filename or out} cannot be written ({error.strerror or error})", LOOK)
    if as_json:
        print(json.dumps(marked.record.to_json(), ensure_ascii=False))
    else:
        print("\n".join(console_lines(marked, language)))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            print("\n".join(annotation_lines(marked, language)))
    raise typer.Exit(DONE if marked.reaches(least) else LOOK)


def gradescope(assignment_id: str, out: Path | None, try_in: Path | None, install: str | None, trust: bool, lang: str | None, folder: Path | None) -> None:
    from grader.ci.gradescope_zip import try_zip, zip_bytes, zip_files
    from grader.ci.workflows import PACKAGE
    from grader.classroom.issuing import issued_sheets
    from grader.documents import DocumentError

    with faults_shown():
        course, assignment = open_course(folder, assignment_id, solutions=True)
        if not any(student.email for student in (course.roster or {}).values()):
            stop("Gradescope knows students by e-mail; add an `email` column to the roster", USAGE)
        with open_store(course) as store:
            known = {(student, attempt) for student, attempt, _ in store.all_issued(assignment.id)}
            wanted = sorted({(student, 1) for student in course.roster or {}} | known)
            sheets = list(issued_sheets(course, assignment, wanted, store=store, secret=secret_of(course, assignment), now=now()))
        try:
            files = zip_files(course, assignment, sheets, install=install or PACKAGE, language=language_of(course, lang), trust=trust)
        except DocumentError as error:
            stop(error.located.en, LOOK)
    archive = zip_bytes(files)
    path = out or course.folder / f"{assignment.id}-gradescope.zip"
    try:
        path.write_bytes(archive)
    except OSError as error:
        stop(f"{path} cannot be written ({error.strerror})", LOOK)
    print(path)
    if try_in is None:
        raise typer.Exit(DONE)
    try:
        results = try_zip(archive, try_in)
    except FileNotFoundError as error:
        stop(str(error), USAGE)
    if results is None:
        stop(f"the autograder failed in {try_in}; its message stands above", LOOK)
    print(f"{results['output']}\nresults: {try_in / 'results' / 'results.json'}")
    raise typer.Exit(LOOK if results["extra_data"]["person_looks"] else DONE)


def print_changes(found: Sequence[Clone], language: str) -> bool:
    """Prints what in clones is not as it was given out, on standard error; whether anything was."""
    for clone in found:
        for problem in clone.problems:
            print(f"{visible(clone.folder.name, 80)}: {problem[language]}", file=sys.stderr)
    return any(clone.problems for clone in found)


def share(text: str) -> Fraction:
    from grader.ci.pass_mark import read_share

    try:
        return read_share(text)
    except ValueError as error:
        stop(f"--pass-mark: {error}", USAGE)


def _own_secret(repository: Repository) -> bytes | None:
    """The secret where it is at hand: in the environment, or declared by a practice course. A file in the repository is none."""
    from grader.course.secret import VARIABLE, find_secret

    if repository.course.public_seed is None and VARIABLE not in os.environ:
        return None
    return find_secret(repository.course.folder, repository.course.public_seed)
