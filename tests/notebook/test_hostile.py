"""Notebooks made to harm: none of them gains a point, reads a secret, or changes what another earned.

Everybody here hands in at once, and is graded by nbgrader's own command with our steps, and by `grader grade`. Whoever
attacks has answered nothing: each has to earn 0, as whoever leaves the notebook as it is.
"""

from __future__ import annotations

import copy
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.batch import forget
from grader.marking.record import Status
from tests.notebook.attacks import ATTACKS, cell
from tests.notebook.nbgrader_class import SECRET, Class, new_class
from tests.notebook.notebooks import Document, cell_of, filled, hand_in, key_of, sheet_of

FULL = 20
OWN: dict[str, Any] = {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "execution_count": None}
MARKUP = "Look <script>window.owned = 1</script><img src=x onerror='window.owned = 1'> <b>here</b>, where 1 < 2"


def own_cell(document: Document, **about: Any) -> None:
    document["cells"].insert(1, OWN | about)


def forge_outputs(document: Document, text: str = "100.0") -> None:
    for found in document["cells"]:
        if found["cell_type"] == "code":
            result = {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}
            found["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "UserWarning: odd\n"}, result]


def raise_points(document: Document) -> None:
    for found in document["cells"]:
        found["metadata"]["nbgrader"] |= {"points": 1000, "checksum": "0" * 32}


def grade_a_cell_of_its_own(document: Document) -> None:
    marks = cell_of(document, "one-window")["metadata"]["nbgrader"] | {"grade_id": "bonus", "points": 100}
    own_cell(document, source="100.0", metadata={"nbgrader": marks})


def marks_become(marks: dict[str, Any]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for found in document["cells"]:
            found["metadata"]["nbgrader"] = found["metadata"]["nbgrader"] | marks if marks else {}

    return change


def copy_a_graded_cell(document: Document) -> None:
    document["cells"].append(copy.deepcopy(cell_of(document, "one-window")) | {"id": "copied"})


def name_another_kernel(document: Document) -> None:
    document["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": "Evil", "language": "bash"}


def mark_up(document: Document) -> None:
    own_cell(document, cell_type="markdown", source=MARKUP)
    own_cell(document, cell_type="raw", id="raw", source=MARKUP)
    own_cell(document, cell_type="markdown", id="with", source="![x](attachment:x)", attachments={"x": {"text/html": MARKUP}})


def large_outputs(document: Document) -> None:
    cell_of(document, "one-window")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]


def version_3(document: Document) -> None:
    cells = document.pop("cells")
    for found in cells:
        if found["cell_type"] == "code":
            found |= {"input": found.pop("source"), "language": "python", "collapsed": False}
            found["prompt_number"] = found.pop("execution_count")
    document |= {"worksheets": [{"cells": cells, "metadata": {}}], "nbformat": 3, "nbformat_minor": 0}


def answered(document: Document, folder: Path, student: str) -> Document:
    return filled(document, key_of(sheet_of(folder, student)))


# What is changed in a notebook that answers nothing.
SPOILT: dict[str, Callable[[Document], None]] = {
    "forges-outputs": forge_outputs,
    "raises-its-points": raise_points,
    "grades-a-cell-of-its-own": grade_a_cell_of_its_own,
    "names-an-old-schema": marks_become({"schema_version": 1}),
    "names-a-schema-to-come": marks_become({"schema_version": 99}),
    "loses-its-marks": marks_become({}),
    "copies-a-graded-cell": copy_a_graded_cell,
    "names-another-kernel": name_another_kernel,
    "marks-up-its-cells": mark_up,
    "prints-50-MB": large_outputs,
    "is-of-nbformat-3": version_3,
}
# What is changed in a notebook whose answers are all right: none of it counts.
RIGHT: dict[str, Callable[[Document], None]] = {
    "honest-right": lambda document: None,
    "right-and-warned": forge_outputs,
    "right-and-np.float64": lambda document: forge_outputs(document, "np.float64(0.5)"),
}
# What is no notebook for nbgrader: it says so, gives no score, and goes on to the next student.
NO_NOTEBOOK: dict[str, bytes] = {
    "is-cut-off": b'{"cells": [',
    "is-nested": b'{"cells": ' + b"[" * 100_000,
    "is-of-nbformat-99": b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}',
    "has-a-cell-that-is-none": b'{"cells": ["x", 1, null], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
}
LINKS = ("links-to-the-secret", "links-to-anothers-notebook", "links-a-note-to-the-secret")
# Files beside the notebook that Python, nbgrader or Jupyter might take for theirs.
BROUGHT = ("sitecustomize.py", "nbformat.py", "grader.py", "json.py", "nbgrader_config.py", "jupyter_config.py", "conftest.py")
EVERYBODY = ["honest-blank", *RIGHT, *ATTACKS, *SPOILT, *NO_NOTEBOOK, *LINKS, "brings-modules", "hands-in-anothers-notebook"]
REFUSED = [*NO_NOTEBOOK, *LINKS[:2], "hands-in-anothers-notebook"]  # by `grader grade`


