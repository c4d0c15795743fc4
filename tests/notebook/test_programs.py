"""Programs in the cells of a notebook: read with the sheet, run confined and by themselves, in `grader grade` and in `nbgrader autograde`."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import code_running
from grader.classroom.batch import forget
from grader.course.course import load_course
from grader.notebook.practice import check
from grader.notebook.preprocessors import MarkAnswers
from grader.sandbox.level import IsolationError
from tests.cli.conftest import Run
from tests.code.programs import RIGHT, WRONG
from tests.conftest import ROOT
from tests.notebook.notebooks import Document, cell_of, handed_out, sheet_of
from tests.notebook.notebooks import hand_in as hand_in_notebook

COURSE = """course: conv101
title: {en: Convolution, zh: 卷积}
timezone: Asia/Shanghai
assignments:
  hw:
    title: {en: Programs, zh: 编程}
    slots:
      - {exercise: code-conv2d, points: 10}
      - {exercise: output-size, given: {input_size: 6, kernel_size: 3, stride: 2, padding: 1}, points: 2}
"""
SLOT = "code-conv2d"
MARK = f"# answer: {SLOT}\n"
PARTLY = WRONG[SLOT, "pad-ignored"]
# Whatever ran this would leave the file; whoever believed it would give full marks.
HOSTILE = """
import builtins, os, sys
open({path!r}, "w").write("was here")
os.environ["HOSTILE"] = "yes"
builtins.all = lambda *_: True
print("::notice::10 of 10")
def conv2d(x, w, stride=1, padding=0):
    return sys.modules["grader"]
