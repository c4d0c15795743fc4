"""Reads a notebook that was handed in: its answer cells, and what it claims about itself. No kernel, nothing is run.

A cell is known by its name in nbgrader's metadata, by its id, or by the comment on its first line, so that answers are
found where an editor dropped the one or the other, and in whatever order the cells stand. Outputs are never looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from grader.course.part import Code
from grader.course.starter import untouched
from grader.documents import MAX_BYTES, TOO_DEEP, TOO_LARGE, DocumentError, decode
from grader.marking.cell import Unreadable, cell_answer
from grader.text import Text, visible

NOTEBOOK_BYTES = 100_000_000  # with its outputs; they are dropped before anything is kept
METADATA = "conv_grader"  # of the notebook: `sheet`, `signature`, `slots`
MARK = "# answer: "  # before the slot's name, on the first line of an answer cell
_MARKED = re.compile(r"#+\s*answer[:：]\s*([a-z0-9][a-z0-9-]*)\s*$", re.MULTILINE)
MAX_CELLS = 5_000
NAME = 80  # characters of a slot
NO_PROGRAMS: Mapping[str, Code] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A cell that holds an answer: of which slot, and where in the notebook it stands."""

    slot: str
    source: str
    index: int
    certain: bool  # it says in nbgrader's metadata which slot it is; else its id or first line does


@dataclass(frozen=True, slots=True)
class Notebook:
    """What a notebook holds for the grader."""

    document: Mapping[str, Any]  # as the JSON of a sheet: sheet, signature, slots, answers
    twice: tuple[str, ...]  # slots with several cells whose answers differ


def read_notebook(text: str, programs: Mapping[str, Code] = NO_PROGRAMS) -> Notebook:
    """The answers of a notebook.

    Args:
        programs: the slots whose cells hold programs: of such a cell the answer is its text.

    Raises:
        DocumentError: it is no notebook, or a cell is far larger than any answer.
    """
    data = _loaded(text)
    about = data.get("metadata")
    claims = about.get(METADATA) if isinstance(about, dict) else None
    document: dict[str, Any] = dict(claims) if isinstance(claims, dict) else {}
    cells = answer_cells(data)
    if not cells:
        raise DocumentError(NO_ANSWER_CELLS)
    counting = that_count(cells, programs)
    answers = {cell.slot: _answer(cell, programs) for cell in counting}
    twice = [
        cell.slot for cell in counting if any(_differs(other, answers[cell.slot], programs) for other in cells if other.slot == cell.slot and other is not cell)
    ]
    # Whose it is, the line `sheet` says. An attempt is counted, never claimed.
    return Notebook({name: document.get(name) for name in ("sheet", "signature", "slots")} | {"answers": answers}, tuple(twice))


def answer_cells(data: Mapping[str, Any]) -> list[AnswerCell]:
    """The answer cells of a notebook, in its order."""
    cells = list(_cells(data))
    named = [AnswerCell(name, _source(cell), index, True) for index, cell in enumerate(cells) if (name := _graded_name(cell)) is not None]
    slots = {cell.slot for cell in named}
    # A cell whose name is gone is looked for by its id, then by its first line; never where the named one is still there.
    by_id = {name: index for index, cell in enumerate(cells) if (name := _slot_of_id(cell)) is not None}
    for index, cell in enumerate(cells):
        marked = _MARKED.match(_source(cell).lstrip())
        name = next((n for n in (_slot_of_id(cell), marked and marked[1]) if n is not None), None)
        if name is None or name in slots or _graded_name(cell) is not None or by_id.get(name, index) != index:
            continue
        named.append(AnswerCell(name, _source(cell), index, False))
    return sorted(named, key=lambda cell: cell.index)


def that_count(cells: Sequence[AnswerCell], programs: Mapping[str, Code] = NO_PROGRAMS) -> list[AnswerCell]:
    """One cell for each slot: the last that is filled in. Copies come of copying and pasting, and of merging two files.

    Raises:
        DocumentError: a cell is far larger than any answer.
    """
    found: dict[str, AnswerCell] = {}
    for cell in cells:
        if cell.slot not in found or not _blank(_answer(cell, programs)):
            found[cell.slot] = cell
    return list(found.values())


