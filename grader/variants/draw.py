"""Candidates: given drawn by an exercise's rules, within its `where` and its band of work.

Candidate n of a key is always the same, whatever became of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.course.expressions import Expression, ExpressionError
from grader.course.faults import CourseError
from grader.course.names import names_of
from grader.course.rules import ArrayRule, Choice, Constant, Derived, Fields, ListRule, Range, Rule, Sample, TextRule, Value
from grader.course.templates import shown
from grader.course.values import GivenError, cells
from grader.variants.stream import Stream


@dataclass(frozen=True, slots=True)
class Candidate:
    """A given that may become a variant, and what its answers would be compared with."""

    number: int
    given: Mapping[str, Any]
    expected: Expected


@dataclass(slots=True)
class Refusals:
    """Why candidates were not taken: reason → how often, and the first example."""

    counts: dict[str, int]
    examples: dict[str, Mapping[str, Any]]

    def add(self, reason: str, given: Mapping[str, Any]) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        self.examples.setdefault(reason, given)

    def error(self, exercise: Exercise, tried: int) -> CourseError:
        """What blocks the drawing, worst first, with an example and a cure."""
        worst = sorted(self.counts, key=lambda reason: -self.counts[reason])
        reasons = "; ".join(f"{self.counts[r]} × {r} (as with {example(self.examples[r])})" for r in worst[:3])
        cure = "widen the ranges of `draw`, or relax what blocks"
        return exercise.fault(("draw",), f"none of {tried} candidates can be handed out: {reasons}", cure)


def candidates(exercise: Exercise, key: bytes, limit: int, refusals: Refusals) -> Iterator[Candidate]:
    """The candidates of a key that keep to the exercise's rules, in order; those that do not are counted in `refusals`.

    Raises:
        CourseError: a bound or `where` cannot be computed.
    """
    for number in range(limit):
        given: dict[str, Any] = {}
        try:
            draw_into(given, exercise, Stream(key, number))
            broken = broken_rule(exercise, given)
            if broken is None:
                given = without_asked(exercise, given)
                expected = exercise.expect(given)
                broken = outside_work(exercise, given, expected)
        except GivenError as error:
            broken = str(error)
        if broken is None:
            yield Candidate(number, given, expected)
        else:
            refusals.add(broken, given)


def draw_given(exercise: Exercise, stream: Stream) -> dict[str, Any]:
    """One given, rule by rule in the order of the file; without what no variant holds.

    Raises:
        CourseError: a bound cannot be computed.
        GivenError: torch refuses what is to be derived.
    """
    given: dict[str, Any] = {}
    draw_into(given, exercise, stream)
    return without_asked(exercise, given)


def draw_into(given: dict[str, Any], exercise: Exercise, stream: Stream) -> None:
    """Draws into `given`, which holds what was drawn so far if a later rule fails. See `draw_given`."""
    for name, rule in exercise.draw.items():
        try:
            given[name] = exercise.solution.derive(name, given) if isinstance(rule, Derived) else _draw(rule, stream, given, name)
        except ExpressionError as error:
            raise exercise.fault(("draw", name), str(error), "correct the bound") from error


def without_asked(exercise: Exercise, given: dict[str, Any]) -> dict[str, Any]:
    """A given as it is handed out: what it is the question to find is left out, and what was drawn for other rules alone."""
    asked = exercise.asked_for(given)
    if asked is None and not exercise.not_given:
        return given
    return {name: value for name, value in given.items() if name != asked and name not in exercise.not_given}


def broken_rule(exercise: Exercise, given: Mapping[str, Any]) -> str | None:
    """The first `where` this given does not meet, in words; None where it meets all."""
    if not exercise.where:
        return None
    names = names_of(given)
    for index, rule in enumerate(exercise.where):
        try:
            if not rule(names):
                return f"where {rule.text} is not met"
        except ExpressionError as error:
            raise exercise.fault(("where", index), str(error), "correct the condition") from error
    return None


def work_of(given: Mapping[str, Any], expected: Expected) -> dict[str, int]:
    """What a variant costs its student: output cells, multiply-adds, and digits to write."""
    written = [cell for answer in expected.key.values() for cell in (answer if isinstance(answer, tuple) else cells(answer))]
    kernel = given.get("kernel")
    return {
        "cells": len(written),
        "multiply_adds": len(written) * (len(cells(kernel)) if isinstance(kernel, list) else 0),
        "digits": sum(len(str(abs(cell))) if isinstance(cell, int) else 0 for cell in written),
    }


def outside_work(exercise: Exercise, given: Mapping[str, Any], expected: Expected) -> str | None:
    """Which band of work this variant leaves, in words; None where it keeps to all."""
    bands = {"cells": exercise.work.cells, "multiply_adds": exercise.work.multiply_adds, "digits": exercise.work.digits}
    if not any(bands.values()):
        return None
    work = work_of(given, expected)
    for name, band in bands.items():
        if band is not None and not band[0] <= work[name] <= band[1]:
            return f"work.{name} {work[name]} is outside {list(band)}"
    return None


def example(given: Mapping[str, Any]) -> str:
    """A given in a message."""
    return ", ".join(f"{name}={value}" for name, value in given.items())


def _draw(rule: Rule, stream: Stream, given: Mapping[str, Any], name: str) -> Any:
    """The value of a rule. `given` holds what was drawn before it: of a list, under its own `name`, the items before."""
    match rule:
        case Constant(value=value):
            return value
        case Choice(options=options):
            return stream.choice(options)
        case Range(low=low, high=high):
            names = _names(given, low, high)
            first, last = _whole(low, names), _whole(high, names)
            if first > last:
                raise ExpressionError(f"'from' {low.text} = {first} is above 'to' {high.text} = {last}")
            return stream.between(first, last)
        case ArrayRule(shapes=shapes, low=low_cell, high=high_cell):
            sides = stream.choice(shapes) if len(shapes) > 1 else shapes[0]
            names = _names(given, *sides)
            return _array([_whole(side, names) for side in sides], low_cell, high_cell, stream)
        case Value(expression=expression):
            value = expression(names_of(given))
            return value if isinstance(value, (bool, str, list)) else _whole(expression, names_of(given))
        case TextRule(template=template):
            return template.render(names_of(given))
        case Sample(ids=ids, count=count, include=include):
            others = _shuffled([item for item in ids if item not in include], count - len(include), stream)
            return _shuffled([*include, *others], count, stream)
        case ListRule(items=items):
            return _list(items, stream, given, name)
        case Derived():
            raise TypeError("what is derived is not drawn")


def _shuffled(items: list[str], count: int, stream: Stream) -> list[str]:
    """`count` of the items in a drawn order: each draw takes one of those that are left."""
    left = list(items)
    return [left.pop(stream.below(len(left))) for _ in range(count)]


def _list(items: Sequence[Rule | Fields], stream: Stream, given: Mapping[str, Any], name: str) -> list[Any]:
    # What is drawn so far is a tuple: its last items are no height and width yet, only the list is a shape.
    drawn: list[Any] = []
    for item in items:
        if isinstance(item, Fields):
            layer: dict[str, Any] = {}
            for argument, rule in item.rules.items():
                layer[argument] = _draw(rule, stream, {**given, name: (*drawn, layer)}, name)
            drawn.append(layer)
        else:
            drawn.append(_draw(item, stream, {**given, name: tuple(drawn)}, name))
    return drawn


def _names(given: Mapping[str, Any], *bounds: Expression) -> Mapping[str, Any]:
    """The names that bounds may use; none where they use none, as most do."""
    return names_of(given) if any(bound.names for bound in bounds) else {}


def _whole(bound: Expression, names: Mapping[str, Any]) -> int:
    value = bound(names)
    if type(value) is not int:
        raise ExpressionError(f"'{bound.text}' gives {shown(value)}, which is no whole number")
    return value


def _array(sides: list[int], low: int, high: int, stream: Stream) -> list[Any]:
    if len(sides) == 1:
        return [stream.between(low, high) for _ in range(sides[0])]
    return [_array(sides[1:], low, high, stream) for _ in range(sides[0])]
