"""The program that answers a slot: from the file beside the sheet, from the sheet itself, or from a cell of a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.marking.answer import is_blank
from grader.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """A program as it was handed in. Nothing tells whether it was a file or a cell: the record is the same."""

    name: str  # in tracebacks
    raw: bytes

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
    return Source(f"{slot}.py", answer.encode("utf-8", "surrogatepass")) if isinstance(answer, str) else NO_TEXT


NO_TEXT = Text("write the program as text", "请以文本形式写出程序")
