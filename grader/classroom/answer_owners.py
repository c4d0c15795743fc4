"""Whose numbers lead to an answer, and how likely that is by chance."""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from grader.course.values import cells, shape

if TYPE_CHECKING:
    import numpy as np


class AnswerOwners:
    """For one part of one slot: which students' numbers lead to which answer. 16 bytes an answer."""

    def __init__(self, *, by_cell: bool) -> None:
        self.by_cell = by_cell
        self.first: str | None = None
        self.varies = False
        self.owners = array("q")
        self.digests = array("q")  # Python's own hash of the text: 64 bits, keyed anew in each process
        self.sizes: Counter[tuple[int, ...]] = Counter()
        self.places: dict[tuple[int, ...], list[Counter[Any]]] = {}

    def add(self, owner: int, text: str, value: Any, *, key: bool) -> None:
        if key:
            self.varies = self.varies or (self.first is not None and text != self.first)
            self.first = self.first or text
        self.owners.append(owner)
        self.digests.append(hash(text))
        if self.by_cell and (size := shape(value)):
            self.sizes[size] += 1
            flat = cells(value)
            for counter, cell in zip(self.places.setdefault(size, [Counter() for _ in flat]), flat, strict=True):
                counter[cell] += 1

    def close(self) -> None:
        import numpy as np

        digests = np.asarray(self.digests)
        order = np.argsort(digests, kind="stable")
        self.sorted, self.sorted_owners = digests[order], np.asarray(self.owners)[order]

    def owners_of(self, text: str) -> np.ndarray[Any, Any]:
        """The students whose numbers lead to this answer, in order."""
        import numpy as np

        low, high = np.searchsorted(self.sorted, hash(text), "left"), np.searchsorted(self.sorted, hash(text), "right")
        return np.unique(self.sorted_owners[low:high])

    def weight(self, text: str, owners: int, students: int) -> float:
        """−log of the chance that one other student's numbers lead to this answer."""
        value = json.loads(text) if self.by_cell else None
        size = shape(value)
        if not size:
            return -math.log(owners / students)
        count = self.sizes[size]
        by_cell = math.log(count / students) + sum(math.log(c[cell] / count) for c, cell in zip(self.places[size], cells(value), strict=True))
        by_array = math.log((owners - 1) / (students - 1)) if owners > 1 else -math.inf
        return max(0.0, -max(by_cell, by_array))
