"""Reads the rules of `draw` of an exercise file, each with the names drawn above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from grader.course.expressions import Expression
from grader.course.names import names_of
from grader.course.rules import ArrayRule, Choice, Constant, Derived, Fields, ListRule, Range, Rule, Sample, TextRule, Value, sample_of
from grader.course.templates import Template
from grader.course.values import describe
from grader.documents import Place

Samples = Mapping[str, Any]
"""The names drawn so far, each with a value of its kind."""

MAX_ITEMS = 64
CURE = "write a value, {from: …, to: …}, {choice: […]}, {shape: […], from: …, to: …}, or another rule of docs/authors.md"


class Reader(Protocol):
    """What a rule needs of the reader of its file."""

    def fault(self, place: Place, what: str, cure: str) -> None: ...

    def expression(self, place: Place, text: str, names: frozenset[str]) -> Expression | None: ...

    def template(self, place: Place, text: str, names: frozenset[str]) -> Template: ...


def read_draw(reader: Reader, rules: Mapping[str, Any]) -> dict[str, Rule]:
    """All rules of a file, in its order; what is wrong with them, the reader collects."""
    found: dict[str, Rule] = {}
    for name, raw in rules.items():
        samples = {above: sample_of(rule) for above, rule in found.items()}
        # A faulty rule keeps its name, so that every sentence with that name is not called faulty too.
        stands_in = Constant([[0]] if isinstance(raw, dict) and "shape" in raw else 0)
        found[name] = _rule(_At(reader, ("draw", name), name, samples), raw) or stands_in
    return found


def known_names(rules: Mapping[str, Rule]) -> frozenset[str]:
    """What expressions may use: the drawn names, and the sides of arrays, sizes and layers."""
    return frozenset(names_of({name: sample_of(rule) for name, rule in rules.items()}))


@dataclass(frozen=True, slots=True)
class _At:
    """Where a rule stands: its place in the file, the name it is for, and the names drawn above it."""

    reader: Reader
    place: Place
    name: str
    above: Samples

    def fault(self, key: Place, what: str, cure: str) -> None:
        self.reader.fault((*self.place, *key), what, cure)

    def expression(self, key: str, raw: Any) -> Expression | None:
        return self.reader.expression((*self.place, key), str(raw), self.known)

    @property
    def known(self) -> frozenset[str]:
        return frozenset(names_of(self.above))

    def inside(self, *key: str | int, above: Samples) -> _At:
        return replace(self, place=(*self.place, *key), above=above)


def _rule(at: _At, raw: Any) -> Rule | None:
    """One rule; None where it is faulty. Anything but a mapping is a value that is always the same."""
    if not isinstance(raw, dict):
        return Constant(raw)
    if (read := _kind(raw)) is None:
        at.fault((), f"no rule of drawing has just the keys {', '.join(map(str, raw)) or 'none'}", CURE)
        return None
    return read(at, raw)


def _kind(raw: Mapping[str, Any]) -> Callable[[_At, Any], Rule | None] | None:
    """How a mapping is read as a rule; None where it is none."""
    keys = frozenset(raw)
    if keys == {"choice"} and not (isinstance(raw["choice"], list) and raw["choice"]):
        return None
    return _RULES.get(keys)


def _range(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    low, high = (at.expression(key, raw[key]) for key in ("from", "to"))
    return Range(low, high) if low and high else None


def _array(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    wanted = raw["shape"]["choice"] if isinstance(raw["shape"], dict) and raw["shape"].keys() == {"choice"} else [raw["shape"]]
    if not isinstance(wanted, list) or not all(isinstance(sides, list) and 2 <= len(sides) <= 3 for sides in wanted):
        at.fault(("shape",), "expected [height, width], or {choice: [[…], […]]}", "give the sides as integers or expressions")
        return None
    if not all(type(raw[key]) is int for key in ("from", "to")) or raw["from"] > raw["to"]:
        at.fault((), "the cells need whole numbers with from <= to", "write from: 0, to: 9")
        return None
    shapes = [tuple(at.expression("shape", side) for side in sides) for sides in wanted]
    if not all(side for sides in shapes for side in sides):
        return None
    return ArrayRule(tuple(tuple(side for side in sides if side) for sides in shapes), raw["from"], raw["to"])


def _value(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    expression = at.expression("value", raw["value"])
    return Value(expression) if expression else None


def _text(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    if not isinstance(raw["text"], str) or not raw["text"].strip():
        at.fault(("text",), f"expected text, got {describe(raw['text'])}", "write the text, with names in braces")
        return None
    return TextRule(at.reader.template((*at.place, "text"), raw["text"], at.known))


def _derived(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    if raw["derived"] is not True:
        at.fault(("derived",), f"expected true, got {describe(raw['derived'])}", "write {derived: true}, or another rule")
        return None
    return Derived()


def _sample(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    ids, include, count = raw["sample"], raw.get("include", []), raw["count"]
    for key, listed in (("sample", ids), ("include", include)):
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed) or len(set(listed)) != len(listed):
            at.fault((key,), "expected a list of different names", "write [name, name], each once")
            return None
    if missing := [item for item in include if item not in ids]:
        at.fault(("include",), f"'{missing[0]}' is not in `sample`", "add it there, or leave it out here")
        return None
    least = max(1, len(include))
    if type(count) is not int or not least <= count <= len(ids):
        what = f"expected a whole number from {least} to {len(ids)}, got {describe(count)}"
        at.fault(("count",), what, "that many are drawn, those of `include` among them")
        return None
    return Sample(tuple(ids), count, tuple(include))


def _list(at: _At, raw: Mapping[str, Any]) -> Rule | None:
    items = raw["list"]
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        at.fault(("list",), f"expected a list of 1 to {MAX_ITEMS} rules, got {describe(items)}", "write [rule, rule, …]")
        return None
    found: list[Rule | Fields] = []  # as a tuple to those after them: its last items are no height and width yet
    for index, item in enumerate(items):
        here = at.inside("list", index, above={**at.above, at.name: tuple(sample_of(rule) for rule in found)})
        rule = _fields(here, item) if isinstance(item, dict) and _kind(item) is None else _rule(here, item)
        if rule is None:
            return None
        if isinstance(rule, (ArrayRule, ListRule, Derived)):
            here.fault((), "a list holds numbers, texts and mappings only", "give a rule for one of these")
            return None
        found.append(rule)
    return ListRule(tuple(found))


def _fields(at: _At, raw: Mapping[str, Any]) -> Fields | None:
    """A mapping of names to rules; each may use those before it in the same mapping, as `layers_2_stride`."""
    found: dict[str, Rule] = {}
    for argument, inner in raw.items():
        layer = {key: sample_of(rule) for key, rule in found.items()}
        here = at.inside(argument, above={**at.above, at.name: (*at.above[at.name], layer)} if found else at.above)
        rule = _rule(here, inner)
        if rule is None:
            return None
        if isinstance(rule, (ArrayRule, ListRule, Derived, Sample)):
            here.fault((), "a layer holds integers, [H, W], true, false and texts only", "give a rule for one of these")
            return None
        found[argument] = rule
    return Fields(found)


_RULES: dict[frozenset[str], Callable[[_At, Any], Rule | None]] = {
    frozenset({"choice"}): lambda at, raw: Choice(tuple(raw["choice"])),
    frozenset({"from", "to"}): _range,
    frozenset({"shape", "from", "to"}): _array,
    frozenset({"value"}): _value,
    frozenset({"text"}): _text,
    frozenset({"derived"}): _derived,
    frozenset({"sample", "count"}): _sample,
    frozenset({"sample", "count", "include"}): _sample,
    frozenset({"list"}): _list,
}
