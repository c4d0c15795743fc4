"""A student's sheet as a notebook: a locked cell for each question, and below it the cell to answer in.

The cells carry nbgrader's marks, so that its own commands take the notebook for one of theirs. Every answer cell is
graded and open at once: only such a cell has both a score and a comment in nbgrader's gradebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.course.course import Assignment, Course
from grader.course.part import LETTERS, Part, kind_of
from grader.course.starter import starter
from grader.course.values import Answer
from grader.marking.grade import EVERYONE
from grader.marking.notebook import ID, MARK, METADATA
from grader.text import Text, both, visible
from grader.variants.given import given_lines, unsaid
from grader.variants.sheet import hint, points_text, prompt_of
from grader.variants.variant import Sheet, Variant, draw_sheet

Cell = dict[str, Any]
HEAD = "about-this-notebook"  # the first cell; no slot is named so, since a slot has an exercise of that name
QUESTION = "question-"
_NO_TAGS = str.maketrans({"<": "‹"})  # without it nothing is a tag
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|$~])")


def notebook_of(sheet: Sheet, languages: Sequence[str], signature: str | None) -> dict[str, Any]:
    """A student's own notebook, with their numbers. Its cells are those of `source_of`, the words apart."""
    title = [f"{sheet.course.title[lang]} · {sheet.assignment.title[lang]} · {sheet.student}" for lang in languages]
    cells = [_locked(HEAD, [*_title(title), "", *(_how(sheet, lang) + "\n" for lang in languages)])]
    for variant in sheet.variants:
        cells += [_locked(QUESTION + variant.slot, list(_question(variant, languages))), _answer(variant, languages)]
    slots = {variant.slot: {"exercise": variant.exercise.id, "given": dict(variant.given)} for variant in sheet.variants}
    return _document(cells, {"sheet": sheet.id, "signature": signature, "slots": slots})


def source_of(course: Course, assignment: Assignment, languages: Sequence[str], sheet: Sheet) -> dict[str, Any]:
    """What nbgrader takes for the assignment's source.

    Args:
        sheet: a sheet to take the cells from: the one that everybody has, or else anyone's. Of anyone's no number
            and no word that depends on one is kept.
    """
    if is_shared(assignment):
        return notebook_of(sheet, languages, None)
    title = [f"{course.title[lang]} · {assignment.title[lang]}" for lang in languages]
    cells = [_locked(HEAD, [*_title(title), "", *(OWN_NUMBERS[lang] + "\n" for lang in languages)])]
    for variant in sheet.variants:
        cells += [_locked(QUESTION + variant.slot, _heading(variant, languages)), _empty(variant, languages)]
    return _document(cells, {})


def is_shared(assignment: Assignment) -> bool:
    """Whether everybody has the same numbers, so that one notebook serves the class."""
    return all(entry.given is not None for entry in assignment.entries)


def shared_sheet(course: Course, assignment: Assignment, secret: bytes | None) -> Sheet:
    """The sheet that stands for all: everybody's where the numbers are pinned, else an example that belongs to nobody."""
    return draw_sheet(course, assignment, EVERYONE, 1, secret)


def restored(document: Mapping[str, Any], submitted: Sequence[Mapping[str, Any]], answers: Mapping[str, int]) -> list[Cell]:
    """The cells of a student's true notebook with what they wrote in the answer cells, and their own cells where they stood.

    Args:
        document: as it was handed out.
        submitted: the cells handed in; outputs are not looked at.
        answers: by slot, which of them holds its answer.
    """
    taken = set(answers.values())
    own: dict[str | None, list[Cell]] = {}
    last: str | None = None
    for index, cell in enumerate(submitted):
        name = _name(cell)
        slot = next((slot for slot, place in answers.items() if place == index), None)
        if slot is not None:
            last = slot
        elif name in _names(document):
            last = name
        elif index not in taken:
            own.setdefault(last, []).append(_plain(cell))
    cells = own.pop(None, [])
    for true in document["cells"]:
        cell = dict(true)
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name in answers:
            cell["source"] = submitted[answers[name]]["source"]
        cells += [cell, *own.pop(name, [])]
    return cells


def _names(document: Mapping[str, Any]) -> set[str]:
    return {cell["metadata"]["nbgrader"]["grade_id"] for cell in document["cells"]}


def _name(cell: Mapping[str, Any]) -> str | None:
    marks = cell.get("metadata", {}).get("nbgrader")
    return marks.get("grade_id") if isinstance(marks, Mapping) else None


def _plain(cell: Mapping[str, Any]) -> Cell:
    """A cell of the student's own, without marks that nbgrader would act on, or markup that a browser would.

    nbgrader's pages show a text as HTML, scripts and all, to an instructor who is logged in and may change every grade.
    """
    if cell["cell_type"] == "code":
        return {"cell_type": "code", "source": cell["source"], "metadata": {}, "outputs": [], "execution_count": None}
    return {"cell_type": cell["cell_type"], "source": cell["source"].translate(_NO_TAGS), "metadata": {}}


