"""T20: which number of a piece of code torch's error is about, and what that number must be.

The code is text and is never executed. It is read by a strict grammar of its own (tensors of zeros, a few layers, calls of
them), the layers are built from the numbers found, and torch is asked: with which other number in one place does it run? That
place has to be the only one, so that there is no argument about which argument is wrong.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil, gcd, prod

import torch

from grader.course import Answers, derived, mistake, reference

MAX_LENGTH, MAX_LINES, MAX_DEPTH = 2000, 24, 12
MAX_ELEMENTS = 1 << 20  # of a tensor or a weight: code for the eye has small ones
LAYERS: Mapping[str, tuple[Callable[..., torch.nn.Module], tuple[str, ...]]] = {
    "Conv2d": (torch.nn.Conv2d, ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups")),
    "Linear": (torch.nn.Linear, ("in_features", "out_features")),
    "MaxPool2d": (torch.nn.MaxPool2d, ("kernel_size", "stride", "padding")),
    "ReLU": (torch.nn.ReLU, ()),
}
PLAIN = ("MaxPool2d", "ReLU")  # layers without weights
METHODS = {"flatten": "start_dim", "unsqueeze": "dim"}
TENSORS = ("zeros", "ones", "rand", "randn")
FORM = "write x = torch.zeros(4, 3, 9, 9), then layers as conv = torch.nn.Conv2d(3, 8, kernel_size=3), then y = conv(x)"
SPATIAL = ("kernel_size", "stride", "padding", "dilation")  # change height and width, never channels
CHANNELS = ("in_channels", "out_channels", "groups")  # counted in channels: what fits one may be meant for another


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the code that could be the wrong one: its place in the text, and the argument it is for."""

    place: tuple[int, int]
    argument: str
    value: int
    layer: str = ""  # the name of the layer, where it is a layer's


@dataclass
class Trace:
    """What a run of the code went through."""

    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)  # layer → the shape that came into it
    numbers: dict[tuple[int, int], Number] = field(default_factory=dict)
    data: tuple[int, ...] = ()  # the shape of the first tensor
    layers: dict[str, torch.nn.Module] = field(default_factory=dict)
    flattened: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)  # place of a dim → the shape that came in
    failed: str = ""  # the layer that torch refused to build or to call


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The one number that is wrong, and what there is to know about it."""

    number: Number
    fix: int
    came_in: tuple[int, ...]  # the shape that came into its layer; () where torch refused to build that
    layer: Mapping[str, int]  # the layer's own numbers
    batch: int


class Run:
    """The code, carried out by its grammar, with one number replaced or none."""

    def __init__(self, tree: ast.Module, place: tuple[int, int] | None = None, value: int = 0, device: str = "cpu") -> None:
        self.tree, self.place, self.value, self.device = tree, place, value, device
        self.trace = Trace()
        self.tensors: dict[str, torch.Tensor] = {}

    def result(self) -> torch.Tensor:
        """The last tensor.

        Raises:
            RuntimeError, ValueError, IndexError: torch refuses, in its own words.
        """
        last = None
        for line in self.tree.body:
            match line:
                case ast.Import(names=[ast.alias(name="torch", asname=None)]) | ast.ImportFrom(module="torch", names=[ast.alias(name="nn", asname=None)]):
                    continue
                case ast.Assign(targets=[ast.Name(id=name)], value=expression):
                    if (layer := self.layer(name, expression)) is not None:
                        self.trace.layers[name] = layer
                    else:
                        last = self.tensors[name] = self.tensor(expression)
                case ast.Expr(value=expression):
                    last = self.tensor(expression)
                case _:
                    raise Refused(line)
        if last is None:
            raise Empty(f"the code calls no layer; {FORM}")
        return last

    def layer(self, name: str, node: ast.expr) -> torch.nn.Module | None:
        """A layer, built; None where the expression makes a tensor."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="torch"), attr="nn") | ast.Name(id="nn"), attr=kind)) if kind in LAYERS:
                build, names = LAYERS[kind]
            case _:
                return None
        if len(node.args) > len(names) or any(keyword.arg not in names for keyword in node.keywords):
            raise Refused(node)
        arguments = dict(zip(names, node.args, strict=False)) | {str(keyword.arg): keyword.value for keyword in node.keywords}
        numbers = {argument: self.number(value, argument, name) for argument, value in arguments.items()}
        if prod(value for argument, value in numbers.items() if argument not in ("stride", "padding", "dilation", "groups") and value > 0) > MAX_ELEMENTS:
            raise Refused(node, "this layer is too large; give smaller numbers")
        self.trace.failed = name
        try:
            layer = build(**numbers) if kind in PLAIN else build(**numbers, device=self.device)
        except TypeError:  # an argument is missing
            raise Refused(node) from None
        self.trace.failed = ""
        return layer

    def tensor(self, node: ast.expr, depth: int = 0) -> torch.Tensor:
        if depth > MAX_DEPTH:
            raise Refused(node)
        match node:
            case ast.Name(id=name) if name in self.tensors:
                return self.tensors[name]
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr=kind), args=sides, keywords=[]) if kind in TENSORS and sides:
                shape = tuple(self.number(side, "size", "") for side in sides)
                if min(shape) < 1 or prod(shape) > MAX_ELEMENTS or len(shape) > 5:
                    raise Refused(node, "this tensor is empty or too large; give other sizes")
                self.trace.data = self.trace.data or shape
                return torch.zeros(shape, device=self.device)
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in self.trace.layers:
                value = self.tensor(inner, depth + 1)
                self.trace.shapes[name] = tuple(value.shape)
                self.trace.failed = name
                found: torch.Tensor = self.trace.layers[name](value)
                self.trace.failed = ""
                return found
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="relu"), args=[inner], keywords=[]):
                return torch.relu(self.tensor(inner, depth + 1))
            case ast.Call(func=ast.Attribute(value=inner, attr=method), args=[argument], keywords=[]) if method in METHODS:
                value = self.tensor(inner, depth + 1)
                axis = self.number(argument, METHODS[method], "")
                self.trace.flattened[_place(argument)] = tuple(value.shape)
                return value.flatten(axis) if method == "flatten" else value.unsqueeze(axis)
        raise Refused(node)

    def number(self, node: ast.expr, argument: str, layer: str) -> int:
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and value <= MAX_ELEMENTS:
                place = _place(node)
                self.trace.numbers[place] = Number(place, argument, value, layer)
                return self.value if place == self.place else value
        raise Refused(node)


