"""The memory of a process and of all that it starts, together.

Workers forked from one server share most of what they hold: torch and the course are there once. The resident size
(RSS) counts such a page in each of them; the proportional size (PSS) counts of a page that n processes share 1/n in
each, so that their sum is what the machine really gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MEASURABLE = (PROC / "self" / "smaps_rollup").exists()  # Linux


@dataclass(frozen=True, slots=True)
class Memory:
    """What some processes held at one moment, in MB of 10⁶ bytes."""

    pss: float
    rss: float
    processes: int


class Meter:
    """The most that the processes of a session held, of all moments at which `sample` looked."""

    def __init__(self) -> None:
        self.samples: list[Memory] = []

    def sample(self, session: int) -> None:
        self.samples.append(memory_of(session))

    @property
    def peak(self) -> Memory:
        """The most of each; the three need not come from one moment.

        Raises:
            ValueError: nothing was sampled.
        """
        return Memory(max(one.pss for one in self.samples), max(one.rss for one in self.samples), max(one.processes for one in self.samples))


def memory_of(session: int) -> Memory:
    """What the processes of a session hold now. One that ends meanwhile is left out."""
    found = [sizes for process in _processes(session) if (sizes := _sizes(process)) is not None]
    return Memory(sum(pss for pss, _ in found), sum(rss for _, rss in found), len(found))


def _processes(session: int) -> Iterator[Path]:
    # By session and not by parents: a process whose parent has ended is still found.
    for process in PROC.glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        # "pid (name) state ppid pgrp session …": the name may hold spaces and brackets.
        if int(stat.rpartition(")")[2].split()[3]) == session:
            yield process


def _sizes(process: Path) -> tuple[float, float] | None:
    """PSS and RSS; None for a process that has ended."""
    try:
        text = (process / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    pss, rss = (re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE) for name in ("Pss", "Rss"))
    return (int(pss[1]) * 1024 / 1e6, int(rss[1]) * 1024 / 1e6) if pss and rss else None
