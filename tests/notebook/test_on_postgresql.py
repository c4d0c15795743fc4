"""nbgrader's own commands with its gradebook in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from tests.notebook.nbgrader_class import new_class
from tests.notebook.notebooks import filled, hand_in, key_of, sheet_of
from tests.postgres import Server


def test_a_class_is_graded_and_graded_again(tmp_path: Path, postgres: Server) -> None:
    found = new_class(tmp_path, ["ada", "alan", "wang"], postgres.new_database())
    for student in ("ada", "alan"):
        answers = key_of(sheet_of(found.course, student))
        if student == "alan":
            answers["one-window"] = {"value": None}
        hand_in(found.home, student, filled(found.released(student), answers))
    hand_in(found.home, "wang", b"[]")
    found.nbgrader("autograde", "lesson1", status=1)  # wang's file is no notebook
    records, first = found.records(), found.cells()
    for student in ("ada", "alan"):
        for slot in records[student].slots:
            cell = first[student, slot.slot]
            assert (cell["auto_score"], cell["look"]) == (float(slot.score), False)
            assert all(part.feedback.en in cell["comment"] for part in slot.parts)
    assert all(cell["auto_score"] is None and cell["look"] for (student, _), cell in first.items() if student == "wang")

    engine = create_engine(found.database)
    with engine.begin() as book:
        book.execute(text("update grade set manual_score = 0.25 where auto_score = 0"))
    engine.dispose()
    found.nbgrader("autograde", "lesson1", "--force", status=1)
    second = found.cells()
    assert second["alan", "one-window"]["manual_score"] == 0.25
    assert {about: (cell["auto_score"], cell["comment"]) for about, cell in second.items()} == {
        about: (cell["auto_score"], cell["comment"]) for about, cell in first.items()
    }
    assert not list(found.home.glob("*.db"))  # nothing fell back to a file
    assert found.autograded("ada")["cells"]
