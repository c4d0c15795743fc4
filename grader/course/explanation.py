"""The names an exercise's `explanation` may use: those of its given, and those of its key.

A part stands for its right answer: `{output_size}`, where sizes are [H, W] also `{output_size_height}`, of a shape `{shape_2}`, of a part
with `each` `{layer_1}`. Where a given has the same name, that is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grader.course.names import names_of
from grader.course.part import Part
from grader.course.rules import Rule, sample_of


def answer_names(parts: Iterable[Part], draw: Mapping[str, Rule]) -> frozenset[str]:
    """The names that the right answers bring."""
    samples: dict[str, Any] = {}
    for part in parts:
        listed = sample_of(draw[part.each]) if part.each is not None and part.each in draw else None
        ids = [part.id] if listed is None else [f"{part.id}_{number}" for number in range(1, len(listed) + 1)]
        samples |= {name: _sample(part) for name in ids}
    return frozenset(names_of(samples))


def _sample(part: Part) -> Any:
    match part.kind:
        case "integer" | "number":
            return 0
        case "shape":
            return tuple([0] * max((len(axes) for axes in part.axes), default=0))
        case "array":
            return [[[0]]]
        case _:
            return ""
