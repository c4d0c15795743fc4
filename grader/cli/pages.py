"""`pages`: lesson pages for students, in Markdown."""

from __future__ import annotations

from pathlib import Path

import typer

from grader.cli.options import DONE, USAGE, course_folder, faults_shown, stop


def pages(out: Path | None, worked: str | None, folder: Path | None) -> None:
    from grader.course.course import load_course
    from grader.reports.lessons import MARK, WORKED, lesson_files

    where = course_folder(folder)
    home = out or where / "pages"
    with faults_shown():
        course = load_course(where)
        if worked is not None:
            try:
                course.assignment(worked)
            except KeyError as error:
                stop(error.args[0], USAGE)
        files = lesson_files(course, worked or WORKED)
    try:
        home.mkdir(parents=True, exist_ok=True)
        known = {path.name for path in home.iterdir() if path.suffix in (".md", ".svg") and _made(path, MARK)}
        foreign = sorted(name for name in files if name not in known and (home / name).exists())
        if foreign:
            stop(f"{home / foreign[0]} was not made by `grader pages`, which would overwrite it; name another folder", USAGE)
        for name, text in files.items():
            (home / name).write_text(text, encoding="utf-8", newline="\n")
        gone = sorted(known - files.keys())  # of exercises that are no more
        for name in gone:
            (home / name).unlink()
    except OSError as error:
        stop(f"{home} cannot be written ({error.strerror})", USAGE)
    drawings = sum(name.endswith(".svg") for name in files)
    print(
        f"{len(course.exercises)} exercises: {len(files) - drawings} pages and {drawings} drawings in {home}"
        + (f"; {len(gone)} old ones removed" if gone else "")
    )
    raise typer.Exit(DONE)


def _made(path: Path, mark: str) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(len(mark)) == mark
