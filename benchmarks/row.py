"""One line of the table: something timed several times, and what it is measured beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Times in seconds, one a run. `beside` holds the other's times in the same order: run by run they are pairs."""

    name: str
    times: tuple[float, ...]
    count: int = 0  # how many `unit`s one run does; 0: none are counted
    unit: str = ""
    beside: str = ""
    others: tuple[float, ...] = ()
    peak: float | None = None  # MB, the most any run held
    target: str = ""

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def rate(self) -> float | None:
        return self.count / self.median if self.count else None

    @property
    def ratio(self) -> float | None:
        """How many times as long as the other, pair by pair; the median of the pairs."""
        return median(own / other for own, other in zip(self.times, self.others, strict=True)) if self.others else None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "seconds": list(self.times),
            "median": self.median,
            "count": self.count or None,
            "unit": self.unit or None,
            "rate": self.rate,
            "beside": self.beside or None,
            "beside_seconds": list(self.others),
            "ratio": self.ratio,
            "peak_mb": self.peak,
            "target": self.target or None,
        }


def table(rows: Sequence[Row]) -> str:
    """The rows as a plain table."""
    head = ["what", "runs", "median", "least", "most", "rate", "peak", "beside", "its median", "ratio", "target"]
    return aligned([head, *(_cells(row) for row in rows)])


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Text in columns, as Markdown reads it too."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)


def duration(seconds: float) -> str:
    for size, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def rounded(number: float) -> str:
    """To whole numbers, or to two digits where that would be next to nothing."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _cells(row: Row) -> list[str]:
    return [
        row.name,
        str(len(row.times)),
        duration(row.median),
        duration(min(row.times)),
        duration(max(row.times)),
        f"{rounded(row.rate)} {row.unit}/s" if row.rate is not None else "",
        f"{row.peak:.0f} MB" if row.peak is not None else "",
        row.beside,
        duration(median(row.others)) if row.others else "",
        (f"{row.ratio:.2f}" if row.ratio >= 0.1 else f"{row.ratio:.2g}") if row.ratio is not None else "",
        row.target,
    ]
