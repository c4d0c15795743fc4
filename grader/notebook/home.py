"""An nbgrader course that stands on a course of ours: its settings, its source notebooks, its folders."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.course import Course
from grader.notebook.document import shared_sheet, source_of

CONFIG = "nbgrader_config.py"
SETTINGS = '''"""Settings of this nbgrader course. The questions, points and dates stand in course.yaml of the course below."""

from pathlib import Path

c = get_config()  # noqa: F821
here = Path(__file__).resolve().parent

c.CoursePreprocessor.course_folder = str(here / {course!r})
c.CourseDirectory.course_id = {id!r}
c.CourseDirectory.root = str(here)

# An answer cell is handed out as it stands in source/: there is no solution in it to take out.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]
# Students' notebooks are put back to their own numbers, read, and marked. There is no Execute here: no kernel is started, and
# programs that a question asks for are run confined, each by itself.
# Nor ClearOutput and CheckCellMetadata: a restored notebook has no outputs, and no marks of the student's; each step takes time.
c.Autograde.sanitize_preprocessors = [
    "grader.notebook.preprocessors.RestoreCells",
]
c.Autograde.autograde_preprocessors = [
    "grader.notebook.preprocessors.MarkAnswers",
]
'''


class HomeError(Exception):
    """A folder is no nbgrader course of ours, or cannot become one; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where an nbgrader course lies, its gradebook, and the course it stands on."""

    folder: Path
    course: Path
    database: str  # URL


def set_up(folder: Path, course: Course, secret: bytes | None) -> list[Path]:
    """Writes the settings and a source notebook for each assignment.

    Raises:
        HomeError: there are settings already; nothing is changed then.
    """
    settings = folder / CONFIG
    if settings.exists():
        raise HomeError(f"{settings} is there already; choose an empty folder, or remove it first")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for assignment in course.assignments.values():
        source = source_of(course, assignment, course.languages, shared_sheet(course, assignment, secret))
        path = folder / "source" / assignment.id / f"{assignment.id}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook_text(source), encoding="utf-8")
        written.append(path)
    place = os.path.relpath(course.folder.resolve(), folder.resolve())
    settings.write_text(SETTINGS.format(course=Path(place).as_posix(), id=course.id), encoding="utf-8")
    return [settings, *written]


def find_home(folder: Path) -> Home:
    """The nbgrader course in a folder, from its settings.

    Raises:
        HomeError: there is none, or it does not stand on a course of ours.
    """
    from traitlets.config.loader import PyFileConfigLoader

    if not (folder / CONFIG).is_file():
        raise HomeError(f"there is no {CONFIG} in {folder}; stand in an nbgrader course, name one with --dir, or make one with `grader nbgrader init DIR`")
    config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    course = config.CoursePreprocessor.get("course_folder")
    if not isinstance(course, str):
        raise HomeError(f"{folder / CONFIG} does not say where course.yaml is; add `c.CoursePreprocessor.course_folder = …`")
    root = config.CourseDirectory.get("root")
    root = Path(root) if isinstance(root, str) else folder
    database = config.CourseDirectory.get("db_url")
    return Home(root, Path(course), database if isinstance(database, str) else f"sqlite:///{(root / 'gradebook.db').resolve()}")


def notebook_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