def _document(cells: list[Cell], about: Mapping[str, Any]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {METADATA: dict(about), "kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def _locked(name: str, lines: Sequence[str]) -> Cell:
    cell: Cell = {"cell_type": "markdown", "id": name[:64], "source": "\n".join(lines).strip()}
    return _marked(cell, name, locked=True, grade=False, solution=False, points=None)


def _how(sheet: Sheet, language: str) -> str:
    """How this notebook is filled in."""
    programs = sheet.assignment.programs
    said = [FILL_IN] * (len(programs) < len(sheet.variants)) + [PROGRAMS] * bool(programs) + [SAVE]
    return (" " if language == "en" else "").join(words[language] for words in said)


def _empty(variant: Variant, languages: Sequence[str]) -> Cell:
    """The answer cell of nobody's variant."""
    if variant.exercise.code_part is not None:
        return _answer(variant, languages)  # everybody's cases are the same, and so is where they begin
    return _open(variant, [MARK + variant.slot, *(f"{part.id} = None" for part in variant.exercise.parts_of(variant.given))])


def _answer(variant: Variant, languages: Sequence[str]) -> Cell:
    if (program := variant.exercise.code_part) is not None and program.code is not None:
        return _open(variant, [MARK + variant.slot, *starter(program.code, languages).rstrip().split("\n")])
    key = variant.expected.key
    parts = variant.exercise.parts_of(variant.given)
    lines = [MARK + variant.slot]
    for part in parts:
        words = hint(part, key[part.id])
        title = part.title or both("" if len(parts) == 1 else part.id)
        said = [f"{title[lang]}{words[lang]}".strip(",， ") for lang in languages]
        if any(said):
            lines.append("# " + visible(" / ".join(dict.fromkeys(filter(None, said))), 1_000))
        lines += [f"#   {visible(line, 1_000)}" for line in _options(part, languages)]
        lines += _blank(part, key[part.id])
    return _open(variant, lines)


def _open(variant: Variant, lines: Sequence[str]) -> Cell:
    cell: Cell = {"cell_type": "code", "id": (ID + variant.slot)[:64], "source": "\n".join(lines), "outputs": [], "execution_count": None}
    return _marked(cell, variant.slot, locked=False, grade=True, solution=True, points=float(variant.points))


def _marked(cell: Cell, name: str, *, locked: bool, grade: bool, solution: bool, points: float | None) -> Cell:
    """A cell with nbgrader's marks, and its checksum as nbgrader computes it."""
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    marks = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution, "locked": locked, "task": False, "cell_type": cell["cell_type"]}
    if points is not None:
        marks["points"] = points
    cell["metadata"] = {"nbgrader": marks, "deletable": False, **({"editable": False} if locked else {})}
    marks["checksum"] = compute_checksum(from_dict(cell))
    return cell


def _blank(part: Part, key: Answer) -> list[str]:
    return [f'{part.id} = """', "", '"""'] if kind_of(part, key) == "array" else [f"{part.id} = None"]


def _options(part: Part, languages: Sequence[str]) -> list[str]:
    return [f"{letter}) " + " / ".join(dict.fromkeys(option.words[lang] for lang in languages)) for letter, option in zip(LETTERS, part.options, strict=False)]


def _title(titles: Sequence[str]) -> list[str]:
    return [f"# {_escaped(title)}" for title in dict.fromkeys(titles)]


def _heading(variant: Variant, languages: Sequence[str]) -> list[str]:
    points = points_text(variant.points)
    return [f"## {_escaped(head)}" for head in dict.fromkeys(f"{variant.slot} · {variant.exercise.title[lang]} · {points[lang]}" for lang in languages)]


def _question(variant: Variant, languages: Sequence[str]) -> Iterator[str]:
    yield from _heading(variant, languages)
    prompt = prompt_of(variant)
    for lang in languages:
        yield ""
        yield "  \n".join(_line(line) for line in prompt[lang].strip("\n").split("\n"))
    # Rows of numbers stand as they are: in Markdown, as in a terminal, only a block of code keeps their columns.
    if given := unsaid(variant.exercise, variant.given):
        yield "\n".join(["", "```text", *given_lines(given), "```"])


def _line(line: str) -> str:
    bare = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(bare)) + _escaped(bare)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text, 4_000))


FILL_IN = Text(
    "Write your answers after the equals signs, in place of None, and rows of numbers between the quotes. Leave None where you do not know, and write _ "
    "for a single cell of a table. Only the answer cells are read, and no number is computed for you: write the numbers themselves.",
    "请在等号后用答案替换 None，多行数字写在引号之间。不会的保留 None，表中不会的单个格写 _。评分只读取答题单元格，不会替你计算：请直接写出数值。",
)
PROGRAMS = Text(
    "Where a question asks for a function, write it in the answer cell with all that it needs, imports too: that cell is run by itself, apart from this "
    "notebook and from your other cells.",
    "要求编写函数的题目，请把函数及其所需的一切（包括 import）都写在答题单元格中：评分时只单独运行该单元格，与本 notebook 和其他单元格无关。",
)
SAVE = Text("Cells of your own may stand anywhere. Save and hand in.", "可以在任意位置添加自己的单元格。保存后提交。")
OWN_NUMBERS = Text(
    "Each student has numbers of their own, in a notebook of their own. This one holds the cells only.",
    "每名学生的数值各不相同，写在各自的 notebook 中。本文件只包含单元格。",
)
