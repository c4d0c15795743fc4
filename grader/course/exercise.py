"""An exercise as the rest of the grader knows it: what is drawn, what is asked, what each wrong method is worth."""

from __future__ import annotations

import hashlib
import json
import re
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
from grader.course.fitness import Unfit, check_key
from grader.course.names import names_of
from grader.course.part import Part, numbered, with_options
from grader.course.rules import Rule
from grader.course.solution import Solution, load_solution
from grader.course.templates import Words
from grader.course.values import Given, GivenError, describe, given_json
from grader.documents import Place
from grader.text import Text

EXPECTED_FORM = 1  # of `Expected.text`, of how answers are made plain and of what `walk` finds: raised when one of these changes
_NUMBER = re.compile("[1-9][0-9]{0,3}")


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
    explanation: Words | None = None  # how one gets to the key: its names are in `course.explanation`. No sheet has it
    leave_out: str | None = None  # the given that holds the name of another one, which is drawn and then left out
    not_given: frozenset[str] = frozenset()  # drawn for the rules below them alone: no variant holds them
    minutes: Fraction | None = None  # that a student who knows how is expected to need at this level
    levels: Mapping[int, Exercise] = field(default_factory=dict)  # the same exercise at its other levels
    within: Place = ()  # of such a one: where in the file its own rules stand

    def at(self, level: int) -> Exercise:
        """This exercise at a level: it draws by other rules, and is the same in all else.

        Raises:
            KeyError: it has no such level.
        """
        return self if level == self.level else self.levels[level]

    @property
    def every_level(self) -> tuple[Exercise, ...]:
        """This exercise at all of its levels, easiest first."""
        return tuple(sorted((self, *self.levels.values()), key=lambda exercise: exercise.level))

    def fault(self, place: Place, what: str, cure: str) -> CourseError:
        """A fault that shows only when the exercise is drawn or computed, at its line."""
        return CourseError([self.source.fault(place, what, cure, self.within)])

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
        if (part := self.code_part) is not None:
            from grader.course.code_key import code_expected

            if given:
                raise GivenError("this exercise asks for a program, the same of everyone; write {} for given")
            return code_expected(self, part)
        values = self.solution.values(self.with_derived(given))
        key = self.solution.key(values)
        parts = self.parts_of(values)
        for part in parts:
            if part.id not in key:
                raise self.fault(("parts", part.id), f"the reference of {self.solution_file} returns no '{part.id}'", nearest(part.id, key))
            try:
                check_key(part, key[part.id])
            except Unfit as error:
                raise self.fault(("parts", part.id), f"{error.args[0]} ({self.solution_file})", error.args[1]) from error
        return Expected(self, given, {part.id: key[part.id] for part in parts})

    def complete(self, given: Given) -> Given:
        """A pinned given with the defaults of what it leaves out, where the exercise draws it: its prompt names them."""
        parameters = self.solution.parameters
        given = self.with_derived(given)
        names = [name for name in self.draw if name not in given and name not in self.not_given and name != self.asked_for(given)]
        missing = [name for name in names if not parameters[name].required]
        return {**given, **{name: given_json(parameters[name].default) for name in missing}}

    def with_derived(self, given: Given) -> Given:
        """A given with what its solution computes from it, where it leaves that out or says null.

        Raises:
            GivenError: what it is computed from is missing, or torch refuses it.
        """
        unknown = self.asked_for(given)
        missing = [name for name in self.draw if name in self.solution.derived and name != unknown and given.get(name) is None]
        for name in missing:
            if unknown in self.solution.derived[name].takes:
                raise GivenError(f"{name}: it is computed from {unknown}, which is what this exercise asks for; give {name} itself")
            given = {**given, name: self.solution.derive(name, given)}
        return given

    def asked_for(self, given: Given) -> str | None:
        """The name of given that is left out of this variant, because it is what is asked; None where none is."""
        name = given.get(self.leave_out) if self.leave_out is not None else None
        return name if isinstance(name, str) else None

    @property
    def code_part(self) -> Part | None:
        """The part that asks for a function; None where this is no code exercise. Such a one has no other part."""
        return self.parts[0] if self.parts and self.parts[0].kind == "code" else None

    @property
    def part_names(self) -> frozenset[str]:
        """The names of the parts in the file; a part for each item of a list has others on a variant."""
        return _part_names(ById(self))

    @property
    def digest(self) -> str:
        """16 hex digits for all that decides what is expected of a given: the solution, what is asked of it, and torch's version."""
        return _digest(ById(self))

    def part(self, part: str) -> Part | None:
        """The part of this name, `layer_3` of a part per layer among them."""
        if (found := next((found for found in self.parts if found.id == part and found.each is None), None)) is not None:
            return found
        stem, _, number = part.rpartition("_")
        layered = next((found for found in self.parts if found.id == stem and found.each is not None), None)
        return numbered(layered, int(number)) if layered is not None and _NUMBER.fullmatch(number) else None

    def parts_of(self, given: Given) -> tuple[Part, ...]:
        """What is asked on this given: a part with `each` stands for as many as that list has items.

        Raises:
            GivenError: the list is missing, or is none.
        """
        if all(part.each is None and part.options_from is None for part in self.parts):
            return self.parts
        return _parts_of(ById(self), tuple((_length(part.each, given), _shown(part.options_from, given)) for part in self.parts))

    def names(self, given: Given) -> dict[str, Any]:
        """The names that the prompt and the words of this exercise may use, on this given.

        Beside `names_of`: lists of options are their words, what is asked for is `?`, and `tolerance` is that of a number.
        """
        names = names_of(given)
        if (asked := self.asked_for(given)) is not None and asked not in given:
            names[asked] = "?"
        for part in self.parts:
            if part.tolerance is not None:
                names["tolerance"] = part.tolerance
            if part.options:
                words = {option.id: option.words for option in part.options}
                names |= {name: _listed([words[item] for item in value]) for name, value in given.items() if _all_in(value, words)}
        return names


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


