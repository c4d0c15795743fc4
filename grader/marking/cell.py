"""What a student wrote in the answer cell of a notebook: `name = value` lines, read and never run.

A value that is a literal is taken for what it says; of anything else the characters that were typed are taken, and go
to the same readers as those of a sheet. So `1/9` is a fraction, `tensor([[1, 2]])` an array, `(i - k)//s + 1` a formula.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from grader.documents import NumberText

MAX_SOURCE = 50_000  # characters of one cell; the longest right answer has a tenth of that
_DEEP = 40  # brackets open at once; Python's own parser is kept from deeper ones
_NAMED = re.compile(r"([^\W\d]\w*)\s*[:=：＝](?!=)\s*(.*)", re.DOTALL)
_WHOLE = re.compile(r"-?[0-9]{1,40}")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_BRACKET = re.compile(r"[()\[\]{}]")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_Lines = Sequence[bytes]  # of the cell: positions in a parsed tree count bytes


class Unreadable(Exception):
    """The cell is longer, or nested deeper, than any answer."""


def cell_answer(source: str) -> Any:
    """The answers in a cell by name; a value alone, which answers the only part of its question; None where nothing stands there.

    Raises:
        Unreadable: the cell is far larger than any answer.
    """
    source = _NO_TEXT.sub("�", source).replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > MAX_SOURCE or _depth(source) > _DEEP:
        raise Unreadable
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a warning of Python's parser about `"\d"` is no event here
            statements = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return _typed(source)
    lines = [line.encode() for line in source.split("\n")]
    named: dict[str, Any] = {}
    alone: Any = None
    for statement in statements:
        match statement:
            case ast.Assign(targets=targets, value=value):
                named |= dict(_assigned(targets, value, lines))
            case ast.AnnAssign(target=ast.Name(id=name), value=value, annotation=annotation):
                # `padded_size: 4` is an annotation to Python, and YAML's way to write an answer.
                named[name] = _value(value or annotation, lines)
            case ast.Expr(value=value):
                alone = _value(value, lines)
    return named or alone


def _assigned(targets: list[ast.expr], value: ast.expr, lines: _Lines) -> Iterator[tuple[str, Any]]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, _value(value, lines)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, own in zip(target.elts, value.elts, strict=True):
                yield from _assigned([one], own, lines)


def _value(node: ast.expr, lines: _Lines) -> Any:
    match node:
        case ast.Constant(value=plain) if plain is None or plain is ...:
            return None
        case ast.Constant(value=bool() | str() as plain):
            return plain
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, lines) for item in items]
        case ast.Name(id="_"):
            return None  # a single cell left blank
    text = _segment(node, lines)
    if _WHOLE.fullmatch(text):
        return int(text)
    return NumberText(text) if _DECIMAL.fullmatch(text) else text


def _segment(node: ast.expr, lines: _Lines) -> str:
    """What was typed for a node. `ast.get_source_segment` would split the whole cell again for each number of a table."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    if first == last:
        return lines[first][node.col_offset : node.end_col_offset].decode()
    return b"\n".join([lines[first][node.col_offset :], *lines[first + 1 : last], lines[last][: node.end_col_offset]]).decode()


def _typed(source: str) -> Any:
    """The answers of a cell that is no Python: after each name at the start of a line, what stands there and below it."""
    named: dict[str, list[str]] = {}
    loose: list[str] = []
    rows = loose
    for line in source.split("\n"):
        if line.lstrip().startswith("#"):
            continue
        found = _NAMED.fullmatch(line)
        if found is not None:
            rows = named.setdefault(unicodedata.normalize("NFKC", found[1]), [])
            rows.clear()
        rows.append((line if found is None else found[2]).partition(" #")[0].rstrip())
    if named:
        return {name: _unquoted("\n".join(rows).strip()) for name, rows in named.items()}
    return _unquoted("\n".join(loose).strip())


def _unquoted(text: str) -> str | None:
    """A text that is typed between quotes where the cell as a whole could not be read; None for nothing and `None`."""
    text = re.sub(r'^(\|\s*\n|"""|\'\'\'|"|\')|("""|\'\'\'|"|\')$', "", text).strip()
    return None if text in ("", "None", "null", "~", "...") else text


def _depth(source: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(source):
        if bracket in "([{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    # A run of minus signs or of `not` nests just as deep.
    return max(deepest, *(len(run) // 2 for run in re.findall(r"[-+~]+|(?:not\s+)+", source)), 0)