class Empty(ValueError):
    """Code without anything to run."""


class Refused(ValueError):
    """Code that the grammar does not know."""

    def __init__(self, node: ast.AST, why: str = FORM) -> None:
        line = getattr(node, "lineno", 1)
        super().__init__(f"line {line} of the code, '{ast.unparse(node).splitlines()[0][:60]}', is not of the kind this exercise reads; {why}")


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


@lru_cache(maxsize=4096)
def tree_of(code: str) -> ast.Module:
    """The code's syntax, read and never executed.

    Raises:
        ValueError: it is no Python, or longer than code for the eye is.
    """
    if len(code) > MAX_LENGTH or code.count("\n") >= MAX_LINES:
        raise ValueError(f"the code is longer than {MAX_LENGTH} characters or {MAX_LINES} lines; {FORM}")
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"the code is no Python; {FORM}") from None


def failure(code: str) -> tuple[Exception, Trace]:
    """What torch says of the code, and how far it came.

    Raises:
        ValueError: the code is not of the known kind, or torch has nothing to say against it.
    """
    run = Run(tree_of(code))
    try:
        run.result()
    except (RuntimeError, ValueError, IndexError) as error:
        if isinstance(error, (Refused, Empty)):
            raise
        if not run.trace.failed:
            raise ValueError(f"torch refuses no layer of this code; {FORM}") from error
        return error, run.trace
    raise ValueError("torch takes this code as it is; put one wrong number into it")


@lru_cache(maxsize=4096)
def diagnosis(code: str) -> Diagnosis:
    """The only number that can be changed so that the code runs and its result has a row for each picture; its largest value.

    The data and what the last layer puts out are as they are wanted.

    Raises:
        ValueError: no number can, or several.
    """
    _, trace = failure(code)
    works: dict[Number, int] = {}
    for number in suspects(code, trace):
        values = [value for value in candidates(number, trace, code) if value != number.value and runs(code, number.place, value)]
        if values:
            works[number] = max(values)
    if len(works) != 1:
        named = " or ".join(f"{number.argument} in line {number.place[0]}" for number in works) or "no number"
        raise ValueError(f"{named} could be changed so that this code runs; give code with exactly one such number")
    ((wrong, fix),) = works.items()
    own = {number.argument: number.value for number in every_number(code) if number.layer == wrong.layer}
    came_in = trace.shapes.get(wrong.layer, trace.flattened.get(wrong.place, ()))
    return Diagnosis(wrong, fix, came_in, own, trace.data[0])


