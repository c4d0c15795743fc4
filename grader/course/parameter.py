"""The arguments of a solution, read off its annotations, and how the given value of each is checked and handed over."""

from __future__ import annotations

import functools
import inspect
import operator
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.values import MAX_CELLS, MAX_SIZE, MAX_VALUE, GivenError, Size, cells, describe, shape

if TYPE_CHECKING:
    import torch

Shape = tuple[int, ...]
"""The shape of a tensor: `[N, C, H, W]`, or `[C, H, W]` without a batch."""

Layers = tuple[Mapping[str, Any], ...]
"""The layers of a network in order, each a mapping of torch's names: `{type: conv2d, out_channels: 8, kernel_size: [3, 5]}`."""

MAX_AXES = 8
MAX_LAYERS = 64
MAX_ARGUMENTS = 30
MAX_IDS = 64
MAX_ID = 200  # characters of an id, or of a text in a layer

_ALL_INTS = frozenset({int})
_KINDS: list[tuple[Any, str]] = [
    (Size, "size"),
    (int, "integer"),
    (str, "text"),
    (bool, "bool"),
    (Shape, "shape"),
    (Layers, "layers"),
    (tuple[str, ...], "ids"),
]
ANNOTATIONS = "use Tensor, Size, Shape, Layers, tuple[str, ...], int, bool or str, or one of these | None"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a solution: how its given value is read."""

    name: str
    kind: str  # "array" | "size" | "integer" | "text" | "bool" | "shape" | "layers" | "ids"
    required: bool
    default: Any = None
    nullable: bool = False  # annotated `| None`: null is a value

    def read(self, raw: Any) -> Any:
        """The value handed to the solution.

        Raises:
            GivenError: the value is not of this kind, or too large to compute with.
        """
        if raw is None and self.nullable:
            return None
        match self.kind:
            case "array":
                return _tensor(self.name, raw)
            case "text":
                if not isinstance(raw, str):
                    raise GivenError(f"{self.name}: expected text, got {describe(raw)}; put it in quotes")
                return raw
            case "bool":
                if not isinstance(raw, bool):
                    raise GivenError(f"{self.name}: expected true or false, got {describe(raw)}; write true or false, without quotes")
                return raw
            case "shape":
                return _shape(self.name, raw)
            case "layers":
                return _layers(self.name, raw)
            case "ids":
                return _ids(self.name, raw)
            case "size" if isinstance(raw, (list, tuple)):
                return _pair(self.name, raw)
        return _integer(self.name, raw, MAX_SIZE)


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The arguments of a solution's function, read off its annotations.

    Raises:
        GivenError: an argument has no annotation that says how to read it.
    """
    hints = typing.get_type_hints(function)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint, nullable = _without_none(hints.get(name))
        kind = "array" if getattr(hint, "__name__", "") == "Tensor" else next((kind for known, kind in _KINDS if hint == known), None)
        if kind is None:
            raise GivenError(f"{function.__name__}: argument '{name}' has no known annotation; {ANNOTATIONS}")
        required = parameter.default is inspect.Parameter.empty
        found.append(Parameter(name, kind, required, None if required else parameter.default, nullable))
    return tuple(found)


def _without_none(hint: Any) -> tuple[Any, bool]:
    """An annotation without its `| None`, and whether it had one."""
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union else ()
    if types.NoneType not in members:
        return hint, False
    return functools.reduce(operator.or_, (member for member in members if member is not types.NoneType)), True


