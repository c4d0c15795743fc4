"""`try`: a student runs their own program on the cases that are not hidden."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grader.cli.options import DONE, LOOK, USAGE, exercise_folder, faults_shown, stop
from grader.course.exercise import Exercise
from grader.text import LANGUAGES, visible

if TYPE_CHECKING:
    from grader.course.code_key import CodeExpected


def try_program(file: Path, exercise_id: str | None, lang: str | None, trust: bool, as_json: bool, course: Path | None) -> None:
    from grader.classroom.code_files import read_program
    from grader.classroom.code_running import run_source
    from grader.course.exercise_file import read_exercise
    from grader.course.shown_cases import shown_cases
    from grader.documents import DocumentError
    from grader.marking.code import mark_code
    from grader.marking.code_run import Unconfined
    from grader.marking.record import Verdict
    from grader.marking.source import Source
    from grader.reports.program import program_text
    from grader.sandbox.runner import SandboxError

    if lang is not None and lang not in LANGUAGES:
        stop(f"unknown language '{visible(lang)}'; write en or zh", USAGE)
    if not file.is_file():
        stop(f"there is no file {visible(str(file))}; name the file your program is in", USAGE)
    folder = _folder(course)
    name = exercise_id or file.stem
    if not (folder / "exercises" / f"{Path(name).name}.yaml").is_file():
        stop(f"there is no exercise '{visible(name)}'; name the one this is for with --exercise", USAGE)
    with faults_shown():
        exercise = read_exercise(folder, Path(name).name)
        if exercise.code_part is None:
            stop(f"{exercise.id} asks for no program", USAGE)
        expected = shown_cases(exercise, folder) or _computed(exercise).public()
    try:
        source = Source(file.name, read_program(file))
    except DocumentError as error:
        stop(f"{file}: {error.text.en}", USAGE)
    try:
        run = run_source(expected, source, trust=trust)
    except SandboxError as error:
        stop(f"the program could not be run, and is not to blame: {error}", LOOK)
    if isinstance(run, Unconfined):
        stop(f"{run.reason} Your own program you may run with --trust-student-code.", LOOK)
    graded = mark_code(expected, source, run, Fraction(1))
    print(json.dumps(graded.to_json(), ensure_ascii=False) if as_json else program_text(graded, lang or LANGUAGES[0], keys=True))
    raise typer.Exit(DONE if graded.verdict is Verdict.CORRECT else LOOK)


def _folder(course: Path | None) -> Path:
    """Where the exercise is: as for other commands, but a student's repository holds its own."""
    from grader.ci.repository import HOME, is_repository

    here = Path.cwd()
    return here / HOME if course is None and is_repository(here) else exercise_folder(course)


def _computed(exercise: Exercise) -> CodeExpected:
    """What is expected of a program, as an earlier run of this user computed it: importing torch takes longer than all the rest."""
    from grader.course.code_key import code_of
    from grader.course.key_files import key_files

    keys = key_files()
    known = keys.find(exercise, {})
    if known is not None:
        return code_of(exercise, known)
    found = exercise.expect({})
    keys.keep([found])
    return code_of(exercise, found)
