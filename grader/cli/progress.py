"""How far a long command is: a bar on a terminal's standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Advance(Protocol):
    def __call__(self, steps: int = 1, outcome: str = "") -> None:
        """Counts steps that are done, and how they came out where that is worth telling."""


@contextmanager
def progress(total: int | None) -> Iterator[Advance]:
    """Steps done of `total` (None: not known), their rate, time used and left, and the count of each outcome; nothing where no terminal is."""
    if not sys.stderr.isatty():
        yield _untold
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    outcomes: Counter[str] = Counter()
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[outcomes]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, rate="–", outcomes="")

        def advance(steps: int = 1, outcome: str = "") -> None:
            if outcome:
                outcomes[outcome] += steps
            speed = bar.tasks[0].speed
            told = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
            bar.update(task, advance=steps, rate=f"{speed:.0f}" if speed else "–", outcomes=told)

        yield advance


def _untold(steps: int = 1, outcome: str = "") -> None:
    """Nobody looks."""
