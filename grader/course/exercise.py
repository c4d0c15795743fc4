"""An exercise as the rest of the grader knows it: what is drawn, what is asked, what each wrong method is worth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from grader.course.expected import Expected
from grader.course.expressions import Expression
from grader.course.faults import CourseError, Source, nearest
from grader.course.solution import Solution, load_solution
from grader.course.templates import Words
from grader.course.values import Given, shape
from grader.documents import Place
from grader.text import Text


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


EXPECTED_FORM = 1  # of `Expected.text`, and of how answers are made plain: raised when either changes
Rule = Constant | Range | Choice | ArrayRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing asked. `weight` is its share of the slot's points, relative to the other parts'."""

    id: str
    kind: str  # "integer" | "vector" | "array" | "formula"
    weight: Fraction
    title: Text | None = None
    follows: tuple[str, ...] = ()
    follow_credit: Fraction = Fraction(3, 4)
    names: tuple[str, ...] = ()  # of a formula


@dataclass(frozen=True, slots=True)
class MistakePolicy:
    """What a wrong method is worth, and the words for it."""

    name: str
    credit: Fraction
    words: Words


@dataclass(frozen=True, slots=True)
class Work:
    """Bands within which every variant's work lies, each (least, most); None: not bounded."""

    cells: tuple[int, int] | None = None
    multiply_adds: tuple[int, int] | None = None
    digits: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A template of questions, checked. Its solution is loaded (and torch imported) when first used."""

    id: str
    title: Text
    level: int
    points: Fraction
    draw_version: int
    draw: Mapping[str, Rule]
    where: tuple[Expression, ...]
    work: Work
    may_coincide: frozenset[str]  # mistakes a single slot may fail to tell from the right method
    only_pinned: frozenset[str]  # mistakes that show only on given an instructor pins, never on drawn ones
    prompt: Words
    parts: tuple[Part, ...]
    mistakes: Mapping[str, MistakePolicy]
    rules: str  # digest of what decides the draw: another one under the same draw_version would change handed-out numbers
    file: str
    solution_path: Path
    solution_file: str
    source: Source = field(repr=False, compare=False)

    def fault(self, place: Place, what: str, cure: str) -> CourseError:
        """A fault that shows only when the exercise is drawn or computed, at its line."""
        return CourseError([self.source.fault(place, what, cure)])

    @property
    def solution(self) -> Solution:
        """The loaded solution.

        Raises:
            CourseError: the solution does not load.
        """
        return _loaded(self.solution_path, self.solution_file)

    def expect(self, given: Given) -> Expected:
        """Key and wrong answers for a given. Remembered where given is only integers: classes share those often.

        Raises:
            GivenError: the solution or torch refuses it.
            CourseError: the solution does not load, or gives no answer to a part.
        """
        if all(type(value) is int for value in given.values()):
            return _expected(ById(self), tuple(sorted(given.items())))
        return self._expect(given)

    def _expect(self, given: Given) -> Expected:
        values = self.solution.values(given)
        key = self.solution.key(values)
        for part in self.parts:
            if part.id not in key:
                raise self.fault(("parts", part.id), f"the reference of {self.solution_file} returns no '{part.id}'", nearest(part.id, key))
        return Expected(self, given, {part.id: key[part.id] for part in self.parts})

    def complete(self, given: Given) -> Given:
        """A pinned given with the defaults of what it leaves out, where the exercise draws it: its prompt names them."""
        parameters = self.solution.parameters
        return {**given, **{name: parameters[name].default for name in self.draw if name not in given and not parameters[name].required}}

    @property
    def part_names(self) -> frozenset[str]:
        return _part_names(ById(self))

    @property
    def digest(self) -> str:
        """16 hex digits for all that decides what is expected of a given: the solution, what is asked of it, and torch's version."""
        return _digest(ById(self))

    def part(self, part: str) -> Part | None:
        return next((found for found in self.parts if found.id == part), None)


@dataclass(frozen=True, slots=True, eq=False)
class ById:
    """An exercise as the key of a cache: by identity, since its mappings cannot be hashed."""

    exercise: Exercise

    def __hash__(self) -> int:
        return id(self.exercise)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and other.exercise is self.exercise


@lru_cache(maxsize=16_384)
def _expected(holder: ById, given: tuple[tuple[str, int], ...]) -> Expected:
    return holder.exercise._expect(dict(given))


@lru_cache(maxsize=256)
def _part_names(holder: ById) -> frozenset[str]:
    return frozenset(part.id for part in holder.exercise.parts)


@lru_cache(maxsize=256)
def _digest(holder: ById) -> str:
    exercise = holder.exercise
    try:
        solution = exercise.solution_path.read_bytes()
    except OSError:  # said where it is loaded
        solution = b""
    names = [EXPECTED_FORM, metadata.version("torch"), [part.id for part in exercise.parts], list(exercise.mistakes)]
    return hashlib.sha256(json.dumps(names).encode() + solution).hexdigest()[:16]


@lru_cache(maxsize=256)
def _loaded(path: Path, shown: str) -> Solution:
    return load_solution(path, shown)


def forget_solutions() -> None:
    """Drops the solutions this process has run, for one whose files change while it lives."""
    _loaded.cache_clear()
    _digest.cache_clear()


def variant_id(exercise: str, given: Given) -> str:
    """The name of a variant: 16 hex digits of SHA-256 over the exercise and its given."""
    canonical = json.dumps([exercise, given], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def names_of(given: Given) -> dict[str, Any]:
    """The names that prompts, words and `where` may use: the given, and the sides of its arrays and sizes.

    An array `input` brings `input_height` and `input_width` (and `input_channels` where it has three axes);
    a size brings `stride_height` and `stride_width`, whether it is one int or [H, W].
    """
    names: dict[str, Any] = dict(given)
    for name, value in given.items():
        sides = shape(value) if isinstance(value, list) else None
        if sides is not None and len(sides) >= 2:
            names |= zip((f"{name}_channels", f"{name}_height", f"{name}_width")[-len(sides) :], sides[-3:], strict=False)
        elif isinstance(value, list) and len(value) == 2:
            names |= {f"{name}_height": value[0], f"{name}_width": value[1]}
        elif isinstance(value, int):
            names |= {f"{name}_height": value, f"{name}_width": value}
    return names
