"""A solution: the torch reference of an exercise, and the wrong methods people use in its place.

A solution is a Python file of plain functions under a few decorators. Each function takes what it needs of
given, by name; a mistake returns only the parts it gets wrong.
"""

from __future__ import annotations

import gc
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.course.faults import CourseError, Fault
from grader.course.parameter import ANNOTATIONS, Parameter, parameters
from grader.course.values import Answer, Given, GivenError, given_json, plain

if TYPE_CHECKING:  # brings NumPy along
    from grader.course.calls import Case, Draw

Function = TypeVar("Function", bound=Callable[..., Any])
Values = Mapping[str, Any]  # given as a solution takes it: ints, tuples, tensors
Answers = dict[str, Any]
"""What a reference or mistake returns: part → answer, or `OneOf` several."""


class Implausible(Exception):
    """Raised by a `follow` function: nobody should be given credit for carrying this value on."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A wrong method that people read in several ways: any of these answers shows it."""

    readings: tuple[Any, ...]


def reference(function: Function) -> Function:
    """Marks the function that computes the key, with torch: given by name → {part: answer}."""
    function.__grader__ = ("reference", "", None)  # type: ignore[attr-defined]
    return function


def mistake(name: str, *, applies: Callable[..., bool] | None = None) -> Callable[[Function], Function]:
    """Marks a function as a wrong method: given by name → {part: the answer it leads to}, only the parts it gets wrong.

    Args:
        name: the id used in exercises and records, with hyphens.
        applies: from the arguments alone (never the luck of the numbers), whether the method could show at all.
    """

    def mark(function: Function) -> Function:
        function.__grader__ = ("mistake", name, applies)  # type: ignore[attr-defined]
        return function

    return mark


def follow(part: str) -> Callable[[Function], Function]:
    """Marks a function that computes `part` from the student's own earlier parts (its first arguments, by name).

    It raises `Implausible` where the carried value is none a careful student could have, or makes the part easier.
    """

    def mark(function: Function) -> Function:
        function.__grader__ = ("follow", part, None)  # type: ignore[attr-defined]
        return function

    return mark


def derived(name: str) -> Callable[[Function], Function]:
    """Marks a function that computes the given `name`, drawn as `{derived: true}`, from given drawn before it.

    What torch refuses there (`RuntimeError`, `ValueError`) refuses the candidate. What it returns is recorded like all of given.
    """

    def mark(function: Function) -> Function:
        function.__grader__ = ("derived", name, None)  # type: ignore[attr-defined]
        return function

    return mark


