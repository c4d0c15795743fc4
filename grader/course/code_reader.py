"""Reads what a part of kind `code` says of the function it asks for."""

from __future__ import annotations

import ast
import inspect
import re
from fractions import Fraction
from typing import Any, Protocol

from grader.course.exercise import Exercise
from grader.course.faults import CourseError, Fault, Source
from grader.course.part import CaseGroup, Code
from grader.course.rule_reader import Reader
from grader.course.schema import ExerciseModel, PartModel
from grader.documents import Place
from grader.text import Text


class NumberReader(Reader, Protocol):
    """Collects faults, and reads numbers exactly."""

    def fraction(self, place: Place, raw: Any, most: int = 1) -> Fraction: ...


_GROUP = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KEYS = ("function", "signature", "contract", "groups")


def read_code(reader: NumberReader, place: Place, model: PartModel) -> Code | None:
    """The function, its contract and the groups of its cases; None where the part asks for none."""
    if model.kind != "code":
        for name in _KEYS:
            if getattr(model, name):
                reader.fault((*place, name), "only a part of kind code has it", "leave it out")
        return None
    missing = [name for name in _KEYS if not getattr(model, name)]
    if missing or model.function is None or model.signature is None or model.contract is None:
        reader.fault(
            place, f"code needs {', '.join(missing)}", "say which function is asked for, what it takes and returns, and which groups of cases there are"
        )
        return None
    if parameters_of(model.function, model.signature) is None:
        reader.fault((*place, "signature"), "these are no parameters of a Python function", "write signature: x, w, stride=1")
    groups = []
    for name, group in model.groups.items():
        at = (*place, "groups", name)
        if not _GROUP.fullmatch(name):
            reader.fault(at, f"'{name}' is no name of a group", "use small letters, digits and -")
        weight = reader.fraction((*at, "weight"), group.weight, most=1000)
        if weight == 0:
            reader.fault((*at, "weight"), "a group needs a weight above 0", "write weight: 1")
        groups.append(CaseGroup(name, Text(group.title.en, group.title.zh), weight or Fraction(1), group.hidden))
    if all(group.hidden for group in groups):
        reader.fault((*place, "groups"), "every group is hidden, so that students can try nothing", "leave `hidden` out of one")
    return Code(model.function, model.signature, Text(model.contract.en.rstrip(), model.contract.zh.rstrip()), tuple(groups))


def check_code(reader: Reader, model: ExerciseModel) -> None:
    """Checks that a code exercise asks for nothing else, and draws nothing: its cases are the same for everybody."""
    for name, part in model.parts.items():
        if part.kind != "code":
            continue
        place: Place = ("parts", name)
        if len(model.parts) > 1:
            reader.fault(place, "a function is the only thing that its exercise asks for", "make another exercise of the other parts")
        if part.follows or part.each is not None:
            reader.fault(place, "code follows no part, and is not asked for each item of a list", "leave `follows` and `each` out")
        if model.draw:
            reader.fault(("draw",), "a code exercise draws nothing: its cases stand in the solution", "leave `draw` out, and draw in @cases")
        if model.levels:
            reader.fault(("levels",), "a code exercise has one level", "leave `levels` out")


def parameters_of(function: str, signature: str) -> tuple[tuple[str, str | None], ...] | None:
    """The names of a function's parameters with their defaults as they are written; None where it is no such thing."""
    try:
        tree = ast.parse(f"def {function}({signature}): pass")
    except (SyntaxError, ValueError):
        return None
    if len(tree.body) != 1 or not isinstance(node := tree.body[0], ast.FunctionDef) or node.args.vararg or node.args.kwarg or node.returns:
        return None
    names = [one.arg for one in [*node.args.posonlyargs, *node.args.args]]
    defaults = [None] * (len(names) - len(node.args.defaults)) + [ast.unparse(one) for one in node.args.defaults]
    keywords = [(one.arg, None if value is None else ast.unparse(value)) for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    return (*zip(names, defaults, strict=True), *keywords)


def code_faults(exercise: Exercise, source: Source) -> list[Fault]:
    """What does not fit between a code exercise and its solution: parameters, groups of cases, and what the reference returns."""
    part = exercise.code_part
    if part is None or part.code is None:
        return [source.fault(("solution",), f"{exercise.solution_file} has @cases", "ask for its function with a part of kind code")] * (
            exercise.solution.cases is not None
        )
    wanted = parameters_of(part.code.function, part.code.signature)
    own = parameters_of(part.code.function, _signature(exercise))
    if wanted is not None and wanted != own:
        shown = ", ".join(name if default is None else f"{name}={default}" for name, default in own or ())
        return [source.fault(("parts", part.id, "signature"), f"the reference of {exercise.solution_file} takes others", f"write signature: {shown}")]
    try:
        exercise.expect({})
    except CourseError as error:
        return list(error.faults)
    return []


def _signature(exercise: Exercise) -> str:
    """The parameters of the reference, without its annotations."""
    parameters = inspect.signature(exercise.solution.reference.function).parameters.values()
    return ", ".join(str(one.replace(annotation=inspect.Parameter.empty)) for one in parameters)
