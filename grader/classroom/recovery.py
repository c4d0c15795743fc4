"""How well grading a simulated class recovered the truth about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.marking.record import Record, Status


@dataclass(frozen=True, slots=True)
class Recovery:
    """Counts over every part of every graded sheet of a simulated class."""

    students: int
    showed: int  # answers that a student's wrong method led to
    named: int  # … of which the record names that method, alone or among others
    alone: int  # … of which it names no other
    slips: int
    wrongly_named: int  # slips, blanks and right answers that the record takes for a wrong method
    rank_correlation: float | None  # Spearman's, of marked points with true mastery; None where all are equal

    @property
    def share(self) -> float:
        return self.named / self.showed if self.showed else 1.0


def truth_path(folder: Path, assignment: str) -> Path:
    """Where a trial course keeps the truth about its simulated class."""
    return folder / f"truth-{assignment}.jsonl"


def read_truth(path: Path) -> dict[str, Mapping[str, Any]]:
    """The truth of each simulated student, by id."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {line["student"]: line for line in lines}


def recovered(truth: Mapping[str, Mapping[str, Any]], records: Iterable[Record]) -> Recovery:
    """Compares each graded record with what the student really did. Damaged files, which are refused, are left out."""
    showed = named = alone = slips = wrongly = 0
    points: list[float] = []
    mastery: list[float] = []
    for record in records:
        own = truth.get(record.student)
        if own is None or own["damage"] or record.status is not Status.GRADED:
            continue
        points.append(float(record.marked))
        mastery.append(own["mastery"])
        for slot in record.slots:
            for part in slot.parts:
                origin = own["answers"][slot.slot][part.part]
                slips += origin["kind"] == "slip"
                if origin["kind"] == "mistake":
                    showed += 1
                    named += origin["mistake"] in part.mistakes
                    alone += part.mistakes == (origin["mistake"],)
                else:
                    wrongly += bool(part.mistakes)
    return Recovery(len(points), showed, named, alone, slips, wrongly, rank_correlation(points, mastery))


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's rank correlation: Pearson's of the ranks, ties sharing their mean rank (Spearman 1904); None where one is constant."""
    if len(first) < 2:
        return None
    a, b = _ranks(first), _ranks(second)
    mean = (len(a) + 1) / 2
    spread = sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)
    return sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True)) / float(spread**0.5) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for index in order[start : end + 1]:
            ranks[index] = (start + end) / 2 + 1
        start = end + 1
    return ranks
