"""`init` and `verify`: for whoever writes the course."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from grader.cli.options import DONE, LOOK, USAGE, exercise_folder, faults_shown, stop
from grader.cli.progress import progress
from grader.course.course import load_course
from grader.course.faults import CourseError


def init(folder: Path) -> None:
    from grader.course.bank import lay_out
    from grader.course.secret import FILE

    with faults_shown():
        try:
            lay_out(folder)
        except OSError as error:
            stop(f"{folder} cannot be written ({error.strerror})", USAGE)
    print(f"""a new course stands in {folder}
  course.yaml    assignments, points, dates, policies: edit it
  roster.csv     who takes part: put your students here
  exercises/     one YAML an exercise, words in English and Chinese
  solutions/     the torch reference of each, and the wrong methods
  {FILE} what draws everybody's numbers: keep it, keep it secret, keep a copy

next:  cd {folder}
       grader verify              are the exercises fit to hand out?
       grader issue lesson1       sheets to hand out, in release/
       grader grade lesson1       what came back, from submitted/STUDENT/lesson1/""")
    raise typer.Exit(DONE)


def verify(exercise_ids: list[str], folder: Path | None, variants: int, jobs: int | None, html: Path | None, as_json: bool) -> None:
    from grader.classroom.blocks import Block, verify_blocks
    from grader.classroom.verify import Verified
    from grader.course.course import load_exercise
    from grader.reports.verification import verification_page, verification_text

    where = exercise_folder(folder)
    found: list[Verified] = []
    with faults_shown():
        if exercise_ids:
            try:
                exercises = [load_exercise(where, exercise_id) for exercise_id in exercise_ids]
            except KeyError as error:
                stop(error.args[0], USAGE)
        else:
            exercises = list(load_course(where).exercises.values())
        counts = _counts(where)
        blocks = [
            Block(exercise=level, count=count, variants=variants)
            for exercise in exercises
            for level in exercise.every_level
            for count in sorted(counts.get((level.id, level.level), {1}))
        ]
        with progress(sum(block.steps for block in blocks)) as advance:
            for report in verify_blocks(where, blocks, jobs, advance):
                found.append(report)
                print(json.dumps(report.to_json(), ensure_ascii=False) if as_json else verification_text(report), flush=True)
    if html is not None:
        try:
            html.write_text(verification_page(found), encoding="utf-8")
        except OSError as error:
            stop(f"{html} cannot be written ({error.strerror})", USAGE)
    faulty = [report for report in found if report.faults]
    if not as_json:
        print(f"\n{len(found) - len(faulty)} of {len(found)} are fit to hand out" + (f"; {html}" if html else ""))
    raise typer.Exit(LOOK if faulty else DONE)


def _counts(folder: Path) -> dict[tuple[str, int], set[int]]:
    """How many slots assignments draw together, for each exercise and level that they draw."""
    counts: dict[tuple[str, int], set[int]] = {}
    try:
        course = load_course(folder, solutions=False)
    except CourseError:
        return counts  # the course is faulty elsewhere; its exercises can be verified all the same
    for assignment in course.assignments.values():
        for entry in assignment.entries:
            if entry.given is None:
                counts.setdefault((entry.exercise.id, entry.exercise.level), set()).add(len(entry.slots))
    return counts
