"""Pages of the documentation as a reader uses them: files to save, commands to type, tables to look things up in.

A fenced block after `<!-- file: PATH -->` is saved as PATH. In a block marked `console` each line that starts with `$ ` is a
command (`> ` continues it) and the lines below it are its output; `...` stands for anything, in a line or as a line of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
SECRET = "the secret of the pages, never of a course"
_FENCE = re.compile(r"^```([a-z]*)$")
_FILE = re.compile(r"^<!-- file: (\S+) -->$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the line it starts on, its language, where a reader saves it, and its lines."""

    line: int
    language: str
    file: str | None
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a console block, with the output the page promises."""

    line: int
    text: str
    output: tuple[str, ...]


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    file: str | None = None
    found: list[str] | None = None
    language, start = "", 0
    for number, line in enumerate(page.splitlines(), start=1):
        fence = _FENCE.match(line)
        if found is not None:
            if line == "```":
                yield Block(start, language, file, tuple(found))
                found, file = None, None
            else:
                found.append(line)
        elif fence is not None:
            found, language, start = [], fence[1], number
        elif (marked := _FILE.match(line)) is not None:
            file = marked[1]
        elif line.strip():
            file = None


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    text: list[str] = []
    output: list[str] = []
    start = block.line
    for number, line in enumerate(block.lines, start=block.line + 1):
        if line.startswith("$ "):
            if text:
                yield Command(start, "\n".join(text), tuple(output))
            text, output, start = [line[2:]], [], number
        elif line.startswith("> ") and text and not output:
            text.append(line[2:])
        else:
            output.append(line)
    if text:
        yield Command(start, "\n".join(text), tuple(output))


def matches(promised: tuple[str, ...], output: str) -> bool:
    """Whether an output is the one a page promises. Blank lines at the end and spaces at the ends of lines do not count."""
    lines = [line.rstrip() for line in promised]
    while lines and not lines[-1]:
        lines.pop()
    found = "".join(line.rstrip() + "\n" for line in output.rstrip().splitlines())
    pattern = "".join("(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + "\n" for line in lines)
    return re.fullmatch(pattern, found) is not None


class Reader:
    """Follows a page in an empty folder: saves its files, types its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "home"
        self.folder.mkdir()
        tools = folder / "bin"
        tools.mkdir()
        for name, meant in (("grader", "-m grader"), ("python", ""), ("nbgrader", "-m nbgrader"), ("pytest", "-m pytest -p grader.ci.pytest_plugin")):
            (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {meant} "$@"\n', encoding="utf-8")
            (tools / name).chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "GRADER_SECRET": SECRET,
            "COLUMNS": "100",
        }
        self.status = 0

    def save(self, block: Block) -> None:
        assert block.file is not None
        path = self.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def type(self, command: str) -> str:
        """Runs one command where the reader stands; its standard output and error together, as a terminal shows them."""
        if found := re.fullmatch(r"cd (\S+)", command):
            self.folder = (self.folder / found[1]).resolve()
            assert self.folder.is_dir(), f"there is no folder {self.folder}"
            return ""
        # The status of the command before stands in `$?`, as it does at a prompt.
        run = subprocess.run(
            ["bash", "-c", f"(exit {self.status})\n{command}"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        self.status = run.returncode
        return run.stdout


def section(page: str, title: str) -> str:
    """The text under a heading, up to the next heading of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}$\n(.*?)(?=^#{{1,6}} |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None, f"the page has no section '{title}'"
    level = len(found[1])
    rest = page[found.start(2) :]
    end = re.search(rf"^#{{1,{level}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of the table rows in a text, without heads and rules. A `|` within code is written `\\|`."""
    found = []
    table: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif table:
            found += table[2:]
            table = []
    return found


def code(cell: str) -> str:
    """What stands in a cell as code, between one backtick or two."""
    fence = "``" if cell.startswith("``") else "`"
    return cell.removeprefix(fence).removesuffix(fence)
