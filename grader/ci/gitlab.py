"""GitLab's code quality report: what a merge request shows beside the line of the sheet. Tests it reads from JUnit."""

from __future__ import annotations

import hashlib
from typing import Any

from grader.ci.escape import plain
from grader.ci.practice import Marked
from grader.marking.record import Verdict

SEVERITIES = {Verdict.PARTIAL: "minor", Verdict.BLANK: "info", Verdict.UNGRADED: "info", Verdict.INVALID: "critical"}  # the rest: major


def code_quality(marked: Marked, language: str) -> list[dict[str, Any]]:
    """One entry for each part that is not right. The fingerprint is the same in every run, so that GitLab sees what is new."""
    return [
        {
            "description": f"{item.title[language]} · {plain(item.feedback[language])}",
            "check_name": str(item.verdict),
            "fingerprint": hashlib.sha256(f"{marked.record.assignment}|{item.name}|{item.verdict}".encode()).hexdigest()[:32],
            "severity": SEVERITIES.get(item.verdict, "major"),
            "location": {"path": item.file, "lines": {"begin": item.line}},
        }
        for item in marked.items
        if not item.passed
    ]
