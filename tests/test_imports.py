"""Imports between the rooms of `grader` run one way, and help starts without heavy packages."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "grader"

# From the front ends down; a room imports itself and rooms of lower levels. Rooms of one level do not know each other.
LEVELS = [
    ["cli"],
    ["ci", "notebook", "web", "lms"],
    ["reports"],
    ["classroom"],
    ["marking"],
    ["sandbox"],
    ["variants"],
    ["course"],
    ["documents"],
    ["mending"],
    ["text"],
]
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
ENTRANCES = {"__init__", "__main__"}  # the package itself: `python -m grader` calls the command line


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "bank" not in path.relative_to(PACKAGE).parts)


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(source: str, package: str) -> Iterator[tuple[int, str]]:
    """The rooms of `grader` that a module imports, at its top or inside a function, with their lines."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [base])])
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "grader" else [base]
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)) and node.args:
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            argument = node.args[0]
            if called in ("import_module", "__import__") and isinstance(argument, ast.Constant):
                names = [str(argument.value)]
        yield from ((node.lineno, name.split(".")[1]) for name in names if name.startswith("grader.") and name.count("."))  # type: ignore[attr-defined]


def test_every_room_has_a_level() -> None:
    assert {room_of(path) for path in modules()} - ENTRANCES <= LEVEL.keys(), "add the new room to LEVELS, in the order in which rooms may import"


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in modules()])
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(path)
    package = ".".join(path.relative_to(ROOT).parts[:-1])
    if room in ENTRANCES:
        return
    for line, other in imported_rooms(path.read_text(encoding="utf-8"), package):
        if other in LEVEL and other != room:
            assert LEVEL[other] > LEVEL[room], f"{path.relative_to(ROOT)}:{line}: {room} may not import {other}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import grader.marking.grade", ["marking"], id="import"),
        pytest.param("from grader.marking.grade import grade", ["marking"], id="from"),
        pytest.param("from grader import marking, text", ["marking", "text"], id="from-the-package"),
        pytest.param("from ..marking import grade", ["marking"], id="relative"),
        pytest.param("def f():\n    from grader.cli import main", ["cli"], id="inside-a-function"),
        pytest.param("import importlib\nimportlib.import_module('grader.cli.main')", ["cli"], id="by-name"),
        pytest.param("import json\nfrom grader_other.cli import x", [], id="others"),
    ],
)
def test_this_test_sees_imports(source: str, expected: list[str]) -> None:
    assert [room for _, room in imported_rooms(source, "grader.course")] == expected


HEAVY = ("torch", "numpy", "nbgrader", "nbformat", "matplotlib", "sqlalchemy", "hypothesis", "pytest")


def test_help_starts_without_heavy_packages() -> None:
    code = f"import sys, grader.cli.main; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == ""
