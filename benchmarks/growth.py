"""How time, memory and the store grow with the class: one line a size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.memory import Memory
from benchmarks.row import aligned, duration, rounded

TARGETS = "Targets: beside the floor 1.0 (hoped for: 0.6), nothing new under 10 % of the first run, memory under 1 GB and the same at any size."


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A class of one size. Sizes on disk are bytes."""

    students: int
    slots: int  # of one sheet
    seconds: float  # the median of the first runs
    beside_floor: float  # the median of the pairs
    unchanged: float  # a second run with nothing new, as a share of the first
    memory: Memory | None  # of all processes together; None where the system does not tell
    lines: int  # what was handed in
    issued: int  # the store before the run
    store: int  # and after it
    made: float | None  # seconds to make the class; None where it was kept from an earlier run

    @property
    def rate(self) -> float:
        return self.students / self.seconds

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "sheets_per_second": self.rate, "seconds_per_slot": self.seconds / self.students / self.slots}


def growth_table(found: Sequence[Growth]) -> str:
    head = [
        "sheets",
        "time",
        "sheets/s",
        "a slot",
        "beside floor",
        "nothing new",
        "memory, PSS",
        "memory, RSS",
        "handed in",
        "store, issued",
        "store, graded",
        "a sheet",
    ]
    return aligned([head, *map(_cells, found)]) + f"\n\n{TARGETS}"


def _cells(one: Growth) -> list[str]:
    return [
        f"{one.students:,}",
        duration(one.seconds),
        rounded(one.rate),
        duration(one.seconds / one.students / one.slots),
        f"{one.beside_floor:.2f}",
        f"{one.unchanged:.1%}",
        f"{one.memory.pss:.0f} MB" if one.memory else "",
        f"{one.memory.rss:.0f} MB in {one.memory.processes}" if one.memory else "",
        f"{one.lines / 1e6:.1f} MB",
        f"{one.issued / 1e6:.1f} MB",
        f"{one.store / 1e6:.1f} MB",
        f"{one.store / one.students / 1e3:.1f} kB",
    ]
