"""The program that answers a slot: from the file beside the sheet, from the sheet itself, or from a cell of a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.marking.answer import is_blank
from grader.marking.notebook import CellText
from grader.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """A program as it was handed in."""

    name: str
    raw: bytes
    in_cell: bool = False

    @property
    def lines(self) -> int:
        return len(self.raw.splitlines())


def source_of(slot: str, part: str, answer: Any, file: bytes | None) -> Source | Text | None:
    """The program of a slot: the file beside the sheet, else what stands in the sheet or notebook itself, as text; None where nothing does.

    A `Text` says why what stands there is no program.
    """
    if file is not None:
        return Source(f"{slot}.py", file)
    if isinstance(answer, dict) and set(answer) <= {part}:
        answer = answer.get(part)
    if is_blank(answer):
        return None
    if not isinstance(answer, str):
        return NO_TEXT
    in_cell = isinstance(answer, CellText)
    return Source(CELL.en.format(slot=slot) if in_cell else f"{slot}.py", answer.encode("utf-8", "surrogatepass"), in_cell)


def named(name: str) -> Text:
    """A source's name in both languages."""
    head, tail = CELL.en.split("{slot}")
    slot = name.removeprefix(head).removesuffix(tail)
    return CELL.fill(slot=slot) if name == CELL.en.format(slot=slot) else Text(name, name)


CELL = Text("the cell of {slot}", "{slot} 的单元格")
NO_TEXT = Text("write the program as text", "请以文本形式写出程序")
