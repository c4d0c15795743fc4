"""Gradescope's `results.json`: one test for each part, with its fraction of the points."""

from __future__ import annotations

from typing import Any

from grader.ci.escape import plain
from grader.ci.practice import Marked
from grader.course.points import number
from grader.marking.record import Status
from grader.reports.show import COLON, STATUS, points, score_line


def results_json(marked: Marked, language: str, seconds: float | None = None) -> dict[str, Any]:
    """The results. `score` is the record's, after lateness and attempts; the tests are the parts before them."""
    record = marked.record
    head = [f"{STATUS[record.status][language]}{COLON[language]}{score_line(record)[language]}"]
    lines = [f"{line.words[language]}{COLON[language]}{points(line.points)}" for line in record.adjustments]
    results: dict[str, Any] = {
        "score": number(record.score),
        "output": plain("\n".join([*head, *lines, *(note[language] for note in marked.notes)])),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # ours: what an instructor reads when a run goes wrong
        "extra_data": {
            "sheet": f"{record.course}/{record.assignment}/{record.student}/{record.attempt}",
            "submission": record.submission,
            "status": str(record.status),
            "flags": [str(flag) for flag in record.flags],
            "person_looks": record.status is not Status.GRADED,
        },
        "tests": [
            {
                "score": number(item.points),
                "max_score": number(item.possible),
                "status": "passed" if item.passed else "failed",
                "name": plain(item.title[language]),
                "number": str(index),
                "output": plain(item.feedback[language]),
                "output_format": "text",
                "tags": [str(item.verdict)],
                "visibility": "visible",
            }
            for index, item in enumerate(marked.items, start=1)
        ],
    }
    return results if seconds is None else {**results, "execution_time": round(seconds, 3)}
