"""What GitHub Actions and GitHub Classroom read: annotations in the log, and a result with the points of each part."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from grader.ci.escape import command_data, command_property, plain
from grader.ci.practice import Item, Marked
from grader.course.points import number
from grader.marking.record import Status, Verdict
from grader.reports.show import VERDICTS, points
from grader.text import Text

SHOWN = 10  # annotations of one kind that GitHub shows for a step; it drops the others without a word
KINDS = {Verdict.PARTIAL: "warning", Verdict.BLANK: "notice", Verdict.UNGRADED: "notice"}  # the rest: error


def annotation_lines(marked: Marked, language: str) -> Iterator[str]:
    """Workflow commands, one a line, that put each part's feedback beside its line of the sheet."""
    groups: dict[str, list[Item]] = {}
    for item in marked.items:
        if not item.passed:
            groups.setdefault(KINDS.get(item.verdict, "error"), []).append(item)
    for kind, items in groups.items():
        shown = items if len(items) <= SHOWN else items[: SHOWN - 1]
        for item in shown:
            title = f"{item.name}: {VERDICTS[item.verdict][language]}, {points(item.points)}/{points(item.possible)}"
            yield _command(kind, item.file, item.line, title, item.feedback[language])
        if left := items[len(shown) :]:
            words = MORE.fill(count=len(left), names=", ".join(item.name for item in left))[language]
            yield _command(kind, left[0].file, left[0].line, MORE_TITLE[language], words)


def classroom_result(marked: Marked, language: str, pass_mark: Fraction) -> dict[str, Any]:
    """What GitHub Classroom's reporter adds up: it takes `max_score` once, and the sum of the tests' scores."""
    record = marked.record
    status = "error" if record.status is Status.FAILED else "pass" if marked.reaches(pass_mark) else "fail"
    tests = [
        {
            "name": item.name,
            "status": "pass" if item.passed else "error" if item.verdict is Verdict.UNGRADED else "fail",
            "score": number(item.points),
            "message": None if item.passed else plain(item.feedback[language]),
            "test_code": plain(item.title[language]),
            "filename": item.file,
            "line_no": item.line,
            "duration": 0,
        }
        for item in marked.items
    ]
    tests += _adjustments(marked, language)
    return {"version": 1, "status": status, "max_score": number(record.possible), "tests": tests}


def encoded(result: dict[str, Any]) -> str:
    """The result as a step's output holds it: base64 of its JSON."""
    return base64.b64encode(json.dumps(result, ensure_ascii=False).encode()).decode("ascii")


def outputs(marked: Marked, result: dict[str, Any]) -> Sequence[str]:
    """Lines for `$GITHUB_OUTPUT`. None holds a character that would need more than `name=value`."""
    record = marked.record
    return (f"result={encoded(result)}", f"points={number(record.score)}", f"possible={number(record.possible)}", f"status={result['status']}")


def _adjustments(marked: Marked, language: str) -> list[dict[str, Any]]:
    """What attempts cost, as tests of less than no points: without them the sum would be too high."""
    about: dict[str, Any] = {"status": "fail", "test_code": "", "filename": marked.file, "line_no": 1, "duration": 0}
    return [{"name": line.kind, "score": number(line.points), "message": line.words[language], **about} for line in marked.record.adjustments]


def _command(kind: str, file: str, line: int, title: str, message: str) -> str:
    return f"::{kind} file={command_property(file)},line={line},title={command_property(title)}::{command_data(message)}"


MORE_TITLE = Text("more", "更多")
MORE = Text("{count} more: {names}; all of them stand in the summary of this run", "另有 {count} 项：{names}；全部内容见本次运行的摘要")
