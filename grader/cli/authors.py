"""`init` and `verify`: for whoever writes the course."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from grader.cli.options import DONE, LOOK, USAGE, exercise_folder, faults_shown, stop


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
       grader verify
       grader issue lesson1
       grader grade lesson1 submitted""")
    raise typer.Exit(DONE)


def verify(exercise_ids: list[str], course: Path | None, variants: int, as_json: bool) -> None:
    from grader.classroom.verify import verified
    from grader.course.course import load_exercise
    from grader.reports.verification import verification_text

    folder = exercise_folder(course)
    reports = []
    with faults_shown():
        if (folder / "course.yaml").is_file() and not exercise_ids:
            from grader.course.course import load_course

            exercises = list(load_course(folder).exercises.values())
        else:
            try:
                exercises = [load_exercise(folder, exercise_id) for exercise_id in exercise_ids]
            except KeyError as error:
                stop(error.args[0], USAGE)
        for exercise in exercises:
            found = verified(exercise, variants)
            reports.append(found)
            print(json.dumps(found.to_json(), ensure_ascii=False) if as_json else verification_text(found), flush=True)
    faulty = [found for found in reports if found.faults]
    if not as_json:
        print(f"\n{len(reports) - len(faulty)} of {len(reports)} exercises are fit to hand out")
    raise typer.Exit(LOOK if faulty else DONE)
