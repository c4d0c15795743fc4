"""How each name of given is drawn: the rules of `draw`, as `variants.draw` carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.course.expressions import Expression
from grader.course.templates import Template


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class Range:
    """An integer from `low` to `high`, both included; bounds may use names drawn before it."""

    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ArrayRule:
    """An array of integers: one of `shapes`, each cell from `low` to `high`."""

    shapes: tuple[tuple[Expression, ...], ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives for the names drawn before it. The stream is not used."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Sample:
    """`count` different ids in a drawn order; those of `include` are always among them."""

    ids: tuple[str, ...]
    count: int
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextRule:
    """A template filled with the names drawn before it: code that students read. The stream is not used."""

    template: Template


@dataclass(frozen=True, slots=True)
class Derived:
    """What the solution's `@derived` function of that name computes from given drawn before it. The stream is not used."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of names to rules: one layer of a list of layers."""

    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class ListRule:
    """A list, item by item: a shape `[N, C, H, W]`, or layers. An item may use the items before it."""

    items: tuple[Rule | Fields, ...]


Rule = Constant | Range | Choice | ArrayRule | Value | Sample | TextRule | Derived | ListRule


def sample_of(rule: Rule | Fields) -> Any:
    """A value of the kind a rule gives, so that the names it brings are known before anything is drawn."""
    match rule:
        case Constant(value=value):
            return value
        case Choice(options=options):
            return options[0]
        case ArrayRule(shapes=shapes):
            return [[[0]]] if len(shapes[0]) == 3 else [[0]]
        case ListRule(items=items):
            return [sample_of(item) for item in items]
        case Fields(rules=rules):
            return {name: sample_of(inner) for name, inner in rules.items()}
        case Sample(ids=ids):
            return list(ids)
        case TextRule():
            return ""
        case _:
            return 0
