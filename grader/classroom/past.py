"""Records that others took the place of, and the runs that did it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.classroom.store import Run, Store
from grader.marking.outline import Outline, read_outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A record as it stood, and the run whose record took its place."""

    outline: Outline
    data: Mapping[str, Any]  # the whole record, as JSON
    by: Run

    def to_json(self) -> dict[str, Any]:
        return {"run": self.by.to_json(), "record": self.data}


def replaced(store: Store, assignment: str, student: str) -> Iterator[Replaced]:
    """The records of a student that were replaced, oldest first."""
    for number, text in list(store.past(assignment, student)):
        data = json.loads(text)
        yield Replaced(outline=read_outline(data), data=data, by=store.run(number))
