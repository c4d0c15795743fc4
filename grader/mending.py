"""What people write into a sheet that YAML does not read, and what they mean by it.

Used only on a sheet that cannot be read as it is: one misplaced row must not cost a student every question.
Nothing is guessed about values: rows of numbers are moved under the name above them, blank cells are said to be blank.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CELLS = r"[-+−–\d_.?,;/\[\] ]"
_ROW = re.compile(rf"(?={_CELLS}*[\d_]){_CELLS}+")
_NAME = re.compile(r"( *)([A-Za-z][\w-]*:) *(?:[|>][-+]?)? *(?:#.*)?")
_TABLE = re.compile(r"( *)([A-Za-z][\w-]*:) *(\[[-+−–\d_.?,;/\[\] \n]*\]) *(?:#.*)?")
_OPENED = re.compile(r" *[A-Za-z][\w-]*: *\[")
_COLON = re.compile(r"(?m)^( {1,6}[A-Za-z][\w-]*:)(?=[^\s:])")
_INDENT = 6
_LONGEST = 200  # lines of one table


def mended_sheet(source: str) -> str:
    """The text with its rows of numbers under the names they belong to, and `~` in blank cells; itself where nothing is to mend.

    Mends rows that are not indented, or not all alike, below `name: |` or `name:`; tables in brackets without the commas
    between rows (`[[1 2] [3 4]]`); cells left blank in brackets (`[1, , 3]`); and a missing space after a colon.
    """
    filled = _blanks_filled(source)
    if filled != source:
        return filled
    return _rows_moved(_tables_as_text(_COLON.sub(r"\1 ", source)))


def _rows_moved(source: str) -> str:
    lines: list[str] = []
    indent: str | None = None  # of the name whose rows may follow
    for line in source.split("\n"):
        if named := _NAME.fullmatch(line):
            indent = named[1]
            lines.append(line)
        elif indent is not None and _ROW.fullmatch(line):
            if opened := _NAME.fullmatch(lines[-1]):
                lines[-1] = f"{opened[1]}{opened[2]} |"
            lines.append(f"{indent}{' ' * _INDENT}{line.strip()}")
        else:
            indent = indent if not line.strip() else None
            lines.append(line)
    return "\n".join(lines)


def _tables_as_text(source: str) -> str:
    """Tables in brackets as blocks of text, which answers are read from in any form a person writes."""
    lines: list[str] = []
    pending: list[str] = []
    for line in source.split("\n"):
        pending.append(line)
        text = "\n".join(pending)
        found = _TABLE.fullmatch(text)
        if found and found[3].count("[") == found[3].count("]") and not _readable(found[3]):
            rows = [f"{found[1]}{' ' * _INDENT}{row.strip()}" for row in found[3].split("\n")]
            lines += [f"{found[1]}{found[2]} |", *rows]
            pending = []
        elif (len(pending) > 1 and not _ROW.fullmatch(line)) or len(pending) > _LONGEST or not _OPENED.match(pending[0]):
            lines += pending
            pending = []
    return "\n".join([*lines, *pending])


def _readable(table: str) -> bool:
    try:
        return bool(list(yaml.parse(table, Loader=_LOADER)))
    except yaml.YAMLError:
        return False


def _blanks_filled(source: str) -> str:
    """The text with `~` for each cell left blank in brackets: before a comma that follows `[` or another comma.

    Told by YAML's own tokens, so that a comma in quotes or in a block of text is never touched.
    """
    opens_cell = (yaml.FlowSequenceStartToken, yaml.FlowEntryToken)
    brackets: list[type] = []
    blanks: list[int] = []
    before: Any = None
    try:
        tokens = list(yaml.scan(source, Loader=_LOADER))
    except yaml.YAMLError:
        return source  # it is no row of tokens at all; what is wrong lies elsewhere
    for token in tokens:
        if isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
            brackets.append(type(token))
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)) and brackets:
            brackets.pop()
        elif isinstance(token, yaml.FlowEntryToken) and isinstance(before, opens_cell) and brackets[-1:] == [yaml.FlowSequenceStartToken]:
            blanks.append(token.start_mark.index)
        before = token
    ends = [*blanks, len(source)]
    return source[: ends[0]] + "".join("~ " + source[start:end] for start, end in pairwise(ends))