@dataclass(frozen=True)
class Attacked:
    """A class full of attackers, graded both ways."""

    by_nbgrader: Class
    by_grader: Class
    as_handed_in: Class  # nobody graded
    traces: Path  # where code that is run leaves a file


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    forget()
    folder = tmp_path_factory.mktemp("hostile")
    found = new_class(folder / "nbgrader", EVERYBODY)
    traces = folder / "traces"
    traces.mkdir()
    for student in EVERYBODY:
        document = found.released(student)
        if student in ATTACKS:
            code = cell(student, str(traces))
            own_cell(document, source=code)
            cell_of(document, "one-window")["source"] += "\n" + code
        elif student in SPOILT:
            SPOILT[student](document)
        elif student in RIGHT:
            document = answered(document, found.course, student)
            RIGHT[student](document)
        elif student == "hands-in-anothers-notebook":
            document = answered(found.released("honest-right"), found.course, "honest-right")
        path = hand_in(found.home, student, NO_NOTEBOOK.get(student, document))
        if student == "brings-modules":
            for name in BROUGHT:
                path.with_name(name).write_text(f"open({str(traces / student)!r}, 'w').close()\n")
        elif student == "links-to-the-secret":
            path.unlink()
            path.symlink_to(found.course / ".grader-secret")
        elif student == "links-to-anothers-notebook":
            path.unlink()
            path.symlink_to(found.home / "submitted" / "honest-right" / "lesson1" / "lesson1.ipynb")
        elif student == "links-a-note-to-the-secret":
            path.with_name("notes.txt").symlink_to(found.course / ".grader-secret")
    others = {}
    for name in ("grader", "as-handed-in"):
        shutil.copytree(found.course, folder / name / "course", symlinks=True)
        others[name] = Class(folder / name / "course", folder / name / "course" / "nb")
    found.nbgrader("autograde", "lesson1", status=1)  # of some it cannot read the file
    other = others["grader"]
    other.grader("grade", "lesson1", other.home / "submitted", "--course", other.course, status=1)
    other.grader("nbgrader", "sync", "lesson1", "--dir", other.home)
    return Attacked(found, other, others["as-handed-in"], traces)


def scores(of: Class, student: str) -> set[Any]:
    """The score of everything, or None for what has none: {0.0}, {None}, or the sum."""
    found = [(cell["auto_score"], cell["manual_score"], cell["extra_credit"]) for (name, _), cell in of.cells().items() if name == student]
    assert all(manual is None and not extra for _, manual, extra in found), found
    earned = [auto for auto, _, _ in found]
    return {None} if None in earned or not earned else {sum(earned)}


@pytest.mark.parametrize("student", [*ATTACKS, *SPOILT, "brings-modules", "honest-blank"])
def test_an_attacker_earns_what_a_blank_notebook_earns(attacked: Attacked, student: str) -> None:
    assert scores(attacked.by_nbgrader, student) == scores(attacked.by_grader, student) == {0}


@pytest.mark.parametrize("student", RIGHT)
def test_right_answers_earn_full_points_among_attackers(attacked: Attacked, student: str) -> None:
    assert scores(attacked.by_nbgrader, student) == scores(attacked.by_grader, student) == {FULL}
    assert not any(cell["look"] for (name, _), cell in attacked.by_nbgrader.cells().items() if name == student)


@pytest.mark.parametrize("student", [*NO_NOTEBOOK, *LINKS])
def test_what_is_no_hand_in_has_no_score_and_stops_nobody(attacked: Attacked, student: str) -> None:
    assert scores(attacked.by_nbgrader, student) == {None}
    assert not (attacked.by_nbgrader.home / "autograded" / student / "lesson1").exists()


@pytest.mark.parametrize("student", REFUSED)
def test_what_is_refused_has_no_score_and_a_person_looks(attacked: Attacked, student: str) -> None:
    assert attacked.by_grader.records()[student].status == Status.REFUSED
    assert scores(attacked.by_grader, student) == {None}
    assert all(cell["look"] for (name, _), cell in attacked.by_grader.cells().items() if name == student)


