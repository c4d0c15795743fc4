"""Markdown that says what it is given: words from an exercise file come out as words, never as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.text import visible

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&#])")
# At the start of a line these would open a list, a rule or a heading.
_OPENING = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))")
LONGEST = 4_000


def escaped(text: str) -> str:
    """Words on one line, each character of which stands for itself."""
    line = _MARKUP.sub(r"\\\1", visible(" ".join(text.split()), LONGEST))
    return _OPENING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}", line)


def code(text: str) -> str:
    """Text as code within a line. A `|` is escaped, so that it may stand in a table."""
    line = visible(" ".join(text.split()), LONGEST)
    fence = "`" * (1 + _longest_run(line))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}".replace("|", "\\|")


def fenced(lines: Sequence[str], language: str = "text") -> list[str]:
    """Lines as a block of text in which columns stay aligned, or of code."""
    fence = "`" * max(3, 1 + max(map(_longest_run, lines), default=0))
    return [f"{fence}{language}", *lines, fence]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table; its cells are Markdown."""
    return [_row(head), "|" + "---|" * len(head), *map(_row, rows)]


def image(words: str, file: str) -> str:
    return f"![{escaped(words)}]({file})"


def link(words: str, target: str) -> str:
    return f"[{words}]({target})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _longest_run(line: str) -> int:
    return max(map(len, re.findall("`+", line)), default=0)
