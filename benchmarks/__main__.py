"""`python -m benchmarks [--quick] [--only NAME] [--json FILE] [--threads N]`: everything side by side, as one table."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import drawing, grading, sandbox, startup, verification, views
from benchmarks.machine import machine, machine_text
from benchmarks.row import Row, duration, table
from benchmarks.setting import Setting

BENCHMARKS = {
    "startup": startup.rows,
    "grading": grading.rows,
    "drawing": drawing.rows,
    "verification": verification.rows,
    "views": views.rows,
    "sandbox": sandbox.rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Speed and memory, measured side by side. benchmarks/README.md explains the rows."
    )
    parser.add_argument("--quick", action="store_true", help="a small class and few runs: does everything work?")
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), metavar="NAME", help=f"one of {', '.join(BENCHMARKS)} (may be repeated)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every time of every run")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads that torch may use in each process, on both sides; 0: its own choice")
    arguments = parser.parse_args()
    if arguments.threads:
        # Handed on to every process that is started here.
        os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    before = machine(arguments.threads)
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        setting = Setting(arguments.quick, Path(folder))
        for name in arguments.only or BENCHMARKS:
            print(f"{name} …", file=sys.stderr, flush=True)
            for row in BENCHMARKS[name](setting):
                found.append(row)
                print(f"  {row.name}: {duration(row.median)}", file=sys.stderr, flush=True)
    after = machine(arguments.threads)
    print(machine_text(before))
    print(f"load at the end {'/'.join(map(str, after['load']))}; {setting.students} students\n")
    print(table(found))
    if arguments.json is not None:
        data = {"machine": before, "load_at_end": after["load"], "students": setting.students, "rows": [row.to_json() for row in found]}
        arguments.json.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
