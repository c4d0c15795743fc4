"""What a student's function is compared with: on every case, what the reference returns, and what each wrong method does.

Computed by the solution, with torch; or read from a text that was made of it then, without torch.
"""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.calls import Case, Draw
from grader.course.expected import Expected, Readings
from grader.course.faults import nearest
from grader.course.outputs import Outputs, Values, values_of
from grader.course.part import Code, Part
from grader.course.solution import Method, Solution

if TYPE_CHECKING:
    from grader.course.exercise import Exercise

REFUSALS = (RuntimeError, ValueError, ZeroDivisionError, IndexError)


@dataclass(frozen=True)
class CodeExpected(Expected):
    """The cases of a code exercise, the key (what the reference returns on them), and what each wrong method returns.

    A wrong method stands for the cases where it applies; on the others its outputs are None.
    """

    part: Part
    cases: tuple[Case, ...]
    names: tuple[str, ...]  # of the function's parameters

    @property
    def code(self) -> Code:
        """What is asked."""
        assert self.part.code is not None
        return self.part.code

    @property
    def outputs(self) -> Outputs:
        found = self.key[self.part.id]
        assert isinstance(found, Outputs)
        return found

    @property
    def applicable(self) -> tuple[str, ...]:
        return tuple(self.mistakes)

    @cached_property
    def mistakes(self) -> Mapping[str, Readings]:
        solution = self.exercise.solution
        found = {name: _wrong(solution, solution.mistakes[name], self.cases) for name in self.exercise.mistakes}
        return {name: {self.part.id: (outputs,)} for name, outputs in found.items() if any(values is not None for values in outputs.values)}

    def wrong(self, name: str) -> Outputs:
        """What a wrong method returns."""
        found = self.mistakes[name][self.part.id][0]
        assert isinstance(found, Outputs)
        return found

    def public(self) -> CodeExpected:
        """The same without hidden groups: what students may try their program on."""
        groups = tuple(group for group in self.code.groups if not group.hidden)
        shown = {group.id for group in groups}
        kept = [index for index, case in enumerate(self.cases) if case.group in shown]

        def own(outputs: Outputs) -> Outputs:
            return Outputs(tuple(outputs.values[index] for index in kept))

        part = replace(self.part, code=replace(self.code, groups=groups))
        wrong = {name: own(self.wrong(name)) for name in self.mistakes}
        return _Known(self.exercise, {}, {part.id: own(self.outputs)}, part, tuple(self.cases[index] for index in kept), self.names, wrong)

    def text(self) -> str:
        return json.dumps(
            {
                "code": self.part.id,
                "names": self.names,
                "cases": [[case.group, [_packed(v) for v in case.positional], {k: _packed(v) for k, v in case.named.items()}] for case in self.cases],
                "key": _packed_outputs(self.outputs),
                "mistakes": {name: _packed_outputs(self.wrong(name)) for name in self.mistakes},
            },
            separators=(",", ":"),
        )


@dataclass(frozen=True)
class _Known(CodeExpected):
    """What was computed before."""

    known: Mapping[str, Outputs]

    @cached_property
    def mistakes(self) -> Mapping[str, Readings]:
        return {name: {self.part.id: (outputs,)} for name, outputs in self.known.items()}


def code_of(exercise: Exercise, expected: Expected) -> CodeExpected:
    """What is expected of a code exercise, as such.

    Args:
        exercise: as it is by now. What was computed before is kept by what decides the outputs; weights and words may have changed since.
    """
    part = exercise.code_part
    if not isinstance(expected, CodeExpected) or part is None:
        raise TypeError(f"{exercise.id} asks for no program")
    return expected if expected.exercise is exercise else replace(expected, exercise=exercise, part=part)


def code_expected(exercise: Exercise, part: Part) -> CodeExpected:
    """Runs the solution on every case.

    Raises:
        CourseError: its cases do not fit the groups of the part, or the reference refuses one.
    """
    solution = exercise.solution
    if solution.cases is None:
        raise exercise.fault(("parts", part.id), f"{exercise.solution_file} has no @cases", "add the function that gives each group's calls")
    assert part.code is not None
    drawn = solution.cases(Draw(f"{exercise.id}/{exercise.draw_version}"))
    groups = [group.id for group in part.code.groups]
    for name in [*(name for name in drawn if name not in groups), *(name for name in groups if not drawn.get(name))]:
        what = f"the group '{name}' has no cases in {exercise.solution_file}" if name in groups else f"{exercise.solution_file} has cases of '{name}'"
        raise exercise.fault(("parts", part.id, "groups"), what, nearest(name, drawn if name in groups else groups))
    cases = tuple(Case(case.positional, case.named, name) for name in groups for case in drawn[name])
    found: list[Values] = []
    for case in cases:
        try:
            found.append(_returned(solution.reference.function, _bound(solution, case)))
        except (*REFUSALS, TypeError) as error:
            what = f"the reference of {exercise.solution_file} fails on a case of '{case.group}': {type(error).__name__}: {error}"
            raise exercise.fault(("parts", part.id, "groups", case.group), what, "give cases it accepts") from error
    names = tuple(inspect.signature(solution.reference.function).parameters)
    return CodeExpected(exercise, {}, {part.id: Outputs(tuple(found))}, part, cases, names)


def known_code(exercise: Exercise, part: Part, text: str) -> CodeExpected:
    """What `CodeExpected.text` was made of. Whoever keeps such texts keeps them apart by `Exercise.digest`."""
    data = json.loads(text)
    cases = tuple(
        Case(tuple(map(_unpacked, positional)), {name: _unpacked(value) for name, value in named.items()}, group) for group, positional, named in data["cases"]
    )
    wrong = {name: _unpacked_outputs(outputs) for name, outputs in data["mistakes"].items()}
    return _Known(exercise, {}, {part.id: _unpacked_outputs(data["key"])}, part, cases, tuple(data["names"]), wrong)


def _wrong(solution: Solution, method: Method, cases: tuple[Case, ...]) -> Outputs:
    found: list[Values | None] = []
    for case in cases:
        bound = _bound(solution, case)
        try:
            fits = method.fits(bound)
            found.append(_returned(method.function, {name: bound[name] for name in method.takes}) if fits else None)
        except REFUSALS:
            found.append(None)  # torch refuses what the wrong method would do here
    return Outputs(tuple(found))


def _returned(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Values:
    return values_of(function(**arguments))


def _bound(solution: Solution, case: Case) -> dict[str, Any]:
    """The arguments of a case by name, defaults filled in, arrays as tensors (copies of their own)."""
    bound = inspect.signature(solution.reference.function).bind(*case.positional, **case.named)
    bound.apply_defaults()
    return {name: _tensor(value) for name, value in bound.arguments.items()}


def _tensor(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    import torch

    return torch.from_numpy(value.copy())


def _packed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": value.shape, "bytes": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()}
    if isinstance(value, tuple):
        return {"tuple": [_packed(item) for item in value]}
    return value


def _unpacked(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    if "tuple" in data:
        return tuple(map(_unpacked, data["tuple"]))
    return np.frombuffer(base64.b64decode(data["bytes"]), dtype=data["dtype"]).reshape(data["shape"])


def _packed_outputs(outputs: Outputs) -> list[Any]:
    return [None if values is None else [_packed(value) for value in values] for values in outputs.values]


def _unpacked_outputs(data: list[Any]) -> Outputs:
    return Outputs(tuple(None if values is None else tuple(map(_unpacked, values)) for values in data))
