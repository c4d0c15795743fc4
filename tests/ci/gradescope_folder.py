"""A folder laid out like Gradescope's `/autograder`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def lay_out(root: Path, answers: Path | None, **metadata: Any) -> Path:
    """`submission/`, and the metadata as the manual shows it, with these changes."""
    (root / "submission").mkdir(parents=True)
    if answers is not None:
        (root / "submission" / "answers.yaml").write_bytes(answers.read_bytes())
    data = {
        "id": 123456,
        "created_at": "2026-12-02T14:22:32.365935+08:00",
        "assignment": {
            "due_date": "2026-12-08T23:59:00.000000+08:00",
            "group_size": None,
            "group_submission": False,
            "id": 25828,
            "course_id": 1234,
            "late_due_date": None,
            "release_date": "2026-12-01T08:00:00.000000+08:00",
            "title": "First lesson",
            "total_points": "20.0",
        },
        "submission_method": "upload",
        "users": [{"email": "ada@example.org", "id": 1234, "name": "Ada Lovelace"}],
        "previous_submissions": [],
    }
    (root / "submission_metadata.json").write_text(json.dumps({**data, **metadata}), encoding="utf-8")
    return root


def before(*scores: float | None) -> list[dict[str, Any]]:
    """Earlier submissions, one a day, with their scores; newest first, to see that nobody trusts the order."""
    return [
        {"submission_time": f"2026-12-01T{8 + n:02}:00:00.000000+08:00", "score": score, "autograder_error": score is None, "results": {}}
        for n, score in reversed(list(enumerate(scores)))
    ]