def test_nothing_of_a_student_was_run(attacked: Attacked) -> None:
    assert list(attacked.traces.iterdir()) == []


def test_nothing_of_the_course_was_changed(attacked: Attacked) -> None:
    for graded in (attacked.by_nbgrader, attacked.by_grader):
        for file in ("course.yaml", ".grader-secret", "nb/nbgrader_config.py", "nb/source/lesson1/lesson1.ipynb"):
            assert (graded.course / file).read_bytes() == (attacked.as_handed_in.course / file).read_bytes()


def test_no_secret_and_nothing_of_another_is_in_what_goes_back(attacked: Attacked) -> None:
    attacked.by_nbgrader.nbgrader("generate_feedback", "lesson1", "--student=brings-modules")
    of_another = key_of(sheet_of(attacked.as_handed_in.course, "honest-right"))["conv-padding"]["output"]
    rows = "\n".join(" ".join(map(str, row)) for row in of_another)
    assert rows in (attacked.by_nbgrader.home / "submitted" / "honest-right" / "lesson1" / "lesson1.ipynb").read_text().replace("\\n", "\n")
    goes_back = [path for folder in ("autograded", "feedback") for path in (attacked.by_nbgrader.home / folder).rglob("*") if path.is_file()]
    assert goes_back
    for path in goes_back:
        text = path.read_text(errors="replace").replace("\\n", "\n")
        assert SECRET not in text, path
        if not {"honest-right", "hands-in-anothers-notebook"} & set(path.parts):
            assert rows not in text, path
    comments = [cell["comment"] or "" for graded in (attacked.by_nbgrader, attacked.by_grader) for cell in graded.cells().values()]
    assert not any(SECRET in comment for comment in comments)


def test_markup_in_cells_of_their_own_is_text_where_an_instructor_reads_it(attacked: Attacked) -> None:
    own = [cell for cell in attacked.by_nbgrader.autograded("marks-up-its-cells")["cells"] if not cell["metadata"]]
    assert [cell["cell_type"] for cell in own] == ["markdown", "raw", "markdown"]
    assert not any("<" in "".join(cell["source"]) or "attachments" in cell for cell in own)
    assert "‹b>here‹/b>, where 1 ‹ 2" in "".join(own[2]["source"])


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_does_harm_where_notebooks_are_run(attacked: Attacked, tmp_path: Path, name: str) -> None:
    """Else the tests above would show nothing: as plain Python in the folder where nbgrader runs notebooks, each leaves its trace."""
    for file in ("course.yaml", ".grader-secret", "grades.db", "nb/gradebook.db", "nb/nbgrader_config.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copyfile(attacked.by_grader.course / file, tmp_path / file)
    shutil.copytree(attacked.as_handed_in.home / "source", tmp_path / "nb" / "source")
    place = tmp_path / "nb" / "autograded" / name / "lesson1"
    place.mkdir(parents=True)
    before = (scored(tmp_path), (tmp_path / "nb" / "nbgrader_config.py").read_text(), (tmp_path / "course.yaml").read_text())
    code = cell(name, str(tmp_path))
    ends = "" if name.startswith("loops") else "\nimport time; time.sleep(2)" if name == "edits-its-score-later" else ""
    with subprocess.Popen([sys.executable, "-c", code + ends], cwd=place, stderr=subprocess.DEVNULL, env=os.environ | {"HOME": str(tmp_path)}) as process:
        if name.startswith("loops"):
            trace = tmp_path / name
            while not (trace.exists() and trace.read_text()):  # there before anything is in it
                assert process.poll() is None
            process.kill()
    assert (tmp_path / name).read_text()
    after = (scored(tmp_path), (tmp_path / "nb" / "nbgrader_config.py").read_text(), (tmp_path / "course.yaml").read_text())
    changes = {"gives-itself-extra-credit": 0, "takes-anothers-points": 0, "edits-its-score-later": 0, "edits-the-settings": 1, "edits-the-course": 2}
    assert [number for number in range(3) if before[number] != after[number]] == ([changes[name]] if name in changes else [])


def scored(course: Path) -> list[Any]:
    with closing(sqlite3.connect(course / "nb" / "gradebook.db")) as book:
        return book.execute("select id, auto_score, manual_score, extra_credit from grade order by id").fetchall()