"""


@pytest.fixture
def course(course_dir: Path) -> Path:
    (course_dir / "course.yaml").write_text(COURSE, encoding="utf-8")
    forget()
    return course_dir


def notebook(course: Path, student: str) -> Document:
    return handed_out(course, sheet_of(course, student, "hw"))


def hand_in(course: Path, student: str, program: str, home: Path | None = None) -> Document:
    document = notebook(course, student)
    cell_of(document, SLOT)["source"] = MARK + program
    hand_in_notebook(home or course, student, document, "hw")
    return document


def graded(run: Run, course: Path, *arguments: object) -> dict[str, Any]:
    run("grade", "hw", "--records", course / "records.jsonl", *arguments)
    return {record["student"]: record for record in map(json.loads, (course / "records.jsonl").read_text(encoding="utf-8").splitlines())}


def part_of(record: Any) -> Any:
    return record["slots"][0]["parts"][0]


def test_the_cell_begins_with_the_starter_and_says_how_it_is_run(course: Path, run: Run) -> None:
    document = notebook(course, "ada")
    cell = cell_of(document, SLOT)
    assert cell["source"].startswith(MARK + "import numpy as np\n\n\ndef conv2d(x, w, stride=1, padding=0):\n")
    compile(cell["source"], "cell", "exec")
    marks = cell["metadata"]["nbgrader"]
    assert (marks["grade"], marks["solution"], marks["locked"], marks["points"]) == (True, True, False, 10)
    head = cell_of(document, "about-this-notebook")["source"]
    assert "that cell is run by itself" in head
    assert "评分时只单独运行该单元格" in head
    hand_in_notebook(course, "ada", document, "hw")
    record = graded(run, course)["ada"]
    assert (record["status"], record["flags"], part_of(record)["verdict"]) == ("graded", [], "blank")


@pytest.mark.parametrize(
    ("program", "verdict", "score"),
    [
        pytest.param(RIGHT[SLOT], "correct", 10, id="right"),
        pytest.param(PARTLY, "partial", 100 / 17, id="right-in-some-groups"),
        pytest.param("%matplotlib inline\n" + RIGHT[SLOT], "invalid", 0, id="magic"),
        pytest.param("x = conv2d", "incorrect", 0, id="needs-another-cell"),
        pytest.param("conv2d = [[1, 2]]", "invalid", 0, id="no-function"),
    ],
)
def test_a_program_in_a_cell_earns_what_it_earns_in_a_file(course: Path, run: Run, program: str, verdict: str, score: float) -> None:
    hand_in(course, "ada", program)
    in_a_cell = graded(run, course)["ada"]
    assert (part_of(in_a_cell)["verdict"], in_a_cell["score"]) == (verdict, pytest.approx(score))
    folder = course / "submitted" / "bob" / "hw"
    folder.mkdir(parents=True)
    (folder / f"{SLOT}.py").write_text("\n" + program, encoding="utf-8")  # the cell's first line says which question it answers
    in_a_file = graded(run, course)["bob"]
    own, other = part_of(in_a_cell), part_of(in_a_file)
    assert {**own, "answer": None} == {**other, "answer": None}
    for of_a_file in ("file", f"{SLOT}.py", "文件"):
        assert of_a_file not in f"{own['read_as']} {own['feedback']} {own['run']}"


# The first line of the cell says which question it answers, and counts: line 3 is the line that Jupyter numbers 3.
@pytest.mark.parametrize(
    ("program", "en", "zh"),
    [
        pytest.param(
            "import numpy as np\ndef conv2d(x, w)\n    return x",
            "The program is no Python in line 3 (def conv2d(x, w)): expected ':'.",
            "程序不是合法的 Python（第 3 行：def conv2d(x, w)）：expected ':'。",
            id="syntax",
        ),
        pytest.param(
            "def conv2d(x, w, stride=1, padding=0):\n    return x[w]",
            "in line 3 (return x[w]).",
            "（第 3 行：return x[w]）。",
            id="raises",
        ),
        pytest.param("def conv(x):\n    return x", "The program has no function conv2d; it defines conv.", "中没有函数 conv2d；", id="other-name"),
        pytest.param(
            "def conv2d(x, w, stride=1, padding=0):\n    raise NotImplementedError",
            "It raises NotImplementedError: this is still as it was handed out.",
            "抛出 NotImplementedError：这里仍与发放时相同。",
            id="not-written",
        ),
    ],
)
def test_lines_are_those_of_the_cell(course: Path, run: Run, program: str, en: str, zh: str) -> None:
    hand_in(course, "ada", program)
    part = part_of(graded(run, course)["ada"])
    assert en in part["feedback"]["en"]
    assert zh in part["feedback"]["zh"]


def test_a_hostile_cell_reaches_nothing(course: Path, run: Run, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    hand_in(course, "ada", HOSTILE.format(path=str(trace)))
    hand_in(course, "bob", RIGHT[SLOT])
    found = graded(run, course)
    assert (part_of(found["ada"])["verdict"], found["ada"]["score"], found["ada"]["status"]) == ("incorrect", 0, "graded")
    assert found["bob"]["score"] == 10
    assert not trace.exists()
    assert "HOSTILE" not in os.environ
    assert all([True, False]) is False


def twice(document: Document, *programs: str) -> None:
    cell = cell_of(document, SLOT)
    cell["source"] = MARK + programs[0]
    for number, program in enumerate(programs[1:]):
        document["cells"].append({**cell, "id": f"copy-{number}", "source": MARK + program})


def starter_after(document: Document) -> None:
    starter = cell_of(document, SLOT)["source"].removeprefix(MARK)
    twice(document, RIGHT[SLOT], starter)


def without_names(document: Document) -> None:
    cell_of(document, SLOT)["source"] = "\n\n" + MARK + RIGHT[SLOT]
    for cell in document["cells"]:
        cell["metadata"], cell["id"] = {}, "x"


def in_lines(document: Document) -> None:
    cell_of(document, SLOT)["source"] = (MARK + RIGHT[SLOT]).splitlines(keepends=True)


def large(document: Document) -> None:
    cell_of(document, SLOT)["source"] = MARK + RIGHT[SLOT]
    cell_of(document, SLOT)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}]


@pytest.mark.parametrize(
    ("spoil", "flags"),
    [
        pytest.param(starter_after, [], id="starter-copied-after-it"),
        pytest.param(lambda document: twice(document, PARTLY, RIGHT[SLOT]), ["answered-twice"], id="two-programs"),
        pytest.param(without_names, [], id="names-gone"),
        pytest.param(in_lines, [], id="lines-of-source"),
        pytest.param(large, [], id="large-outputs"),
    ],
)
def test_a_cell_is_found_as_other_answers_are(course: Path, run: Run, spoil: Callable[[Document], None], flags: list[str]) -> None:
    document = notebook(course, "ada")
    spoil(document)
    hand_in_notebook(course, "ada", document, "hw")
    record = graded(run, course)["ada"]
    assert (part_of(record)["verdict"], record["flags"]) == ("correct", flags)


def test_stored_notebooks_are_graded_again_with_their_programs(course: Path, run: Run) -> None:
    hand_in(course, "ada", PARTLY)
    graded(run, course)
    forget()
    assert "records written" not in run("regrade", "hw", "--yes").stdout
    (course / "exercises" / f"{SLOT}.yaml").write_text(
        (course / "exercises" / f"{SLOT}.yaml").read_text(encoding="utf-8").replace("pad-ignored:\n    credit: 0.5", "pad-ignored:\n    credit: 0.8"),
        encoding="utf-8",
    )
    forget()
    assert "records written: 1" in run("regrade", "hw", "--yes").stdout


def nbgrader(home: Path, *arguments: str, status: int = 0) -> str:
    """nbgrader as an instructor runs it, with no settings of Jupyter but the course's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(home.parent / "home"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    found = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == status, found.stderr[-3_000:]
    return found.stdout + found.stderr