def _integer(where: str, raw: Any, limit: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        hint = "remove the quotes" if isinstance(raw, str) and re.fullmatch(r"[-+]?[0-9]+", raw) else "write a whole number"
        raise GivenError(f"{where}: expected an int, got {describe(raw)}; {hint}")
    if abs(raw) > limit:
        raise GivenError(f"{where}: {str(raw)[:30]} is beyond ±{limit}; give a smaller number")
    return raw


def _pair(where: str, raw: Sequence[Any]) -> tuple[int, ...]:
    if len(raw) != 2:
        raise GivenError(f"{where}: expected an int or [H, W], got a list of {len(raw)}; give two ints")
    return tuple(_integer(f"{where}[{axis}]", item, MAX_SIZE) for axis, item in enumerate(raw))


def _shape(where: str, raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= MAX_AXES:
        raise GivenError(f"{where}: expected a shape of 1 to {MAX_AXES} ints, got {describe(raw)}; write [N, C, H, W]")
    return tuple(_integer(f"{where}[{axis}]", item, MAX_SIZE) for axis, item in enumerate(raw))


def _ids(where: str, raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= MAX_IDS:
        raise GivenError(f"{where}: expected a list of 1 to {MAX_IDS} names, got {describe(raw)}; write [name, name]")
    for index, item in enumerate(raw):
        _text(f"{where}[{index}]", item)
        if item in raw[:index]:
            raise GivenError(f"{where}[{index}]: '{item}' is there twice; keep one")
    return tuple(raw)


def _text(where: str, raw: Any) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= MAX_ID:
        raise GivenError(f"{where}: expected text of 1 to {MAX_ID} characters, got {describe(raw)}; put it in quotes")
    return raw


def _layers(where: str, raw: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= MAX_LAYERS:
        raise GivenError(f"{where}: expected a list of 1 to {MAX_LAYERS} layers, got {describe(raw)}; write [{{type: conv2d, …}}, …]")
    return tuple(_layer(f"{where}[{index}]", item) for index, item in enumerate(raw))


def _layer(where: str, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or not 1 <= len(raw) <= MAX_ARGUMENTS:
        raise GivenError(f"{where}: expected a layer of 1 to {MAX_ARGUMENTS} arguments, got {describe(raw)}; write {{type: conv2d, kernel_size: 3}}")
    found = {}
    for name, value in raw.items():
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", str(name)):
            raise GivenError(f"{where}: {str(name)[:40]!r} is no name of an argument; use torch's names, such as kernel_size")
        found[str(name)] = _argument(f"{where}.{name}", value)
    return found


def _argument(where: str, raw: Any) -> Any:
    """An argument of a layer: true or false, text, an integer, or [H, W] as a tuple."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (list, tuple)):
        return _pair(where, raw)
    if isinstance(raw, int):
        return _integer(where, raw, MAX_SIZE)
    if type(raw) is not str or not 0 < len(raw) <= MAX_ID:
        raise GivenError(f"{where}: expected an int, [H, W], true, false or text, got {describe(raw)}; write one of these")
    return raw


def _tensor(name: str, raw: Any) -> torch.Tensor:
    import torch

    if not isinstance(raw, (list, tuple)) or not raw:
        raise GivenError(f"{name}: expected rows of numbers, got {describe(raw)}; write [[…], […]]")
    _check_cells(name, raw, 0)
    if shape(raw) is None:
        raise GivenError(f"{name}: rows differ in length; give every row the same number of values")
    if len(cells(raw)) > MAX_CELLS:
        raise GivenError(f"{name}: more than {MAX_CELLS} cells; give a smaller array")
    return torch.tensor(raw, dtype=torch.int64)


def _check_cells(where: str, raw: Sequence[Any], depth: int) -> None:
    if depth > 4:
        raise GivenError(f"{where}: nested more than 5 deep; write [H][W] or [C][H][W]")
    if raw and _ALL_INTS.issuperset(map(type, raw)) and min(raw) >= -MAX_VALUE and max(raw) <= MAX_VALUE:
        return  # as nearly every row is; what follows finds the place of what is wrong
    for index, item in enumerate(raw):
        if isinstance(item, (list, tuple)):
            _check_cells(f"{where}[{index}]", item, depth + 1)
        elif type(item) is not int or abs(item) > MAX_VALUE:
            _integer(f"{where}[{index}]", item, MAX_VALUE)
