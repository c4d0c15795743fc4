"""Makes an nbgrader course of the same ten questions: `python -m benchmarks.notebook_course FOLDER STUDENTS CLASS`.

One notebook, as nbgrader wants it: the questions of the first sheet of the trial course CLASS, the same for everybody,
each with a cell to answer in and a graded cell that asserts with torch. STUDENTS of that class answer them with their
own habits; the notebooks they hand in lie under `answered/`, and go to `submitted/` as nbgrader shall find them.
Prints, for each student, the questions that our own grader marks as wholly right: nbgrader has to find the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.setting import ASSIGNMENT
from benchmarks.sheets import SEED, answered
from grader.classroom.simulate import habits
from grader.course.course import load_course
from grader.course.secret import find_secret
from grader.course.values import to_json
from grader.marking.grade import grade
from grader.marking.record import Verdict
from grader.marking.submission import Submission, from_data
from grader.variants.given import given_lines
from grader.variants.sheet import prompt_of
from grader.variants.variant import Sheet, Variant, draw_sheet

NOTEBOOK = f"{ASSIGNMENT}.ipynb"
UNTOUCHED = ("# YOUR CODE HERE", "raise NotImplementedError()")
FORMULA_CASES = ((7, 3, 1, 0), (8, 3, 2, 1), (9, 4, 3, 2), (6, 2, 2, 0), (11, 5, 3, 1))  # input, kernel, stride, padding


def main(folder: Path, students: int, trial: Path) -> None:
    course = load_course(trial)
    assignment = course.assignment(ASSIGNMENT)
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in assignment.entries}
    everyone = list(islice(course.roster or {}, students))
    sheet = draw_sheet(course, assignment, everyone[0], 1, find_secret(trial, course.public_seed))
    _write(folder / "source" / ASSIGNMENT / NOTEBOOK, _notebook(sheet, None))
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\n", encoding="utf-8")
    right: dict[str, list[str]] = {}
    for own in habits(everyone, names, SEED):
        answers = answered(sheet, own)
        _write(folder / "answered" / own.student / ASSIGNMENT / NOTEBOOK, _notebook(sheet, answers))
        record = grade(sheet, _submission(sheet, answers), graded_at=datetime.now(UTC))
        right[own.student] = [found.slot for found in record.slots if all(part.verdict == Verdict.CORRECT for part in found.parts)]
    print(json.dumps(right))


def _submission(sheet: Sheet, answers: Mapping[str, Any]) -> Submission:
    return from_data({"sheet": sheet.id, "student": sheet.student, "answers": answers}, digest="none", student=sheet.student)


def _notebook(sheet: Sheet, answers: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Any]:
    """The notebook as its author has it (no answers: with the solutions), or as a student hands it in."""
    cells = [_cell("start", "import math\n\nimport torch\nimport torch.nn.functional as F")]
    for variant in sheet.variants:
        key = variant.exercise.expect(variant.given).key
        own = {part: to_json(answer) for part, answer in key.items()} if answers is None else answers[variant.slot]
        question = [prompt_of(variant)["en"], "", *(f"    {line}" for line in given_lines(variant.given))]
        cells.append({"cell_type": "markdown", "id": f"{variant.slot}-question", "metadata": {}, "source": "\n".join(question)})
        cells.append(_cell(f"{variant.slot}-answer", "\n".join(_answer(variant, own, solved=answers is None)), solution=True))
        cells.append(_cell(variant.slot, "\n".join(_test(variant)), grade=True))
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, *, grade: bool = False, solution: bool = False) -> dict[str, Any]:
    """A code cell as nbgrader marks it: read-only, to answer in, or graded (one point)."""
    about: dict[str, Any] = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution, "locked": not solution, "task": False}
    marks = {**about, "points": 1} if grade else about
    return {"cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source, "outputs": [], "execution_count": None}


def _answer(variant: Variant, own: Mapping[str, Any], *, solved: bool) -> Iterator[str]:
    """Answers as Python literals. What is left blank stays as nbgrader hands it out."""
    literals = [f"{_variable(variant, part)} = {answer!r}" for part, answer in own.items() if answer is not None]
    if solved:
        yield from ("### BEGIN SOLUTION", *literals, "### END SOLUTION")
    else:
        yield from literals or UNTOUCHED


def _test(variant: Variant) -> Iterator[str]:
    """Assertions with torch, as courses write them. The key is computed there, in the student's kernel."""
    given = variant.given
    stride, padding = given.get("stride", 1), given.get("padding", 0)
    for part in variant.exercise.parts:
        name = _variable(variant, part.id)
        if part.kind == "formula":
            yield f"for i, k, s, p in {FORMULA_CASES}:"
            yield f"    value = eval({name}, {{'floor': math.floor, 'ceil': math.ceil}}, {{'i': i, 'k': k, 's': s, 'p': p}})"
            yield f"    assert value == {_convolved('torch.zeros(i, i)', 'torch.zeros(k, k)', 's', 'p')}.shape[-1]"
        elif "input" in given:
            output = _convolved(f"torch.tensor({given['input']})", f"torch.tensor({given['kernel']})", stride, padding)
            yield f"assert torch.equal(torch.tensor({name}), {output}{'[0, 0]' if part.id == 'value' else ''})"
        elif part.id == "padded_size":
            yield f"assert {name} == F.pad(torch.zeros(1, {given['input_size']}), ({padding}, {padding})).shape[-1]"
        else:
            input, kernel = (f"torch.zeros({size}, {size})" for size in (given["input_size"], given["kernel_size"]))
            yield f"assert {name} == {_convolved(input, kernel, stride, padding)}.shape[-1]"


def _convolved(input: str, kernel: str, stride: Any, padding: Any) -> str:
    return f"F.conv2d({input}[None, None], {kernel}[None, None], stride={stride}, padding={padding})[0, 0]"


def _variable(variant: Variant, part: str) -> str:
    return f"{variant.slot}_{part}".replace("-", "_")


def _write(path: Path, notebook: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