def cases(function: Function) -> Function:
    """Marks the function that gives the calls of a code exercise: (draw: Draw) → {group: [call(…), …]}.

    The reference is then the function that students write, in torch; a mistake takes the same arguments by name, and returns what it returns.
    """
    function.__grader__ = ("cases", "", None)  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a solution with the names of given it takes."""

    name: str
    function: Callable[..., Any]
    takes: frozenset[str]
    applies: Callable[..., bool] | None
    applies_takes: frozenset[str]

    def __call__(self, values: Values) -> Answers:
        return dict(self.function(**{name: value for name, value in values.items() if name in self.takes}))

    def fits(self, values: Values) -> bool:
        """Whether this method could show on these values."""
        if self.applies is None:
            return True
        return bool(self.applies(**{name: value for name, value in values.items() if name in self.applies_takes}))


@dataclass(frozen=True, slots=True)
class Solution:
    """The functions of one solution file, loaded."""

    name: str
    path: Path
    parameters: Mapping[str, Parameter]
    reference: Method
    mistakes: Mapping[str, Method]
    follow: Mapping[str, Method]
    derived: Mapping[str, Method] = field(default_factory=dict)
    cases: Callable[[Draw], Mapping[str, Sequence[Case]]] | None = None  # of a code exercise; then no given is taken

    def values(self, given: Given) -> dict[str, Any]:
        """Given as the functions take it; arguments left out take the reference's defaults.

        Raises:
            GivenError: a value is missing, unknown, or of the wrong kind.
        """
        for name in given:
            if name not in self.parameters:
                raise GivenError(f"unknown given '{name}'; this exercise takes {', '.join(self.parameters) or 'nothing'}")
        values: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name in given:
                values[name] = parameter.read(given[name])
            elif parameter.required:
                raise GivenError(f"given '{name}' is missing; this exercise takes {', '.join(self.parameters)}")
            else:
                values[name] = parameter.default
        return values

    def key(self, values: Values) -> dict[str, Answer]:
        """The right answers, from torch.

        Raises:
            GivenError: torch refuses these values; the message is torch's reason.
        """
        try:
            with warnings.catch_warnings():
                # torch warns of padding="same" with even kernels; nothing of ours may write to a terminal or notebook.
                warnings.simplefilter("ignore")
                # A float is the business of its part: only one with a tolerance takes it.
                return {part: answer if type(answer) is float else plain(answer) for part, answer in self.reference(values).items()}
        except (RuntimeError, ValueError, OverflowError, IndexError) as error:
            reason = _first_sentence(error)
            cure = "" if "; " in reason else "; give values it accepts"
            raise GivenError(f"torch refuses these values: {reason}{cure}") from error

    def derive(self, name: str, given: Given) -> Any:
        """The given `name`, computed from the given before it, as it is recorded.

        Raises:
            GivenError: a value it needs is missing or of the wrong kind, or torch refuses it.
        """
        method = self.derived[name]
        values: dict[str, Any] = {}
        for taken in method.takes:
            parameter = self.parameters[taken]
            if taken not in given and parameter.required:
                raise GivenError(f"{name}: it is computed from {taken}, which is missing; give {taken}, or {name} itself")
            values[taken] = parameter.read(given[taken]) if taken in given else parameter.default
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = method.function(**values)
        except (RuntimeError, ValueError, OverflowError, IndexError) as error:
            raise GivenError(f"{name}: torch refuses to compute it: {_first_sentence(error)}; give other values") from error
        recorded = given_json(found.tolist() if hasattr(found, "tolist") else found)
        self.parameters[name].read(recorded)
        return recorded


def load_solution(path: Path, shown: str) -> Solution:
    """Runs a solution file of the course (the instructor's own code) and collects its functions.

    Raises:
        CourseError: it does not run, or its decorated functions do not fit together.
    """
    module_name = f"grader_solution_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise CourseError([Fault(shown, 1, 1, "", "there is no such solution", "add the file, or correct `solution:` in the exercise")])
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    had_torch = "torch" in sys.modules
    try:
        with nullcontext() if had_torch else _uncollected():
            spec.loader.exec_module(module)
        if not had_torch and "torch" in sys.modules:
            # Ours to set, since we brought it in: a 6×6 convolution takes 8 µs on one thread, and waits for others on several.
            sys.modules["torch"].set_num_threads(1)
            # What torch brought stays until the process ends: no later collection need look at it again, the last one neither.
            gc.freeze()
    except SyntaxError as error:
        raise CourseError([Fault(shown, error.lineno or 1, error.offset or 1, "", f"not Python: {error.msg}", "correct the line")]) from error
    except (Exception, SystemExit) as error:
        raise CourseError([Fault(shown, _line_of(error, path), 1, "", f"{type(error).__name__}: {error}", "make the file importable")]) from error
    return _collect(path, shown, vars(module))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Importing torch makes hundreds of thousands of objects and no garbage: looking for some took a seventh of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _collect(path: Path, shown: str, names: Mapping[str, Any]) -> Solution:
    faults: list[Fault] = []
    references: list[Method] = []
    calls: list[Callable[..., Any]] = []
    found: dict[str, dict[str, Method]] = {"mistake": {}, "follow": {}, "derived": {}}
    for function in names.values():
        role, name, applies = getattr(function, "__grader__", ("", "", None))
        if not role or getattr(function, "__module__", "") != names.get("__name__"):
            continue
        line = _line(function)
        method = Method(name or function.__name__, function, _arguments(function), applies, _arguments(applies) if applies else frozenset())
        if role == "reference":
            references.append(method)
        elif role == "cases":
            calls.append(function)
        elif name in found[role]:
            faults.append(Fault(shown, line, 1, name, f"this {role} is there twice", "give it another name"))
        else:
            found[role][name] = method
    if len(references) != 1:
        faults.append(Fault(shown, 1, 1, "", f"{len(references)} functions are marked @reference", "mark exactly one"))
        raise CourseError(faults)
    if calls:
        faults += _strangers(found["mistake"].values(), references[0].takes, shown)
        faults += [Fault(shown, _line(one), 1, "", "there are several @cases", "mark exactly one") for one in calls[1:]]
        if faults:
            raise CourseError(faults)
        return Solution(path.stem, path, {}, references[0], found["mistake"], {}, {}, calls[0])
    try:
        takes_all = {parameter.name: parameter for parameter in parameters(references[0].function)}
    except GivenError as error:
        raise CourseError([*faults, Fault(shown, _line(references[0].function), 1, "", *str(error).split("; ", 1))]) from error
    except (NameError, TypeError) as error:
        fault = Fault(shown, _line(references[0].function), 1, "", f"the annotations cannot be read: {error}", ANNOTATIONS)
        raise CourseError([*faults, fault]) from error
    faults += _strangers((*found["mistake"].values(), *found["derived"].values()), takes_all, shown)
    if faults:
        raise CourseError(faults)
    return Solution(path.stem, path, takes_all, references[0], found["mistake"], found["follow"], found["derived"])


def _strangers(methods: Iterable[Method], known: Collection[str], shown: str) -> list[Fault]:
    """Methods that take what the reference does not."""
    return [
        Fault(shown, _line(method.function), 1, method.name, f"takes {', '.join(unknown)}, which the reference does not take", f"use {', '.join(known)}")
        for method in methods
        if (unknown := sorted((method.takes | method.applies_takes).difference(known)))
    ]


def _arguments(function: Callable[..., Any]) -> frozenset[str]:
    """The names a function takes, seen through decorators such as `lru_cache`."""
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(name for name, parameter in inspect.signature(function).parameters.items() if parameter.kind in named)


def _line(function: Callable[..., Any]) -> int:
    return int(inspect.unwrap(function).__code__.co_firstlineno)


def _first_sentence(error: Exception) -> str:
    """Without its full stop: more follows."""
    return str(error).strip().splitlines()[0].rstrip(". ") if str(error).strip() else type(error).__name__


def _line_of(error: BaseException, path: Path) -> int:
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