def test_nbgraders_autograde_runs_programs_confined_and_gives_the_same(course: Path, run: Run, tmp_path: Path) -> None:
    home, trace = course / "nb", tmp_path / "trace"
    programs = {"ada": RIGHT[SLOT], "bob": PARTLY, "eve": HOSTILE.format(path=str(trace))}
    run("nbgrader", "init", home)
    run("nbgrader", "release", "hw", "--dir", home, *(word for student in programs for word in ("--student", student)))
    for student, program in programs.items():
        released = json.loads((home / "release" / student / "hw" / "hw.ipynb").read_text(encoding="utf-8"))
        cell_of(released, SLOT)["source"] = MARK + program
        hand_in_notebook(home, student, released, "hw")
    nbgrader(home, "autograde", "hw")
    with closing(sqlite3.connect(home / "gradebook.db")) as book:
        rows = book.execute(
            "select s.student_id, g.auto_score, g.needs_manual_grade from grade g join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment s on s.id = n.assignment_id join base_cell b on b.id = g.cell_id where b.name = ?",
            (SLOT,),
        ).fetchall()
    scores = {student: score for student, score, _ in rows}
    assert scores == {"ada": 10, "bob": pytest.approx(100 / 17), "eve": 0}
    assert not any(look for *_, look in rows)
    assert not trace.exists()
    by_grade = graded(run, course, home / "submitted")
    assert {student: record["slots"][0]["score"] for student, record in by_grade.items()} == {s: pytest.approx(v) for s, v in scores.items()}
    kept = json.loads((home / "autograded" / "bob" / "hw" / "hw.ipynb").read_text(encoding="utf-8"))
    assert "".join(cell_of(kept, SLOT)["source"]) == MARK + PARTLY


def test_where_nothing_confines_it_autograde_says_so_and_marks_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(trust: bool) -> Any:
        if not trust:
            raise IsolationError("nothing confines it here.")

    monkeypatch.setattr(code_running, "runner_for", nothing)
    step = MarkAnswers(course_folder=str(course))
    programs, numbers = load_course(course).assignment("hw"), load_course(ROOT).assignment("lesson1")
    with pytest.raises(IsolationError, match=r"nothing confines it here.*c\.MarkAnswers\.trust_student_code = True"):
        step.check_isolation(programs)
    step.check_isolation(numbers)
    MarkAnswers(course_folder=str(course), trust_student_code=True).check_isolation(programs)


def test_practice_in_a_notebook_says_how_programs_are_tried() -> None:
    with pytest.raises(ValueError, match="code-conv2d asks for a program; run yours with `grader try`"):
        check("code-conv2d", {}, "x = 1")
