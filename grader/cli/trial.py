"""`simulate` and `demo`: the whole way with a class that is not there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import typer

from grader.cli.options import DONE, USAGE, exercise_folder, faults_shown, now, open_course, open_store, secret_of, stop

SHOWN, CLASS, SEED = "lesson1", 12, 3


def simulate(assignment_id: str, students: int, out: Path, seed: int, folder: Path | None) -> None:
    from grader.classroom.trial import lay_out_trial

    with faults_shown():
        source = exercise_folder(folder)
        _, assignment = open_course(source, assignment_id, solutions=False)
        try:
            lay_out_trial(source, out, students, seed)
        except OSError as error:
            stop(f"{out} cannot be written ({error.strerror})", USAGE)
        count = _hand_in(out, assignment.id, seed)
    print(f"""a trial course with {count} students who have handed in {assignment.id}: {out}
  submitted/STUDENT/{assignment.id}/answers.yaml or .json, with the time of hand-in beside it
  truth-{assignment.id}.jsonl   what each answer came from: right, a mistake (which), a slip, a blank
next:  cd {out}
       grader grade {assignment.id}
       grader report {assignment.id}""")
    raise typer.Exit(DONE)


def demo(out: Path | None, lang: str | None) -> None:
    from grader.classroom.trial import lay_out_trial
    from grader.course.bank import bank_folder

    folder = out or Path(tempfile.mkdtemp(prefix="grader-demo-")) / "course"
    language = ["--lang", lang] if lang else []
    with faults_shown():
        lay_out_trial(bank_folder(), folder, CLASS, seed=SEED)
        _say(
            f"{CLASS} students get a sheet each, with numbers of their own, and hand it in with honest mistakes", f"grader simulate {SHOWN} --students {CLASS}"
        )
        _hand_in(folder, SHOWN, SEED)
    _say("the class is graded", f"grader grade {SHOWN}")
    _run(folder, "grade", SHOWN, "--records", str(folder / "records.jsonl"))
    student = _telling(folder / "records.jsonl")
    _say("one student's grade, explained", f"grader show {SHOWN} {student}")
    _run(folder, "show", SHOWN, student, "--key", *language)
    page = folder / "feedback" / student / f"{SHOWN}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    _say("the same as a page to open in a browser, and the grades as a table", f"grader show {SHOWN} {student} --html FILE; grader report {SHOWN}")
    _run(folder, "show", SHOWN, student, "--key", "--html", str(page), *language)
    (folder / "grades.csv").write_text(_grades(folder), encoding="utf-8-sig")
    print(f"""
where everything is, under {folder}
  course.yaml exercises/ solutions/     the course
  release/STUDENT/{SHOWN}/answers.yaml    the sheets as handed out
  submitted/STUDENT/{SHOWN}/answers.*     the sheets as handed in
  truth-{SHOWN}.jsonl                     what each answer really came from
  records.jsonl                         every record
  grades.csv                            the grades
  {page.relative_to(folder)}        the explained grade as a page""")
    raise typer.Exit(DONE)


def _hand_in(folder: Path, assignment_id: str, seed: int) -> int:
    """Issues, fills in and hands in every simulated student's sheet; how many there are."""
    from grader.classroom.trial import hand_in_all

    course, assignment = open_course(folder, assignment_id, solutions=True)
    students = list(course.roster or {})
    with open_store(course) as store:
        return sum(1 for _ in hand_in_all(course, assignment, students, store=store, secret=secret_of(course, assignment), seed=seed, now=now()))


def _telling(records: Path) -> str:
    """The student whose record has most to say: the most different mistakes recognised."""
    found = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    shown: dict[str, set[str]] = {r["student"]: {name for slot in r["slots"] for part in slot["parts"] for name in part["mistakes"][:1]} for r in found}
    return max(shown, key=lambda student: len(shown[student]))


def _grades(folder: Path) -> str:
    from grader.reports.table import grades_csv, rows

    course, assignment = open_course(folder, SHOWN, solutions=False)
    with open_store(course) as store:
        return grades_csv(assignment, rows(course, assignment, store.records(assignment.id)))


def _say(what: str, command: str) -> None:
    print(f"\n━━ {what}\n$ {command}\n", flush=True)


def _run(folder: Path, *arguments: str) -> None:
    """Runs a command of ours in this process, as a user would in another."""
    from grader.cli.main import app

    app([*arguments, "--course", str(folder)], standalone_mode=False)
