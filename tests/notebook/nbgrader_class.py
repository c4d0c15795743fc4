"""A course with an nbgrader course on it, and nbgrader's own commands as an instructor types them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from grader.classroom.store import Store
from grader.cli.main import app
from grader.course.bank import lay_out
from grader.course.course import load_course
from grader.course.secret import FILE
from grader.marking.record import Record, read_record
from grader.notebook.home import CONFIG, find_home
from tests.conftest import ROOT

SECRET = "0123456789abcdef0123456789abcdef"
SCORES = """
    select s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, c.auto_comment, c.manual_comment
    from submitted_assignment s
    join assignment a on a.id = s.assignment_id and a.name = :assignment
    join submitted_notebook n on n.assignment_id = s.id
    join grade g on g.notebook_id = n.id
    join base_cell b on b.id = g.cell_id
    join base_cell d on d.name = b.name and d.notebook_id = b.notebook_id and d.type = 'SolutionCell'
    join comment c on c.notebook_id = n.id and c.cell_id = d.id
"""
Cell = dict[str, Any]


@dataclass(frozen=True)
class Class:
    """A course, the nbgrader course on it, and what became of everybody."""

    course: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Whoever runs the tests has settings of Jupyter: they are neither read nor touched."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        own |= {"HOME": str(self.course.parent / "home"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        return own | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}

    @property
    def database(self) -> str:
        return find_home(self.home).database

    def nbgrader(self, *arguments: str, status: int = 0) -> str:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        found = subprocess.run(command, cwd=self.home, env=self.environment, capture_output=True, text=True, check=False)
        assert found.returncode == status, found.stderr[-3_000:]
        return found.stdout + found.stderr

    def grader(self, *arguments: object, status: int = 0) -> str:
        found = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert found.exit_code == status, found.output
        return found.output

    def released(self, student: str, assignment: str = "lesson1") -> Any:
        return json.loads((self.home / "release" / student / assignment / f"{assignment}.ipynb").read_text())

    def autograded(self, student: str) -> Any:
        return json.loads((self.home / "autograded" / student / "lesson1" / "lesson1.ipynb").read_text())

    def cells(self, assignment: str = "lesson1") -> dict[tuple[str, str], Cell]:
        """Every graded cell in nbgrader's gradebook, by student and slot."""
        engine = create_engine(self.database)
        with engine.connect() as db:
            rows = db.execute(text(SCORES), {"assignment": assignment}).fetchall()
        engine.dispose()
        names = ("auto_score", "manual_score", "extra_credit", "look", "comment", "manual_comment")
        return {(student, slot): dict(zip(names, rest, strict=True)) for student, slot, *rest in rows}

    def change(self, statement: str, *values: Any) -> None:
        """Changes one row of the gradebook, which is one in SQLite."""
        with closing(sqlite3.connect(self.home / "gradebook.db")) as db, db:
            assert db.execute(statement, values).rowcount == 1

    def records(self, assignment: str = "lesson1") -> Mapping[str, Record]:
        course = load_course(self.course, solutions=False)
        with Store(course.store, self.course, course.id) as store:
            found = [read_record(json.loads(text)) for text in store.records(assignment)]
        return {record.student: record for record in found}


def new_class(folder: Path, students: Sequence[str], database: str | None = None) -> Class:
    """A class with this roster whose students have all been given their notebook of lesson1.

    Args:
        database: the URL of nbgrader's gradebook; a file beside its settings by default.
    """
    found = Class(folder / "course", folder / "course" / "nb")
    lay_out(found.course)
    (found.course / FILE).write_text(SECRET + "\n")
    (found.course / "roster.csv").write_text("student,name\n" + "".join(f"{student},Student {student.title()}\n" for student in students))
    (folder / "home").mkdir()
    found.grader("nbgrader", "init", found.home, "--course", found.course)
    if database is not None:
        with (found.home / CONFIG).open("a") as settings:
            settings.write(f"c.CourseDirectory.db_url = {database!r}\n")
    found.grader("nbgrader", "release", "lesson1", "--dir", found.home)
    return found
