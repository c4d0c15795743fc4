"""Everything `grader ci` writes: the same files everywhere, and beside them what the service it runs on reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.ci.badge import badge
from grader.ci.escape import plain
from grader.ci.github import classroom_result, encoded, outputs
from grader.ci.gitlab import code_quality
from grader.ci.gradescope import results_json
from grader.ci.junit import junit_xml
from grader.ci.practice import Item, Marked
from grader.ci.summary import summary_markdown
from grader.marking.record import Status
from grader.reports.show import MARKS, points
from grader.text import Text


def result_files(marked: Marked, language: str, pass_mark: Fraction) -> dict[str, bytes]:
    """The files of a run, by name."""
    result = classroom_result(marked, language, pass_mark)
    return {
        "record.json": _json(marked.record.to_json()),
        "junit.xml": junit_xml(marked, language),
        "summary.md": summary_markdown(marked, language).encode(),
        "classroom.json": _json(result),
        "classroom.b64": encoded(result).encode() + b"\n",
        "results.json": _json(results_json(marked, language)),
        "codequality.json": _json(code_quality(marked, language)),
        "badge.json": _json(badge(marked, language)),
    }


def write_results(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files of a run. A name that leads elsewhere is replaced, never followed: the repository is the student's."""
    if folder.is_symlink():
        raise OSError(f"{folder.name} is a link; remove it")
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(raw)


def append_github(marked: Marked, language: str, pass_mark: Fraction, environment: Mapping[str, str]) -> None:
    """Puts the summary and the outputs where the runner of GitHub Actions looks for them."""
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(summary_markdown(marked, language))
    if path := environment.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in outputs(marked, classroom_result(marked, language, pass_mark)))


def console_lines(marked: Marked, language: str) -> Iterator[str]:
    """What a person reads in the log: a line for each part, feedback below what is not right, the points last."""
    for item in marked.items:
        yield from _lines(item, language)
    for note in marked.notes:
        yield from plain(note[language]).split("\n")
    for line in marked.record.adjustments:
        yield plain(f"{line.words[language]} {points(line.points)}")
    yield points_line(marked)


def points_line(marked: Marked) -> str:
    """The points on one line, the same in every language: GitLab finds the share in it."""
    record = marked.record
    share = 100 * record.score / record.possible if record.possible else Fraction(0)
    looks = "" if record.status is Status.GRADED else f", {record.status}"
    return f"points: {points(record.score)} of {points(record.possible)}{looks} ({round(float(share), 1):g}%)"


def _lines(item: Item, language: str) -> Iterator[str]:
    yield plain(f"{MARKS[item.verdict]} {item.title[language]}{POINTS.fill(points=points(item.points), possible=points(item.possible))[language]}")
    if not item.passed:
        yield f"    {item.file}:{item.line}"
        yield from (f"    {line}" for line in plain(item.feedback[language]).split("\n"))


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


POINTS = Text(" ({points}/{possible})", "（{points}/{possible}）")
