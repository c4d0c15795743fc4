"""Tables of the documentation that are made, not written: `python -m benchmarks.tables mistakes`, or `verify [FILE]`.

`mistakes` writes the table of every wrong method into docs/mistakes.md; `verify` that of every exercise and level into docs/verify.md,
from the lines of `grader verify --json` (run now, or read from FILE). What stands outside the marks in a page is written by people and kept.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.course.bank import bank_folder
from grader.course.course import load_course
from grader.course.exercise import Exercise
from grader.reports.markdown import code, escaped, table

DOCS = Path(__file__).resolve().parent.parent / "docs"
START = "<!-- Made by `python -m benchmarks.tables {name}`; written by hand is only what stands outside. -->"
END = "<!-- end -->"


def main(name: str, file: str | None = None) -> None:
    page = DOCS / f"{name}.md"
    exercises = load_course(bank_folder()).exercises
    lines = mistakes_table(exercises) if name == "mistakes" else verification_table(_verified(file))
    page.write_text(replaced(page.read_text(encoding="utf-8"), name, lines), encoding="utf-8", newline="\n")


def replaced(page: str, name: str, lines: Iterable[str]) -> str:
    """A page with its made table put anew."""
    start = START.format(name=name)
    found = re.compile(f"{re.escape(start)}\n.*?{re.escape(END)}\n", re.DOTALL)
    if len(found.findall(page)) != 1:
        raise ValueError(f"the page needs one place for its table: a line '{start}', and a line '{END}'")
    body = "\n".join((start, "", *lines, "", END)) + "\n"
    return found.sub(lambda _: body, page)


def mistakes_table(exercises: Mapping[str, Exercise]) -> list[str]:
    """Every wrong method: what it does, and which exercises recognise it for how much of the points."""
    using: dict[str, list[Exercise]] = {}
    for exercise in exercises.values():
        for name in exercise.mistakes:
            using.setdefault(name, []).append(exercise)
    rows = [[code(name), _meaning(name, found), ", ".join(_earns(name, exercise) for exercise in found)] for name, found in sorted(using.items())]
    return table(["wrong method", "what it does", "recognised in, and the share of the points it earns"], rows)


def verification_table(reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """A row for each exercise and level (and, where slots are drawn together, for these)."""
    head = ["exercise", "level", "drawn together", "fit", "different variants", "right by a wrong method before", "after", "pairs told apart"]
    rows = [
        [
            f"[{escaped(report['exercise'])}](exercises/{report['exercise']}.md)",
            str(report["level"]),
            str(report["count"]),
            "yes" if report["fit"] else "**no**",
            f"{report['distinct']} of {report['variants']}",
            _worst(report["right_by_wrong_method"]["naive"]),
            _worst(report["right_by_wrong_method"]["accepted"]),
            f"{report['separated']:.1%}",
            *(_band(report["work"].get(name)) for name in ("cells", "multiply_adds", "digits", "cases")),
        ]
        for report in reports
    ]
    return table([*head, "output cells", "multiply-adds", "digits", "cases"], rows)


def _meaning(name: str, exercises: Sequence[Exercise]) -> str:
    """What a wrong method does, as its solution says it, for each that says it differently; else in the words that students read."""
    said = [inspect.getdoc(exercise.solution.mistakes[name].function) or "" for exercise in exercises]
    own = dict.fromkeys(_prose(text.split("\n\n", maxsplit=1)[0]) for text in said if text)
    read = exercises[0].mistakes[name].words.en.pieces if not own else ()
    return " / ".join(own) or escaped("".join(piece if isinstance(piece, str) else "…" for piece in read))


def _prose(text: str) -> str:
    """Words of a docstring; what stands between backticks there is code here too."""
    pieces = text.split("`")
    return "".join(code(piece) if index % 2 else _words(piece) for index, piece in enumerate(pieces))


def _words(piece: str) -> str:
    # Spaces beside code are kept, as `escaped` does not.
    return f"{' ' * piece.startswith((' ', chr(10)))}{escaped(piece)}{' ' * (len(piece) > 1 and piece.endswith((' ', chr(10))))}"


def _earns(name: str, exercise: Exercise) -> str:
    return f"[{exercise.id}](exercises/{exercise.id}.md) {float(exercise.mistakes[name].credit):.0%}"


def _worst(rates: Mapping[str, Mapping[str, int]]) -> str:
    """The wrong methods that are right most often, of those that are right at all."""
    shares = sorted(((rate["right"] / rate["applies"], name) for name, rate in rates.items() if rate["right"]), reverse=True)
    if not shares:
        return "none"
    return ", ".join(f"{code(name)} {share:.1%}" for share, name in shares[:2]) + (f" and {len(shares) - 2} more" if len(shares) > 2 else "")


def _band(band: list[int] | None) -> str:
    return "–" if not band or not band[1] else str(band[0]) if band[0] == band[1] else f"{band[0]} to {band[1]}"


def _verified(file: str | None) -> Iterator[Mapping[str, Any]]:
    if file is not None:
        yield from map(json.loads, Path(file).read_text(encoding="utf-8").splitlines())
        return
    run = subprocess.run([sys.executable, "-m", "grader", "verify", "--json", "--course", str(bank_folder())], stdout=subprocess.PIPE, text=True, check=False)
    yield from map(json.loads, run.stdout.splitlines())


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in ("mistakes", "verify"):
        sys.exit("python -m benchmarks.tables mistakes | verify [FILE of `grader verify --json`]")
    main(*sys.argv[1:])
