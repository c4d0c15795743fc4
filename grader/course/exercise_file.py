"""Reads `exercises/ID.yaml` into an `Exercise`: everything a model cannot say is checked here, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.course.code_reader import check_code, code_faults, read_code
from grader.course.exercise import Exercise, MistakePolicy, Work
from grader.course.explanation import answer_names
from grader.course.expressions import Expression, ExpressionError, parse
from grader.course.faults import CourseError, Fault, Source, nearest
from grader.course.level import at_level
from grader.course.part import Part
from grader.course.part_reader import check_each, check_options_from, check_tolerance, read_axes, read_options
from grader.course.rule_check import rule_faults
from grader.course.rule_reader import known_names, read_draw
from grader.course.rules import Choice, Constant
from grader.course.schema import ExerciseModel, PartModel, TextModel, check
from grader.course.templates import Template, Words, template
from grader.course.values import GivenError, describe
from grader.documents import NumberText, Place
from grader.text import LANGUAGES, Text

MAX_MINUTES = 600
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
    solution_path = folder / "solutions" / f"{model.solution}.py"
    if not solution_path.is_file():
        known = [path.stem for path in (folder / "solutions").glob("*.py")]
        reader.fault(("solution",), f"there is no solutions/{model.solution}.py", nearest(model.solution, known))
    exercise = _exercise(model, reader, solution_path)
    levels: dict[int, Exercise] = {}
    faults = list(reader.faults)
    for name in model.levels:
        inner = _Reader(source, ("levels", name), reader)
        if (changed := at_level(model, name, inner.fault)) is not None:
            levels[changed.level] = _exercise(changed, inner, solution_path)
        faults += inner.faults
    if faults:
        raise CourseError(faults)
    return replace(exercise, levels=levels)


def _exercise(model: ExerciseModel, reader: _Reader, solution_path: Path) -> Exercise:
    """The exercise that a model describes; what is wrong with it, the reader collects."""
    draw = read_draw(reader, model.draw)
    given = {name: rule for name, rule in draw.items() if name not in model.not_given}
    drawn_names = known_names(draw)
    names = known_names(given) | {"tolerance" for part in model.parts.values() if part.tolerance is not None}
    exercise = Exercise(
        id=model.id,
        title=Text(model.title.en, model.title.zh),
        level=model.level,
        points=reader.fraction(("points",), model.points, most=1000),
        draw_version=model.draw_version,
        draw=draw,
        where=tuple(e for i, text in enumerate(model.where) if (e := reader.expression(("where", i), text, drawn_names))),
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
        file=reader.source.file,
        solution_path=solution_path,
        solution_file=f"solutions/{model.solution}.py",
        source=reader.source,
        within=reader.within,
        leave_out=model.leave_out,
        not_given=frozenset(model.not_given),
        minutes=None if model.minutes is None else reader.fraction(("minutes",), model.minutes, most=MAX_MINUTES),
    )
    if model.explanation is not None:
        known = names | answer_names(exercise.parts, draw)
        exercise = replace(exercise, explanation=reader.words(("explanation",), model.explanation, known))
    for place, names_there in (("may_coincide", model.may_coincide), ("only_pinned", model.only_pinned)):
        for index, name in enumerate(names_there):
            if name not in model.mistakes:
                reader.fault((place, index), f"'{name}' is no mistake of this exercise", nearest(name, model.mistakes))
    for index, name in enumerate(model.not_given):
        if name not in draw:
            reader.fault(("not_given", index), f"'{name}' is not drawn", nearest(name, draw))
    check_code(reader, model)
    check_each(reader, model.parts, given)
    for name, part in model.parts.items():
        check_options_from(reader, ("parts", name), part, given)
        check_tolerance(reader, ("parts", name), part, model.prompt, part.title)
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
        if name not in solution.parameters and name not in exercise.not_given
    ]
    faults += [
        source.fault(("draw",), f"'{name}' is not drawn, but the reference of {exercise.solution_file} needs it", f"add `{name}:` to draw")
        for name, parameter in solution.parameters.items()
        if parameter.required and name not in exercise.draw.keys() - exercise.not_given
    ]
    faults += [
        source.fault(("parts", part.id), f'follows other parts, but {exercise.solution_file} has no @follow("{part.id}")', "add that function")
        for part in exercise.parts
        if part.follows and part.id not in solution.follow
    ]
    faults += code_faults(exercise, source)
    options = [fault for level in (exercise, *exercise.levels.values()) for fault in _option_faults(level, source)]
    first = {(fault.line, fault.column, fault.what): fault for fault in reversed(options)}  # what a level takes over is said once
    return [*faults, *reversed(first.values())]


def _option_faults(exercise: Exercise, source: Source) -> Iterator[Fault]:
    """Values that stand in the rules of drawing and that the solution does not take."""
    parameters = exercise.solution.parameters
    yield from rule_faults(exercise, source)
    for name, rule in exercise.draw.items():
        options = (rule.value,) if isinstance(rule, Constant) else rule.options if isinstance(rule, Choice) else ()
        for option in options if name in parameters else ():
            try:
                parameters[name].read(option)
            except GivenError as error:
                what, _, cure = str(error).removeprefix(f"{name}: ").partition("; ")
                yield source.fault(("draw", name), what, cure, exercise.within)


class _Reader:
    """Collects faults while the values of one file, or of one of its levels, are read."""

    def __init__(self, source: Source, within: Place = (), base: _Reader | None = None) -> None:
        self.source = source
        self.within = within  # of a level: where it stands
        self.said = {(fault.line, fault.column, fault.what) for fault in base.faults} if base else set()
        self.faults: list[Fault] = []

    def fault(self, place: Place, what: str, cure: str) -> None:
        found = self.source.fault(place, what, cure, self.within)
        if (found.line, found.column, what) not in self.said:  # what a level takes over is said once
            self.faults.append(found)

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
        return Words(*(self.template((*place, language), getattr(model, language), names) for language in LANGUAGES))

    def template(self, place: Place, text: str, names: frozenset[str]) -> Template:
        try:
            found = template(text)
        except ExpressionError as error:
            self.fault(place, *_split(error))
            return template("")
        self._known(place, found.names, names)
        return found

    def parts(self, models: Mapping[str, PartModel]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for name, model in models.items():
            for index, earlier in enumerate(model.follows):
                if earlier not in [part.id for part in parts] and model.each is None:  # with `each`: see `check_each`
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
                    each=model.each,
                    axes=read_axes(self, ("parts", name), model),
                    options=read_options(self, ("parts", name), model),
                    options_from=model.options_from,
                    code=read_code(self, ("parts", name), model),
                    tolerance=None if model.tolerance is None else self.fraction(("parts", name, "tolerance"), model.tolerance, most=1000),
                )
            )
        return tuple(parts)

    def work(self, model: ExerciseModel) -> Work:
        bands = model.work.model_dump() if model.work else {}
        for name, band in bands.items():
            if band and band[0] > band[1]:
                self.fault(("work", name), "the least is above the most", "write [least, most]")
        return Work(**{name: tuple(band) if band else None for name, band in bands.items()})

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
    if model.leave_out is not None:  # where it is not used, digests of issued sheets stay as they are
        decides["leave_out"] = model.leave_out
    if model.not_given:
        decides["not_given"] = model.not_given
    canonical = json.dumps([decides, sorted(model.mistakes)], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _split(error: ExpressionError) -> tuple[str, str]:
    what, _, cure = str(error).partition("; ")
    return what, cure or "correct the expression"
