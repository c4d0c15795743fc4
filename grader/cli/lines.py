"""`solve` and `mark`: JSON Lines in, JSON Lines out, one for one and in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from grader.cli.options import DONE, LOOK, USAGE, exercise_folder, faults_shown, stop
from grader.course.course import load_exercise
from grader.course.exercise import Exercise
from grader.course.values import GivenError, to_json
from grader.documents import MAX_BYTES, DocumentError, decode, read_json
from grader.marking.slot import grade_slot, variant_of
from grader.variants.variant import Variant

if TYPE_CHECKING:  # brings NumPy along
    from grader.marking.code_run import Run


def solve(exercise_id: str, file: Path | None, course: Path | None) -> None:
    _serve(exercise_id, file, course, solved)


def mark(exercise_id: str, file: Path | None, course: Path | None) -> None:
    _serve(exercise_id, file, course, marked)


def solved(exercise: Exercise, data: dict[str, Any]) -> dict[str, Any]:
    """Key and wrong answers of one given. Where people read a wrong method in several ways, `readings` has all of them."""
    expected = exercise.expect(data["given"])
    mistakes = {name: {part: to_json(readings[0]) for part, readings in answers.items()} for name, answers in expected.mistakes.items()}
    several = {
        name: {part: [to_json(reading) for reading in readings] for part, readings in answers.items() if len(readings) > 1}
        for name, answers in expected.mistakes.items()
    }
    return {
        "key": {part: to_json(answer) for part, answer in expected.key.items()},
        "mistakes": mistakes,
        "readings": {name: parts for name, parts in several.items() if parts},
        "applicable": list(mistakes),
    }


def marked(exercise: Exercise, data: dict[str, Any]) -> dict[str, Any]:
    """The slot grade of one answer."""
    if "answers" not in data:
        raise GivenError('\'answers\' is missing; write {"given": …, "answers": {part: …}}')
    variant, answers = variant_of(exercise, data["given"]), data["answers"]
    return grade_slot(variant, answers, run=_run(variant, answers)).to_json()


def _run(variant: Variant, answers: Any) -> Run | None:
    """What comes of a program that stands in a line as text, confined as in grading; None where none is asked for, or none stands there."""
    if (part := variant.exercise.code_part) is None:
        return None
    from grader.classroom.code_running import run_source
    from grader.course.code_key import code_of
    from grader.marking.source import Source, source_of

    source = source_of(variant.slot, part.id, answers, None)
    return run_source(code_of(variant.exercise, variant.expected), source, trust=False) if isinstance(source, Source) else None


def _serve(exercise_id: str, file: Path | None, course: Path | None, answer: Callable[[Exercise, dict[str, Any]], dict[str, Any]]) -> None:
    with faults_shown():
        try:
            exercise = load_exercise(exercise_folder(course), exercise_id)
        except KeyError as error:
            stop(error.args[0], USAGE)
        exercise.solution  # noqa: B018  loads torch before the first line is read
    try:
        source: IO[bytes] = file.open("rb") if file is not None else sys.stdin.buffer
    except OSError as error:
        stop(f"{file} cannot be read ({error.strerror})", USAGE)
    failed = False
    with source:
        for line in _lines(source):
            out = _answered(exercise, line, answer)
            failed = failed or "error" in out
            print(json.dumps(out, ensure_ascii=False, allow_nan=False), flush=file is None)
    raise typer.Exit(LOOK if failed else DONE)


def _answered(exercise: Exercise, line: bytes | None, answer: Callable[[Exercise, dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """One line out for one line in; what cannot be used says what and how to put it right."""
    try:
        if line is None:
            return {"error": f"the line is longer than {MAX_BYTES // 1000} kB; give smaller arrays"}
        if not line.strip():
            return {"error": "the line is empty; write one JSON object a line"}
        data = read_json(decode(line))
        if not isinstance(data, dict) or not isinstance(data.get("given"), dict):
            return {"error": "'given' is missing; write {\"given\": {name: value}}"}
        return answer(exercise, data)
    except DocumentError as error:
        return {"error": error.text.en}
    except GivenError as error:
        return {"error": str(error)}


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """The lines of a stream; None for one over the limit."""
    while line := source.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            while not line.endswith(b"\n") and (line := source.readline(MAX_BYTES)):
                pass
            yield None
        else:
            yield line
