"""Programs written apart, and what people do to a program so that it looks like another."""

from __future__ import annotations

import ast
import builtins
import re

from tests.conftest import ROOT

STYLES = {
    name: (ROOT / "tests" / "sandbox" / "benign" / f"{name}.py").read_text(encoding="utf-8")
    for name in (
        "loops",
        "einsum",
        "im2col",
        "stride_tricks",
        "recursion",
        "fourier",
        "list_comprehension",
        "pure_python",
        "helper_functions",
        "class_with_cache",
    )
}
"""One exercise, solved in ten ways."""


def renamed(text: str) -> str:
    """Every variable, function and parameter under another name, but those that the cases use."""
    tree = ast.parse(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    new = {name: f"my_{number}" for number, name in enumerate(sorted(names - set(dir(builtins)) - {"np", "conv2d", "stride", "padding"}))}
    return re.sub(r"(?<![.\w])[A-Za-z_]\w*", lambda found: new.get(found[0], found[0]), text)


def reordered(text: str) -> str:
    """Functions and classes in the opposite order; imports stay where they are."""
    head, *blocks = re.split(r"(?m)^(?=def |class |@)", text)
    return head + "\n".join(reversed(blocks))


def reformatted(text: str) -> str:
    """Laid out anew: other spaces and lines, fewer parentheses, no comments."""
    return re.sub(r"(?m)^( +)", lambda found: found[1].replace("    ", "\t"), ast.unparse(ast.parse(text)))


def explained(text: str) -> str:
    """With comments, docstrings and strings that are none."""
    text = re.sub(r"(?m)^( *)(return )", r'\1# now "this" (\n\1"""Explains: for i in range(n): x[i] += 1."""\n\1\2', text)
    return f'"""A module.\n\nIt has a long text; with signs = 1."""\n{text}\n# end'


def lengthened(text: str) -> str:
    """With something else behind it."""
    return text + "\n\ndef unused(values):\n    total = 0\n    while values:\n        total -= values.pop() ** 2\n    return {'sum': total, 'more': [total]}\n"


def renumbered(text: str) -> str:
    return re.sub(r"(?<![\w.])\d+\b", "7", text)


def everything(text: str) -> str:
    return explained(reordered(renamed(reformatted(text))))


DISGUISES = [renamed, reordered, reformatted, explained, lengthened, renumbered, everything]
