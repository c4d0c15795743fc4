"""What a variant's answers are compared with: the key, and what each wrong method gives.

Computed by the solution, with torch; or read from a text that was made of it then, without torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.course.fitness import fitting
from grader.course.formula import Formula
from grader.course.solution import OneOf, Values
from grader.course.values import Answer, Given, plain

if TYPE_CHECKING:
    from grader.course.exercise import Exercise

Readings = Mapping[str, tuple[Answer, ...]]  # part → the answers that a wrong method leads to


@dataclass(frozen=True)
class Expected:
    """The key of a variant, and (computed when asked for) what each wrong method gives."""

    exercise: Exercise
    given: Given
    key: Mapping[str, Answer]

    @cached_property
    def values(self) -> Values:
        """Given as the solution's functions take it."""
        return self.exercise.solution.values(self.exercise.with_derived(self.given))

    @cached_property
    def applicable(self) -> tuple[str, ...]:
        """The names of the wrong methods that could show on these values, in the exercise's order: likeliest first."""
        methods = self.exercise.solution.mistakes
        return tuple(name for name in self.exercise.mistakes if methods[name].fits(self.values))

    @cached_property
    def mistakes(self) -> Mapping[str, Readings]:
        """For each applicable wrong method, for each part it gets wrong, the answers it leads to (its readings)."""
        methods = self.exercise.solution.mistakes
        found: dict[str, Readings] = {}
        asked = {part.id: part for part in self.exercise.parts_of(self.values)}
        for name in self.applicable:
            try:
                answers = methods[name](self.values)
            except (RuntimeError, ValueError, ZeroDivisionError, IndexError):
                continue  # torch refuses what the wrong method would do, so nobody can get an answer by it
            own = {part: fitting(asked[part], _readings(answer), self.key[part]) for part, answer in answers.items() if part in self.key}
            if not own or any(own.values()):  # else none of its answers can be given here: an option that is not shown
                found[name] = {part: readings for part, readings in own.items() if readings}
        return found

    @cached_property
    def patterns(self) -> Mapping[str | None, tuple[Any, ...]]:
        """All parts' answers as each applicable wrong method leaves them, and (under None) as the right one does.

        In a form that can be compared and hashed: for each part, the set of answers that show the method.
        """
        right = {part: frozenset({_frozen(answer)}) for part, answer in self.key.items()}
        found: dict[str | None, tuple[Any, ...]] = {None: tuple(right.values())}
        for name, answers in self.mistakes.items():
            found[name] = tuple(frozenset(map(_frozen, answers[part])) if part in answers else own for part, own in right.items())
        return found

    def text(self) -> str | None:
        """All of this as two lines of JSON, for `expected_of`; None where an answer has no such form."""
        try:
            key = {part: _packed(answer) for part, answer in self.key.items()}
            wrong = [[name, [[part, [_packed(one) for one in readings]] for part, readings in parts.items()]] for name, parts in self.mistakes.items()]
        except TypeError:
            return None
        return "\n".join(json.dumps(half, separators=(",", ":"), ensure_ascii=False) for half in (list(key.items()), [list(self.applicable), wrong]))


def expected_of(exercise: Exercise, given: Given, text: str) -> Expected:
    """What `Expected.text` was made of. Whoever keeps such texts keeps them apart by `Exercise.digest`."""
    if (part := exercise.code_part) is not None:
        from grader.course.code_key import known_code

        return known_code(exercise, part, text)
    key, _, rest = text.partition("\n")
    return _Known(exercise, given, dict(_read(key)), rest)


@dataclass(frozen=True)
class _Known(Expected):
    """What was computed before. Wrong answers are read when they are asked for: right ones do not need them."""

    rest: str

    @cached_property
    def applicable(self) -> tuple[str, ...]:
        return tuple(self._wrong[0])

    @cached_property
    def mistakes(self) -> Mapping[str, Readings]:
        return {name: {part: tuple(readings) for part, readings in parts} for name, parts in self._wrong[1]}

    @cached_property
    def _wrong(self) -> Any:
        return _read(self.rest)


def _packed(answer: Any) -> Any:
    """An answer as JSON: numbers, texts and arrays as they are, the rest as an object that says what it is."""
    if type(answer) is int or type(answer) is str or type(answer) is float:
        return answer
    if type(answer) is list:
        return [_packed(item) for item in answer]
    if type(answer) is tuple:
        return {"vector": [_packed(item) for item in answer]}
    if type(answer) is frozenset:
        return {"set": sorted(answer)}
    if type(answer) is Fraction:
        return {"fraction": str(answer)}
    if type(answer) is Formula:
        return {"formula": answer.text, "names": answer.names, "points": answer.points, "values": answer.values}
    raise TypeError(f"no JSON for a {type(answer).__name__}")


def _read(text: str) -> Any:
    # A decoder of its own: `json.loads` makes one for each text that has a hook.
    return _DECODER.decode(text)


def _unpacked(data: Mapping[str, Any]) -> Answer:
    if "vector" in data:
        return tuple(data["vector"])
    if "set" in data:
        return frozenset(data["set"])
    if "fraction" in data:
        return Fraction(data["fraction"])
    return Formula(data["formula"], tuple(data["names"]), tuple(map(tuple, data["points"])), tuple(data["values"]))


_DECODER = json.JSONDecoder(object_hook=_unpacked)


def _frozen(value: Any) -> Any:
    """An answer that can be hashed; an array stays apart from a vector of the same numbers."""
    if not isinstance(value, list):
        return value
    return ("array", *(map(_frozen, value) if list in map(type, value) else value))


def _readings(answer: Any) -> tuple[Answer, ...]:
    if isinstance(answer, OneOf):
        return tuple(_plain(reading) for reading in answer.readings)
    return (_plain(answer),)


def _plain(answer: Any) -> Answer:
    """An answer as plain Python; whether its part takes a float is the part's business."""
    return answer if type(answer) is float else plain(answer)