def _differs(cell: AnswerCell, answer: Any, programs: Mapping[str, Code]) -> bool:
    other = _answer(cell, programs)
    return not _blank(other) and repr(other) != repr(answer)


def lean(raw: bytes) -> bytes:
    """A notebook without its outputs, as JSON: what is kept of one that its outputs have made large.

    Raises:
        DocumentError: it is no notebook, or large without its outputs too.
    """
    data = _loaded(decode(raw))
    kept = {"nbformat": 4, "metadata": {METADATA: (data.get("metadata") or {}).get(METADATA)} if isinstance(data.get("metadata"), dict) else {}}
    cells = [{key: cell[key] for key in ("id", "metadata", "source", "input", "cell_type") if key in cell} for cell in _cells(data)]
    body = json.dumps({**kept, "cells": cells}).encode()
    if len(body) > MAX_BYTES:
        raise DocumentError(TOO_LARGE.fill(limit=MAX_BYTES // 1000))
    return body


def _loaded(text: str) -> dict[str, Any]:
    # A program wrote this text, and plots write NaN into their outputs; nothing is taken from it but cells and claims.
    try:
        data = json.loads(text, parse_constant=str, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise DocumentError(NOT_A_NOTEBOOK.fill(why=error.msg), error.lineno, error.colno) from error
    except RecursionError as error:
        raise DocumentError(TOO_DEEP) from error
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise DocumentError(NO_CELLS)
    return data


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= 40 else text  # Python refuses to convert very long ones


def _cells(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The cells, also of a notebook of version 3, which has them in sheets."""
    sheets = data.get("worksheets")
    lists = [data.get("cells"), *(sheet.get("cells") for sheet in (sheets if isinstance(sheets, list) else []) if isinstance(sheet, dict))]
    count = 0
    for cells in lists:
        for cell in cells if isinstance(cells, list) else []:
            count += 1
            if count > MAX_CELLS:
                raise DocumentError(TOO_MANY_CELLS)
            if isinstance(cell, dict):
                yield cell


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", cell.get("input"))
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _graded_name(cell: Mapping[str, Any]) -> str | None:
    """The slot of a graded cell, as nbgrader names it."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if not isinstance(marks, dict) or marks.get("grade") is not True:
        return None
    name = marks.get("grade_id")
    return name if isinstance(name, str) and 0 < len(name) <= NAME else None


def _slot_of_id(cell: Mapping[str, Any]) -> str | None:
    name = cell.get("id")
    return name.removeprefix(ID) if isinstance(name, str) and name.startswith(ID) and len(name) <= NAME else None


def _answer(cell: AnswerCell, programs: Mapping[str, Code]) -> Any:
    if (code := programs.get(cell.slot)) is not None:
        return _program(cell.source, code)
    try:
        return cell_answer(cell.source)
    except Unreadable as error:
        raise DocumentError(CELL_TOO_LARGE.fill(slot=visible(cell.slot, 40))) from error


def _program(source: str, code: Code) -> str | None:
    """The program in a cell, on the lines where it stands there; None where nothing was written."""
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is not None and _MARKED.fullmatch(lines[first].strip()):
        lines[first] = ""
    program = "\n".join(lines)
    return None if untouched(code, program.encode("utf-8", "surrogatepass")) else program


def _blank(answer: Any) -> bool:
    values = list(answer.values()) if isinstance(answer, dict) else [answer]
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in values)


ID = "answer-"  # before the slot's name, in the id of an answer cell
NOT_A_NOTEBOOK = Text(
    "this is not a notebook ({why}); save it again in Jupyter and hand in that file", "这不是 notebook 文件（{why}）；请在 Jupyter 中重新保存后提交"
)
NO_CELLS = Text("there are no cells in the file; hand in the notebook you were given, filled in", "文件中没有单元格；请提交发给你的那份 notebook")
NO_ANSWER_CELLS = Text(
    "there is no answer cell in the notebook; hand in the notebook you were given, filled in", "notebook 中没有答题单元格；请提交发给你的那份 notebook"
)
TOO_MANY_CELLS = Text("there are more than 5,000 cells in the notebook", "notebook 中的单元格超过 5,000 个")
CELL_TOO_LARGE = Text("the answer cell of {slot} is far larger than any answer; leave only the answer in it", "{slot} 的答题单元格过大；请只保留答案")
