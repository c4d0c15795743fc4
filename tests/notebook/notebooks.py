"""Notebooks as students hand them in: handed out, filled in, and spoiled in one way each."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.course.course import load_course
from grader.course.secret import find_secret
from grader.course.values import to_json
from grader.notebook.document import notebook_of
from grader.variants.variant import Sheet, draw_sheet

Document = dict[str, Any]


def sheet_of(folder: Path, student: str, assignment: str = "lesson1", attempt: int = 1) -> Sheet:
    course = load_course(folder)
    return draw_sheet(course, course.assignment(assignment), student, attempt, find_secret(folder, course.public_seed))


def handed_out(folder: Path, sheet: Sheet) -> Document:
    secret = find_secret(folder, sheet.course.public_seed)
    return notebook_of(sheet, ("en", "zh"), None if secret is None else sheet.signature(secret))


def key_of(sheet: Sheet) -> dict[str, dict[str, Any]]:
    return {v.slot: {part: to_json(answer) for part, answer in v.expected.key.items()} for v in sheet.variants}


def filled(document: Document, answers: Mapping[str, Mapping[str, Any]]) -> Document:
    """The notebook with these answers, written as students write them; None and what is not named stay open."""
    found = copy.deepcopy(document)
    for cell in found["cells"]:
        own = answers.get(cell["metadata"]["nbgrader"]["grade_id"])
        if own is not None:
            cell["source"] = cell["source"].split("\n")[0] + "\n" + "\n".join(_lines(own))
    return found


def _lines(answers: Mapping[str, Any]) -> Iterator[str]:
    for part, answer in answers.items():
        if isinstance(answer, list) and answer and isinstance(answer[0], list):
            yield f'{part} = """\n' + "\n".join(" ".join("_" if n is None else str(n) for n in row) for row in answer) + '\n"""'
        else:
            yield f"{part} = {answer}"


def cell_of(document: Document, name: str) -> Any:
    return next(cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def hand_in(folder: Path, student: str, document: Document | bytes, assignment: str = "lesson1", name: str | None = None) -> Path:
    """Puts a notebook where a student's hand-in lies, in time."""
    home = folder / "submitted" / student / assignment
    home.mkdir(parents=True, exist_ok=True)
    (home / "timestamp.txt").write_text("2026-12-02 10:00:00 Asia/Shanghai")
    path = home / (name or f"{assignment}.ipynb")
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode())
    return path