def suspects(code: str, trace: Trace) -> Iterator[Number]:
    """The numbers that had a part in the failure: of the layer that failed, and of what came before it."""
    failed = [number for number in every_number(code) if number.layer == trace.failed]
    shape = trace.shapes.get(trace.failed, ())
    asked = next((number.value for number in failed if number.argument == "in_channels"), 0)
    spatial = not (len(shape) > 2 and asked not in (0, shape[-3])) and flattens_otherwise(failed, trace)
    for number in every_number(code):
        reached = number.layer in trace.shapes or number.place in trace.flattened
        if (number in failed or (reached and trace.failed in trace.shapes)) and (spatial or number.argument not in SPATIAL):
            yield number


def flattens_otherwise(failed: list[Number], trace: Trace) -> bool:
    """Whether another height and width could give a linear layer as many features as it asks for: a multiple of the channels."""
    asked = next((number.value for number in failed if number.argument == "in_features"), 0)
    if asked == 0:
        return True
    rows = trace.shapes.get(trace.failed, ())
    maps = [shape for shape in trace.flattened.values() if len(shape) == 4]
    return len(rows) == 2 and rows[0] == trace.data[0] and any(asked % shape[1] == 0 for shape in maps)


def every_number(code: str) -> tuple[Number, ...]:
    """The numbers that may be wrong: all but the data's and those that say how many scores there are."""
    found: dict[tuple[int, int], Number] = {}
    names = {node.targets[0].id: node.value for node in tree_of(code).body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
    for name, value in names.items():
        match value:
            case ast.Call(func=ast.Attribute(attr=kind), args=args, keywords=keywords) if kind in LAYERS:
                pairs = [*zip(LAYERS[kind][1], args, strict=False), *((str(keyword.arg), keyword.value) for keyword in keywords)]
                found |= {_place(node): Number(_place(node), argument, node.value, name) for argument, node in pairs if _is_int(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree_of(code)):
        match node:
            case ast.Call(func=ast.Attribute(attr=method), args=[argument]) if method in METHODS and _is_int(argument):
                found[_place(argument)] = Number(_place(argument), METHODS[method], argument.value)  # type: ignore[attr-defined]
    return tuple(number for number in found.values() if number.argument != "out_features")


def _is_int(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def candidates(number: Number, trace: Trace, code: str) -> Iterator[int]:
    """The values with which the code could run: all of a size or an axis; of what counts channels those that some layer asks for."""
    numbers = every_number(code)
    match number.argument:
        case "dim" | "start_dim":
            yield from range(5)
        case argument if argument in SPATIAL:
            sides = [side for name, shape in trace.shapes.items() if name == number.layer for side in shape[-2:]] or list(trace.data[-2:])
            padding = next((n.value for n in numbers if n.argument == "padding" and n.layer == number.layer), 0)
            yield from range(0 if argument == "padding" else 1, max(sides) + 2 * padding + 1)
        case "in_features":
            yield from dict.fromkeys(shape[-1] for shape in trace.shapes.values())
        case _:
            asked = {n.value for n in numbers if n.argument in CHANNELS} | {shape[-3] for shape in trace.shapes.values() if len(shape) > 2}
            shared = {gcd(a, b) for a in asked for b in asked}
            # What a flattened map has to be divided by: as many channels as make it what the linear layer asks for.
            features = {n.value for n in numbers if n.argument == "in_features"}
            spatial = [shape[-1] for shape in trace.shapes.values() if len(shape) == 2]
            scaled = {wanted * number.value // length for wanted in features for length in spatial if length and wanted * number.value % length == 0}
            yield from sorted(value for value in asked | shared | scaled if value > 0)


def runs(code: str, place: tuple[int, int], value: int) -> bool:
    """Whether the code runs with one number replaced, and gives a row for each picture of its data."""
    run = Run(tree_of(code), place, value, device="meta")  # shapes without numbers
    try:
        result = run.result()
    except (RuntimeError, ValueError, IndexError):
        return False
    flat = any(isinstance(layer, torch.nn.Linear) for layer in run.trace.layers.values())
    return result.dim() == (2 if flat else 4) and result.shape[0] == run.trace.data[0]


@derived("error")
def error(code: str) -> str:
    """What torch says when the code runs, as Python prints it."""
    found, _ = failure(code)
    return f"{type(found).__name__}: {found}"


@reference
def shape_debug(code: str, error: str = "") -> Answers:  # noqa: ARG001 - the message is for the student; the code says the same
    found = diagnosis(code)
    return {"argument": found.number.argument, "fix": found.fix}


# The wrong methods, likeliest first. Each looks at which argument is wrong, and at the numbers the message shows.


def is_about(*arguments: str) -> Callable[[str], bool]:
    def applies(code: str) -> bool:
        return diagnosis(code).number.argument in arguments

    return applies


def unequal_sides(code: str) -> bool:
    found = diagnosis(code)
    return found.number.argument == "kernel_size" and found.came_in[-1] != found.came_in[-2]


def not_all_channels(code: str) -> bool:
    """The layer's input channels are no number of groups here: they do not divide its output channels."""
    found = diagnosis(code)
    return found.number.argument == "groups" and found.fix < found.layer["in_channels"]


def several_groups(code: str) -> bool:
    found = diagnosis(code)
    return found.number.argument == "groups" and found.fix > 1


@mistake("expected-for-got", applies=is_about("in_channels", "in_features"))
def expected_for_got(code: str) -> Answers:
    """Takes the number the layer expects for the one that comes: the layer has to change, not the data."""
    return {"fix": diagnosis(code).number.value}


@mistake("swaps-in-out-channels", applies=is_about("in_channels"))
def swaps_in_out_channels(code: str) -> Answers:
    """Takes the first number of the layer for what it puts out, and sets that to the channels of its input."""
    return {"argument": "out_channels", "fix": diagnosis(code).layer["out_channels"]}


@mistake("blames-batch", applies=is_about("in_channels", "in_features", "start_dim", "dim"))
def blames_batch(code: str) -> Answers:
    """Takes the first number of the shape in the message for the trouble: that one only counts the pictures."""
    return {"argument": "batch", "fix": diagnosis(code).batch}


@mistake("pads-to-fix-channels", applies=is_about("in_channels"))
def pads_to_fix_channels() -> Answers:
    """Pads until the numbers agree: padding adds rows and columns, never channels."""
    return {"argument": "padding"}


@mistake("pads-to-fit", applies=is_about("kernel_size"))
def pads_to_fit(code: str) -> Answers:
    """Makes room for the kernel by padding, which is no number of this code."""
    found = diagnosis(code)
    return {"argument": "padding", "fix": ceil((found.number.value - min(found.came_in[-2:])) / 2)}


@mistake("must-be-smaller", applies=is_about("kernel_size"))
def must_be_smaller(code: str) -> Answers:
    """Makes the kernel smaller than the map: as large as the map fits once."""
    return {"fix": diagnosis(code).fix - 1}


@mistake("longer-side", applies=unequal_sides)
def longer_side(code: str) -> Answers:
    """Fits the kernel to the longer side: it has to fit both."""
    return {"fix": max(diagnosis(code).came_in[-2:])}


@mistake("batch-counted", applies=is_about("in_features"))
def batch_counted(code: str) -> Answers:
    """Multiplies all numbers of the shape, the pictures among them."""
    found = diagnosis(code)
    return {"fix": found.fix * found.batch}


@mistake("flattened-batch", applies=is_about("start_dim"))
def flattened_batch(code: str) -> Answers:
    """Makes the linear layer take what comes: then all pictures are one row."""
    found = diagnosis(code)
    return {"argument": "in_features", "fix": prod(found.came_in[found.number.value :])}


@mistake("pictures-as-channels", applies=is_about("dim"))
def pictures_as_channels(code: str) -> Answers:
    """Makes the convolution take what comes: then the pictures are the channels of a single one."""
    found = diagnosis(code)
    return {"argument": "in_channels", "fix": (*found.came_in[: found.number.value], 1, *found.came_in[found.number.value :])[-3]}


@mistake("depthwise-assumed", applies=not_all_channels)
def depthwise_assumed(code: str) -> Answers:
    """Takes the input channels for the number of groups: they have to divide the output channels too."""
    return {"fix": diagnosis(code).layer["in_channels"]}


@mistake("one-group", applies=several_groups)
def one_group() -> Answers:
    """Gives up the groups: 1 always runs, and is not the largest that does."""
    return {"fix": 1}
