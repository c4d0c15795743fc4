"""Reads `exercises/ID.yaml` into an `Exercise`: everything a model cannot say is checked here, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.course.exercise import ArrayRule, Choice, Constant, Exercise, MistakePolicy, Part, Range, Rule, Work, names_of
from grader.course.expressions import Expression, ExpressionError, parse
from grader.course.faults import CourseError, Fault, Source, nearest
from grader.course.schema import ExerciseModel, PartModel, TextModel, check
from grader.course.templates import Words, template
from grader.course.values import GivenError, describe
from grader.documents import NumberText, Place
from grader.text import LANGUAGES, Text

ENGINE_NAMES = frozenset({"answer"})  # what feedback words may use beside given


def read_exercise(folder: Path, exercise_id: str) -> Exercise:
    """The exercise `exercises/ID.yaml` of a course folder.

    Raises:
        CourseError: with every fault of the file.
    """
    source = Source.read(folder / "exercises" / f"{exercise_id}.yaml", f"exercises/{exercise_id}.yaml")
    model = check(ExerciseModel, source)
    reader = _Reader(source)
    if model.id != exercise_id:
        reader.fault(("id",), f"'{model.id}' is not the file's name", f"write `id: {exercise_id}`, or rename the file")
    draw = reader.draw(model.draw)
    names = reader.names(draw)
    exercise = Exercise(
        id=exercise_id,
        title=Text(model.title.en, model.title.zh),
        level=model.level,
        points=reader.fraction(("points",), model.points, most=1000),
        draw_version=model.draw_version,
        draw=draw,
        where=tuple(e for i, text in enumerate(model.where) if (e := reader.expression(("where", i), text, names))),
        work=reader.work(model),
        may_coincide=frozenset(model.may_coincide),
        only_pinned=frozenset(model.only_pinned),
        prompt=reader.words(("prompt",), model.prompt, names),
        parts=reader.parts(model.parts),
        mistakes={
            name: MistakePolicy(
                name, reader.fraction(("mistakes", name, "credit"), mistake.credit), reader.words(("mistakes", name), mistake, names | ENGINE_NAMES)
            )
            for name, mistake in model.mistakes.items()
        },
        rules=_rules(model),
        file=source.file,
        solution_path=folder / "solutions" / f"{model.solution}.py",
        solution_file=f"solutions/{model.solution}.py",
        source=source,
    )
    for place, names_there in (("may_coincide", model.may_coincide), ("only_pinned", model.only_pinned)):
        for index, name in enumerate(names_there):
            if name not in model.mistakes:
                reader.fault((place, index), f"'{name}' is no mistake of this exercise", nearest(name, model.mistakes))
    if not exercise.solution_path.is_file():
        known = [path.stem for path in (folder / "solutions").glob("*.py")]
        reader.fault(("solution",), f"there is no {exercise.solution_file}", nearest(model.solution, known))
    if reader.faults:
        raise CourseError(reader.faults)
    return exercise


def check_solution(exercise: Exercise, source: Source) -> list[Fault]:
    """What does not fit between an exercise and its solution; loads the solution, and torch with it."""
    try:
        solution = exercise.solution
    except CourseError as error:
        return list(error.faults)
    faults = [
        source.fault(("mistakes", name), f'{exercise.solution_file} has no @mistake("{name}")', nearest(name, solution.mistakes))
        for name in exercise.mistakes
        if name not in solution.mistakes
    ]
    faults += [
        source.fault(("draw", name), f"the reference of {exercise.solution_file} takes no '{name}'", nearest(name, solution.parameters))
        for name in exercise.draw
        if name not in solution.parameters
    ]
    faults += [
        source.fault(("draw",), f"'{name}' is not drawn, but the reference of {exercise.solution_file} needs it", f"add `{name}:` to draw")
        for name, parameter in solution.parameters.items()
        if parameter.required and name not in exercise.draw
    ]
    faults += [
        source.fault(("parts", part.id), f'follows other parts, but {exercise.solution_file} has no @follow("{part.id}")', "add that function")
        for part in exercise.parts
        if part.follows and part.id not in solution.follow
    ]
    for name, rule in exercise.draw.items():
        options = (rule.value,) if isinstance(rule, Constant) else rule.options if isinstance(rule, Choice) else ()
        for option in options if name in solution.parameters else ():
            try:
                solution.parameters[name].read(option)
            except GivenError as error:
                what, _, cure = str(error).removeprefix(f"{name}: ").partition("; ")
                faults.append(source.fault(("draw", name), what, cure))
    return faults


class _Reader:
    """Collects faults while the values of one file are read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def fault(self, place: Place, what: str, cure: str) -> None:
        self.faults.append(self.source.fault(place, what, cure))

    def fraction(self, place: Place, raw: Any, most: int = 1) -> Fraction:
        """A number from 0 to `most`, exactly: `0.5`, `1`, `1/3`."""
        value = exact(raw)
        if value is None or not 0 <= value <= most:
            self.fault(place, f"expected a number from 0 to {most}, got {describe(raw)}", "write it as 0.5, 1 or 1/3")
            return Fraction(0)
        return value

    def expression(self, place: Place, text: str, names: frozenset[str]) -> Expression | None:
        try:
            expression = parse(text)
        except ExpressionError as error:
            self.fault(place, *_split(error))
            return None
        self._known(place, expression.names, names)
        return expression

    def words(self, place: Place, model: TextModel, names: frozenset[str]) -> Words:
        found = []
        for language in LANGUAGES:
            try:
                found.append(template(getattr(model, language)))
                self._known((*place, language), found[-1].names, names)
            except ExpressionError as error:
                self.fault((*place, language), *_split(error))
                found.append(template(""))
        return Words(*found)

    def draw(self, rules: Mapping[str, Any]) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        for name, raw in rules.items():
            known = self.names(found)
            # A faulty rule keeps its name, so that every sentence with that name is not called faulty too.
            stands_in = Constant([[0]] if isinstance(raw, dict) and "shape" in raw else 0)
            found[name] = self.rule(("draw", name), raw, known) or stands_in
        return found

    def rule(self, place: Place, raw: Any, known: frozenset[str]) -> Rule | None:
        if not isinstance(raw, dict):
            return Constant(raw)
        keys = raw.keys()
        if keys == {"choice"} and isinstance(raw["choice"], list) and raw["choice"]:
            return Choice(tuple(raw["choice"]))
        if keys == {"from", "to"}:
            low, high = (self.expression((*place, key), str(raw[key]), known) for key in ("from", "to"))
            return Range(low, high) if low and high else None
        if keys == {"shape", "from", "to"}:
            return self.array(place, raw, known)
        cure = "write a value, {from: …, to: …}, {choice: […]}, or {shape: […], from: …, to: …}"
        self.fault(place, f"no rule of drawing has just the keys {', '.join(map(str, keys)) or 'none'}", cure)
        return None

    def array(self, place: Place, raw: Mapping[str, Any], known: frozenset[str]) -> ArrayRule | None:
        wanted = raw["shape"]["choice"] if isinstance(raw["shape"], dict) and raw["shape"].keys() == {"choice"} else [raw["shape"]]
        if not isinstance(wanted, list) or not all(isinstance(sides, list) and 2 <= len(sides) <= 3 for sides in wanted):
            self.fault((*place, "shape"), "expected [height, width], or {choice: [[…], […]]}", "give the sides as integers or expressions")
            return None
        if not all(type(raw[key]) is int for key in ("from", "to")) or raw["from"] > raw["to"]:
            self.fault(place, "the cells need whole numbers with from <= to", "write from: 0, to: 9")
            return None
        shapes = [tuple(self.expression((*place, "shape"), str(side), known) for side in sides) for sides in wanted]
        if not all(side for sides in shapes for side in sides):
            return None
        return ArrayRule(tuple(tuple(side for side in sides if side) for sides in shapes), raw["from"], raw["to"])

    def parts(self, models: Mapping[str, PartModel]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for name, model in models.items():
            for index, earlier in enumerate(model.follows):
                if earlier not in [part.id for part in parts]:
                    self.fault(("parts", name, "follows", index), f"'{earlier}' is no earlier part", nearest(earlier, [part.id for part in parts]))
            if (model.kind == "formula") != bool(model.names):
                self.fault(("parts", name), "a formula needs `names`, and only a formula has them", "write names: [i, k, s, p]")
            weight = self.fraction(("parts", name, "weight"), model.weight, most=1000)
            if weight == 0:
                self.fault(("parts", name, "weight"), "a part needs a weight above 0", "write weight: 1")
            carried = Fraction(3, 4) if model.follow_credit is None else self.fraction(("parts", name, "follow_credit"), model.follow_credit)
            parts.append(
                Part(
                    id=name,
                    kind=model.kind,
                    weight=weight or Fraction(1),
                    title=Text(model.title.en, model.title.zh) if model.title else None,
                    follows=tuple(model.follows),
                    follow_credit=carried,
                    names=tuple(model.names),
                )
            )
        return tuple(parts)

    def work(self, model: ExerciseModel) -> Work:
        bands = model.work.model_dump() if model.work else {}
        for name, band in bands.items():
            if band and band[0] > band[1]:
                self.fault(("work", name), "the least is above the most", "write [least, most]")
        return Work(**{name: tuple(band) if band else None for name, band in bands.items()})

    def names(self, draw: Mapping[str, Rule]) -> frozenset[str]:
        """What expressions may use: the drawn names, and the sides of arrays and sizes."""
        samples = {
            name: [[[0]]] if isinstance(rule, ArrayRule) and len(rule.shapes[0]) == 3 else [[0]] if isinstance(rule, ArrayRule) else _sample(rule)
            for name, rule in draw.items()
        }
        return frozenset(names_of(samples))

    def _known(self, place: Place, used: frozenset[str], known: frozenset[str]) -> None:
        for name in sorted(used - known):
            self.fault(place, f"'{name}' is no name of this exercise", nearest(name, known))


def exact(raw: Any) -> Fraction | None:
    """A number of a course file as a fraction: an int, a decimal, or text like `1/3`; None where it is none."""
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        return None
    if isinstance(raw, str) and not isinstance(raw, NumberText) and "/" not in raw:
        return None
    try:
        return Fraction(raw) if len(str(raw)) <= 40 else None
    except (ValueError, ZeroDivisionError):
        return None


def _rules(model: ExerciseModel) -> str:
    """A digest of all that decides which numbers are drawn: rules, conditions, and the wrong methods they must tell apart."""
    decides = model.model_dump(include={"draw", "where", "work", "may_coincide", "only_pinned"})
    canonical = json.dumps([decides, sorted(model.mistakes)], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _sample(rule: Rule) -> Any:
    match rule:
        case Constant(value=value):
            return value
        case Choice(options=options):
            return options[0]
        case _:
            return 0


def _split(error: ExpressionError) -> tuple[str, str]:
    what, _, cure = str(error).partition("; ")
    return what, cure or "correct the expression"
