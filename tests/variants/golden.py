"""The stored table of draws: what three students get in two attempts of lesson 1, under a fixed secret.

Students hold sheets drawn by these rules. When a change means to change what is drawn, raise `draw_version` in the
exercise, rewrite the table with `python -m tests.variants.golden`, and say so in CHANGELOG.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.course.course import Course, load_course
from grader.variants.variant import draw_sheet

FILE = Path(__file__).with_name("golden_draws.json")
SECRET = b"golden: never change this secret"
STUDENTS = ("ada", "hua", "wang@example.org")
ATTEMPTS = (1, 2)


def draws(course: Course) -> dict[str, dict[str, Any]]:
    """Sheet → slot → given."""
    lesson = course.assignment("lesson1")
    sheets = [draw_sheet(course, lesson, student, attempt, SECRET) for student in STUDENTS for attempt in ATTEMPTS]
    return {sheet.id: {variant.slot: dict(variant.given) for variant in sheet.variants} for sheet in sheets}


def written(table: dict[str, dict[str, Any]]) -> str:
    """The table with a line for each slot, so that a change of one reads as one line."""
    sheets = []
    for sheet, slots in table.items():
        lines = [f"    {json.dumps(slot)}: {json.dumps(given)}" for slot, given in slots.items()]
        sheets.append(f"  {json.dumps(sheet)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(sheets) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(draws(load_course(Path.cwd()))), encoding="utf-8")
    print(f"{FILE} is written")