@lru_cache(maxsize=4096)
def _parts_of(holder: ById, lists: tuple[tuple[int | None, tuple[str, ...] | None], ...]) -> tuple[Part, ...]:
    found: list[Part] = []
    for part, (length, shown) in zip(holder.exercise.parts, lists, strict=True):
        own = part if shown is None else with_options(part, shown)
        found += [own] if length is None else [numbered(own, number) for number in range(1, length + 1)]
    return tuple(found)


def _shown(name: str | None, given: Given) -> tuple[str, ...] | None:
    """The ids of a list of given; None where no name is asked for."""
    if name is None:
        return None
    items = given.get(name)
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise GivenError(f"{name}: expected a list of options, got {describe(items)}; write [name, name]")
    return tuple(items)


def _all_in(value: Any, words: Mapping[str, Text]) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, str) and item in words for item in value)


def _listed(texts: list[Text]) -> Text:
    return Text(", ".join(text.en for text in texts), "、".join(text.zh for text in texts))


def _length(name: str | None, given: Given) -> int | None:
    """How many items a list of given has; None where no name is asked for."""
    if name is None:
        return None
    items: Any = given.get(name)
    if isinstance(items, (str, Mapping)) or not hasattr(items, "__len__"):
        raise GivenError(f"{name}: expected a list, one item for each part asked, got {describe(items)}; give a list")
    return len(items)


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
    # Titles and words may be put right after sheets were issued: they decide no answer.
    parts = [[part.id, part.kind, part.each, str(part.tolerance), part.options_from, [option.id for option in part.options]] for part in exercise.parts]
    about: list[Any] = [EXPECTED_FORM, metadata.version("torch"), parts, list(exercise.mistakes)]
    if (code := exercise.code_part) is not None and code.code is not None:
        about.append([[group.id, group.hidden] for group in code.code.groups])
    return hashlib.sha256(json.dumps(about).encode() + solution).hexdigest()[:16]


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
