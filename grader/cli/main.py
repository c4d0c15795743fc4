"""The command line. Each command imports what it uses when it runs, so that help starts at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from grader import __version__
from grader.cli.notebooks import app as notebooks
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

app.add_typer(notebooks)

AssignmentArgument = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="An assignment of course.yaml.")]
ExerciseArgument = Annotated[str, typer.Argument(metavar="EXERCISE", help="An exercise's id, as output-size.")]
StudentArgument = Annotated[str, typer.Argument(metavar="STUDENT", help="A student's id.")]
TrustOption = Annotated[
    bool, typer.Option("--trust-student-code", help="Run programs that were handed in even where this machine cannot confine them: only if you have read them.")
]
JobsOption = Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, max=256, help="Worker processes; one for each core by default.")]
PassMarkOption = Annotated[str, typer.Option("--pass-mark", metavar="SHARE", help="The share of the points from which it succeeds, as 0.6 or 60%.")]
InstallOption = Annotated[str | None, typer.Option("--install", metavar="WHAT", help="What `pip install` is told there; this version by default.")]
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
    variants: Annotated[int, typer.Option("--variants", min=1, help="How many variants of each exercise are drawn, at each level.")] = 2000,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Worker processes; one for each core by default.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with plots.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check exercises before they are handed out: draws, keys, wrong methods, verdicts, words."""
    from grader.cli.authors import verify

    verify(exercises or [], course, variants, jobs, html, as_json)


@app.command()
def pages(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where they go; pages/ of the course by default.")] = None,
    worked: Annotated[
        str | None,
        typer.Option(
            "--worked", metavar="ASSIGNMENT", help="Take examples from the numbers this assignment sets; lesson1-worked by default, where there is one."
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Write a page about each exercise for students: an example worked out, the mistakes people make, in both languages."""
    from grader.cli.pages import pages

    pages(folder, worked, course)


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
    repositories: Annotated[Path | None, typer.Option("--from-repos", metavar="DIR", help="Grade clones of students' repositories instead.")] = None,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="Write every record of the assignment as JSON Lines.")] = None,
    again: Annotated[bool, typer.Option("--all", help="Grade everything again, also what has not changed.")] = False,
    jobs: JobsOption = None,
    engine: Annotated[str, typer.Option("--engine", metavar="local|dask", help="Worker processes of our own, or a Dask cluster.")] = "local",
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask's scheduler, as tcp://HOST:8786; here by default.")] = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Grade what was handed in. Only what is new or changed is graded; the class table is printed."""
    from grader.cli.classes import grade

    grade(assignment, folder, lines, repositories, records, again, jobs, engine, scheduler, trust, as_json, course)


@app.command()
def repo(
    assignment: AssignmentArgument,
    student: Annotated[list[str] | None, typer.Option("--student", metavar="S", help="Only this student (may be repeated).")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where repositories go; repos/ of the course by default.")] = None,
    attempt: Annotated[int, typer.Option("--attempt", min=1, max=999, help="Which attempt they are for; each has numbers of its own.")] = 1,
    install: InstallOption = None,
    mark: PassMarkOption = "1",
    lang: LanguageOption = None,
    course: CourseOption = None,
) -> None:
    """Make each student's repository: sheet, questions, workflows for GitHub and GitLab. No key, no secret."""
    from grader.cli.ci import repo

    repo(assignment, student or [], out, attempt, install, mark, lang, course)


@app.command()
def ci(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A student's repository; the one you stand in by default.")] = None,
    mark: PassMarkOption = "1",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go, in the repository.")] = Path("grader-results"),
    lang: LanguageOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Refuse every use of the network.")] = False,
    trust: TrustOption = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute every right answer again, also those that an earlier run kept.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Mark a student's repository, as a step of CI: JUnit, annotations, summary, points for GitHub Classroom and others."""
    from grader.cli.ci import ci

    ci(folder, mark, out, lang, offline, trust, fresh, as_json)


@app.command()
def gradescope(
    assignment: AssignmentArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.zip", help="Where the zip goes; ASSIGNMENT-gradescope.zip of the course by default.")
    ] = None,
    try_in: Annotated[Path | None, typer.Option("--try", metavar="DIR", help="Also run it here, laid out like Gradescope's /autograder.")] = None,
    install: InstallOption = None,
    trust: TrustOption = False,
    lang: LanguageOption = None,
    course: CourseOption = None,
) -> None:
    """Build the zip that Gradescope makes an autograder of."""
    from grader.cli.ci import gradescope

    gradescope(assignment, out, try_in, install, trust, lang, course)


@app.command()
def show(
    assignment: AssignmentArgument,
    student: StudentArgument,
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
    parquet: Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Also write every answer, one a row (needs conv-grader[parquet]).")] = None,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Print the class table, statistics of each slot, the commonest mistakes; write grades.csv."""
    from grader.cli.report import report

    report(assignment, csv, parquet, as_json, course)


@app.command()
def regrade(
    assignment: AssignmentArgument,
    student: Annotated[str | None, typer.Option("--student", metavar="S", help="Only this student.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the changes without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes and write nothing.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept with the run, shown by `history`.")] = None,
    jobs: JobsOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Grade the stored hand-ins again after a change; show who changes from what to what, and ask before writing."""
    from grader.cli.regrade import regrade

    regrade(assignment, student, yes, dry_run, reason, jobs, trust, as_json, course)


@app.command()
def history(assignment: AssignmentArgument, student: StudentArgument, as_json: JsonOption = False, course: CourseOption = None) -> None:
    """A student's earlier records that were replaced: by which run, when, why."""
    from grader.cli.regrade import history

    history(assignment, student, as_json, course)


@app.command()
def copies(assignment: AssignmentArgument, as_json: JsonOption = False, course: CourseOption = None) -> None:
    """Students whose wrong answers follow from another's numbers, and programs that are alike. A hint to look at both, never a penalty."""
    from grader.cli.signals import copies

    copies(assignment, as_json, course)


@app.command()
def whose(
    assignment: AssignmentArgument,
    values: Annotated[str, typer.Option("--values", metavar="JSON", help='As {"input_size": 6}, or the rows of an array.')],
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Whose numbers a question has, as one found online."""
    from grader.cli.signals import whose

    whose(assignment, values, as_json, course)


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


@app.command(name="try")
def try_program(
    file: Annotated[Path, typer.Argument(metavar="SLOT.py", help="The program, as it will be handed in.")],
    exercise: Annotated[str | None, typer.Option("--exercise", metavar="EXERCISE", help="As code-conv2d; the file's name by default.")] = None,
    lang: LanguageOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    course: CourseOption = None,
) -> None:
    """Run your own program on the cases that are not hidden, as it will be run when it is graded."""
    from grader.cli.program import try_program

    try_program(file, exercise, lang, trust, as_json, course)


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
