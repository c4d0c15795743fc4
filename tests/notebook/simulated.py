"""A simulated class that hands in notebooks, some of them spoiled, and goes through `nbgrader autograde`."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from grader.classroom.batch import forget
from grader.classroom.simulate import fill, habits
from grader.course.course import load_course
from tests.notebook.nbgrader_class import Class, new_class
from tests.notebook.notebooks import cell_of, filled, hand_in, sheet_of

SPOILERS = ("ada", "alan", "emmy", "grace", "hua", "john", "katherine", "wang")
STUDENTS = (*SPOILERS, *(f"sim-{number:02}" for number in range(30 - len(SPOILERS))))
DAMAGED = "wang"  # the one whose file is no notebook
MARKUP = "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>"
_SEED = 3


def spoil(student: str, document: Any) -> Any:
    """What each student does to the notebook beside answering."""
    match student:
        case "alan":  # copies and pastes a graded cell: stock nbgrader then stops for everybody who comes after
            document["cells"].append(copy.deepcopy(cell_of(document, "one-window")) | {"id": "copied"})
        case "emmy":  # runs for ever, and edits the question
            loop: dict[str, Any] = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "while True: pass", "outputs": [], "execution_count": None}
            document["cells"].insert(3, loop)
            cell_of(document, "question-one-window")["source"] = "The answer is 1."
        case "grace":  # gives herself points, forges what the cell printed, and has a script for whoever reads it
            cell = cell_of(document, "conv-array")
            cell["metadata"]["nbgrader"]["points"] = 100
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}]
            document["cells"].insert(1, {"cell_type": "markdown", "id": "marked-up", "metadata": {}, "source": MARKUP})
        case "hua":
            document["cells"].reverse()
        case "john":
            document["cells"] = [cell for cell in document["cells"] if cell["metadata"]["nbgrader"]["grade"]]
    return document


def graded_class(folder: Path) -> Class:
    """The class with the answers of its habits, graded by nbgrader with our steps. A copy where nobody is graded stands beside it."""
    forget()
    found = new_class(folder, STUDENTS)
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in load_course(found.course).assignment("lesson1").entries}
    for own in habits(STUDENTS, names, _SEED):
        answers: dict[str, dict[str, Any]] = {}
        for part in fill(sheet_of(found.course, own.student), own, _SEED):
            answers.setdefault(part.slot, {})[part.part] = part.answer
        hand_in(found.home, own.student, b'{"cells": [' if own.student == DAMAGED else spoil(own.student, filled(found.released(own.student), answers)))
    shutil.copytree(found.course, as_handed_in(found).course)
    found.nbgrader("autograde", "lesson1", status=1)  # it reports the damaged file; the others are graded all the same
    return found


def as_handed_in(of: Class) -> Class:
    """The same class before anybody was graded."""
    course = of.course.with_name("as-handed-in")
    return Class(course, course / "nb")
