"""The command line. Each command imports what it uses when it runs, so that help starts at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from grader import __version__
from grader.cli.options import DONE, CourseOption, JsonOption, LanguageOption

# A 6×6 convolution takes 8 µs; handing it to threads takes longer, and on a busy machine twelve times as long in all.
os.environ.setdefault("OMP_NUM_THREADS", "1")

app = typer.Typer(
    name="grader",
    help="Exercises on convolution: drawn for each student, marked against torch, every wrong answer explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AssignmentArgument = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="An assignment of course.yaml.")]
ExerciseArgument = Annotated[str, typer.Argument(metavar="EXERCISE", help="An exercise's id, as output-size.")]
LinesArgument = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="JSON Lines; standard input by default.")]


@app.callback(invoke_without_command=True)
def start(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        print(f"conv-grader {__version__}")
        raise typer.Exit(DONE)


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a new course to edit: the bank of exercises, and a secret of its own."""
    from grader.cli.authors import init

    init(folder)


@app.command()
def verify(
    exercises: Annotated[list[str] | None, typer.Argument(metavar="[EXERCISE…]", help="Only these; all by default.")] = None,
    course: CourseOption = None,
    variants: Annotated[int, typer.Option("--variants", min=1, help="How many variants of each exercise are drawn.")] = 2000,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with plots.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check exercises before they are handed out: draws, keys, wrong methods, verdicts, words."""
    from grader.cli.authors import verify

    verify(exercises or [], course, variants, html, as_json)


@app.command()
def issue(
    assignment: AssignmentArgument,
    student: Annotated[list[str] | None, typer.Option("--student", metavar="S", help="Only this student (may be repeated).")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where sheets go; release/ of the course by default.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="yaml|json", help="The sheet's format.")] = "yaml",
    attempt: Annotated[int, typer.Option("--attempt", min=1, max=999, help="Which attempt the sheets are for; each has numbers of its own.")] = 1,
    lang: LanguageOption = None,
    course: CourseOption = None,
) -> None:
    """Write each student's sheet to release/STUDENT/ASSIGNMENT/answers.yaml."""
    from grader.cli.classes import issue

    issue(assignment, student or [], out, form, attempt, lang, course)


@app.command()
def grade(
    assignment: AssignmentArgument,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Holds STUDENT/ASSIGNMENT/answers.yaml; submitted/ of the course by default.")] = None,
    lines: Annotated[Path | None, typer.Option("--from", metavar="FILE.jsonl", help="Grade the lines of this file instead, one submission a line.")] = None,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="Write every record of the assignment as JSON Lines.")] = None,
    again: Annotated[bool, typer.Option("--all", help="Grade everything again, also what has not changed.")] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, max=256, help="Worker processes; one for each core by default.")] = None,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Grade what was handed in. Only what is new or changed is graded; the class table is printed."""
    from grader.cli.classes import grade

    grade(assignment, folder, lines, records, again, jobs, as_json, course)


@app.command()
def show(
    assignment: AssignmentArgument,
    student: Annotated[str, typer.Argument(metavar="STUDENT")],
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one self-contained page instead.")] = None,
    attempt: Annotated[int | None, typer.Option("--attempt", min=1, help="This attempt; the one that counts by default.")] = None,
    key: Annotated[bool | None, typer.Option("--key/--no-key", help="Show or hide the right answers, whatever the policy says.")] = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Explain one student's grade: what was asked, what was read, what it earned, and what was seen."""
    from grader.cli.classes import show

    show(assignment, student, html, attempt, key, lang, as_json, course)


@app.command()
def report(
    assignment: AssignmentArgument,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Where grades.csv goes; the course folder by default.")] = None,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Print the class table and write grades.csv."""
    from grader.cli.classes import report

    report(assignment, csv, as_json, course)


@app.command()
def solve(exercise: ExerciseArgument, file: LinesArgument = None, course: CourseOption = None) -> None:
    """Compute keys and wrong answers: {"given": …} lines in, {"key", "mistakes", "applicable"} lines out."""
    from grader.cli.lines import solve

    solve(exercise, file, course)


@app.command()
def mark(exercise: ExerciseArgument, file: LinesArgument = None, course: CourseOption = None) -> None:
    """Grade as a function: {"given": …, "answers": {…}} lines in, slot grades out. No folders, no store."""
    from grader.cli.lines import mark

    mark(exercise, file, course)


@app.command()
def simulate(
    assignment: AssignmentArgument,
    students: Annotated[int, typer.Option("--students", min=1, max=200_000, help="How many students.")] = 30,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the trial course.")] = Path("simulated"),
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives another class.")] = 1,
    course: CourseOption = None,
) -> None:
    """Make a trial copy of the course with a simulated class: filled-in sheets, and the truth beside them."""
    from grader.cli.trial import simulate

    simulate(assignment, students, out, seed, course)


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A new folder to keep it in; a temporary one by default.")] = None,
    lang: LanguageOption = None,
) -> None:
    """The whole way on the shipped course: issue, fill in, grade, explain."""
    from grader.cli.trial import demo

    demo(out, lang)


def run() -> None:
    app()
