"""`python -m benchmarks [--quick] [--only NAME] [--sheets N …] [--keep DIR] [--json FILE] [--threads N]`: everything side by side."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import ci, classroom, drawing, grading, nbgrader, sandbox, startup, verification, views
from benchmarks.growth import Growth, growth_table
from benchmarks.machine import machine, machine_text
from benchmarks.row import Row, duration, table
from benchmarks.setting import Setting

BENCHMARKS: dict[str, Callable[[Setting], Iterable[Row | Growth]]] = {
    "startup": startup.rows,
    "grading": grading.rows,
    "classroom": classroom.rows,
    "nbgrader": nbgrader.rows,
    "drawing": drawing.rows,
    "verification": verification.rows,
    "views": views.rows,
    "ci": ci.rows,
    "sandbox": sandbox.rows,
}
SIZES, QUICK_SIZES = (1000, 10_000), (20, 40)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Speed and memory, measured side by side. benchmarks/README.md explains the rows."
    )
    parser.add_argument("--quick", action="store_true", help="a small class and few runs: does everything work?")
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), metavar="NAME", help=f"one of {', '.join(BENCHMARKS)} (may be repeated)")
    parser.add_argument("--sheets", type=_size, nargs="+", metavar="N", help="sizes of the classes in which growth shows; 1000 10000 by default")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep these classes there, and use what an earlier run kept: drawing 100000 sheets takes long")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every time of every run")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads that torch may use in each process, on both sides; 0: its own choice")
    arguments = parser.parse_args()
    if arguments.threads:
        # Handed on to every process that is started here.
        os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    before = machine(arguments.threads)
    found: list[Row] = []
    growth: list[Growth] = []
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        sizes = tuple(sorted(set(arguments.sheets or (QUICK_SIZES if arguments.quick else SIZES))))
        setting = Setting(arguments.quick, Path(folder), sizes, (arguments.keep or Path(folder) / "kept").absolute())
        for name in arguments.only or BENCHMARKS:
            print(f"{name} …", file=sys.stderr, flush=True)
            for row in BENCHMARKS[name](setting):
                if isinstance(row, Growth):
                    growth.append(row)
                    made = "kept from an earlier run" if row.made is None else f"made in {duration(row.made)}"
                    print(f"  a class of {row.students:,}: {made}", file=sys.stderr, flush=True)
                else:
                    found.append(row)
                    print(f"  {row.name}: {duration(row.median)}", file=sys.stderr, flush=True)
    after = machine(arguments.threads)
    print(machine_text(before))
    print(f"load at the end {'/'.join(map(str, after['load']))}; {setting.students} students where a row names no other number\n")
    print(table(found))
    if growth:
        print(f"\n{growth_table(growth)}")
    if arguments.json is not None:
        data = {
            "machine": before,
            "load_at_end": after["load"],
            "students": setting.students,
            "rows": [row.to_json() for row in found],
            "growth": [size.to_json() for size in growth],
        }
        arguments.json.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no size of a class; write how many sheets, as 10000")
    return int(text)


if __name__ == "__main__":
    main()
