"""A second opinion on layers and stacks of layers: windows counted one by one in plain Python, without torch.

Layers are the mappings that stand in given. A wrong method is told by the layer it takes in place of the true one, or by what it
makes of a shape; `described` goes through the layers with it. Written from descriptions in words, not from `solutions/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from tests.solutions.plain import both
from tests.solutions.plain_counts import parameters

Layer = dict[str, Any]
Shape = tuple[Any, ...]
Rule = Callable[[Layer, Shape], Shape]
Wrong = dict[str, dict[str, list[Any]]]

WINDOWED = ("conv2d", "max_pool2d", "avg_pool2d")
POOLS = WINDOWED[1:]


class Ends(Exception):
    """No window fits."""


# One axis


def count(length: int, rows: int, kernel: int, step: int, dilation: int = 1, *, last: bool = False) -> int:
    """How many windows there are on an axis, with so many rows of padding in all; each is set down and looked at.

    Args:
        last: one more where rows are left over, if it begins in the input or in the padding before it.
    """
    found, start = 0, 0
    while start + (kernel - 1) * dilation < length + rows:
        found, start = found + 1, start + step
    if not found:
        if last and (kernel - 1) * dilation + 1 - length - rows < step:
            return 1  # as rounding up has it, where a window sticks out by less than a step
        raise Ends
    left_over = start - step + (kernel - 1) * dilation < length + rows - 1
    return found + (last and left_over and start < length + rows // 2)


def axes_of(layer: Layer) -> list[dict[str, int]]:
    """What `count` needs of a layer, for each axis."""
    kernel, dilation = both(layer["kernel_size"]), both(layer.get("dilation", 1))
    stride = both(layer["stride"] if "stride" in layer else 1 if layer["type"] == "conv2d" else layer["kernel_size"])
    padding = layer.get("padding", 0)
    rows = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)] if padding == "same" else [2 * p for p in both(0 if padding == "valid" else padding)]
    return [{"rows": r, "kernel": k, "step": s, "dilation": d} for r, k, s, d in zip(rows, kernel, stride, dilation, strict=True)]


# Shapes along a stack


def after(layer: Layer, shape: Shape) -> Shape:
    """What comes out of a layer."""
    kind = layer["type"]
    if kind in WINDOWED:
        sides = [count(i, **axis, last=layer.get("ceil_mode", False)) for i, axis in zip(shape[1:], axes_of(layer), strict=True)]
        return (layer["out_channels"] if kind == "conv2d" else shape[0], *sides)
    if kind == "flatten":
        start = layer.get("start_dim", 1) - 1
        return (*shape[:start], prod(shape[start:]))
    return (*shape[:-1], layer["out_features"]) if kind == "linear" else shape


def chain(input_shape: Sequence[int], layers: Sequence[Layer], rule: Rule = after) -> list[Shape]:
    """The shapes after each layer, as far as a rule leads."""
    found: list[Shape] = []
    shape: Shape = tuple(input_shape)
    for layer in layers:
        try:
            shape = rule(layer, shape)
        except Ends:
            break
        if min(shape) < 1:
            break
        found.append(shape)
    return found


def by_name(shapes: list[Shape], count: int) -> dict[str, Any]:
    """Answers of a chain, with the number at the end if it gets there."""
    found: dict[str, Any] = {f"layer_{number}": shape for number, shape in enumerate(shapes, start=1)}
    return found | ({"flattened": prod(shapes[-1])} if len(shapes) == count else {})


def stack_key(input_shape: Sequence[int], layers: Sequence[Layer]) -> dict[str, Any]:
    return by_name(chain(input_shape, layers), len(layers))


def taking(kinds: Sequence[str], **other: Any) -> Rule:
    """Layers of some kinds with other arguments; a function makes them of the layer."""
    return lambda layer, shape: after({**layer, **{n: v(layer) if callable(v) else v for n, v in other.items()}} if layer["type"] in kinds else layer, shape)


def making(kinds: Sequence[str], rule: Rule) -> Rule:
    return lambda layer, shape: rule(layer, shape) if layer["type"] in kinds else after(layer, shape)


def channels(layer: Layer, shape: Shape) -> Any:
    return layer["out_channels"] if layer["type"] == "conv2d" else shape[0]


def per_side(side: Callable[..., Any]) -> Rule:
    """`side(length, layer, **axis)` on both axes."""
    return lambda layer, shape: (channels(layer, shape), *(side(i, layer, **axis) for i, axis in zip(shape[1:], axes_of(layer), strict=True)))


def _one_less(length: int, layer: Layer, **axis: int) -> int:
    return count(length, **axis, last=layer.get("ceil_mode", False)) - 1


def _rounded_up(length: int, layer: Layer, **axis: int) -> int:
    found = count(length, **axis, last=layer.get("ceil_mode", False))
    reached = (found - 1) * axis["step"] + (axis["kernel"] - 1) * axis["dilation"] + 1
    return found + (not layer.get("ceil_mode", False) and reached < length + axis["rows"])


def _half_the_rows(length: int, layer: Layer, *, rows: int, **axis: int) -> int:
    return count(length, rows // 2, **axis, last=layer.get("ceil_mode", False))


def _padded_at_the_end(length: int, layer: Layer, *, rows: int, **axis: int) -> int:
    return count(length, 0, **axis, last=layer.get("ceil_mode", False)) + rows


def _no_division(length: int, layer: Layer, *, step: int, **axis: int) -> int:
    return count(length, **axis, step=1, last=False) - 1 + step


def _a_wider_move(length: int, layer: Layer, *, step: int, **axis: int) -> int:
    return count(length, **axis, step=step + 1 if step > 1 and "stride" in layer else step, last=layer.get("ceil_mode", False))


def _padded_and_divided(length: int, layer: Layer, *, rows: int, step: int, **_: int) -> int:
    return len(range(0 if layer.get("ceil_mode", False) else step - 1, length + rows, step))


def _single_cells(length: int, layer: Layer, *, rows: int, step: int, **_: int) -> int:
    places = range(0, length + rows, step)
    return len(places) + (layer.get("ceil_mode", False) and places[-1] < length + rows - 1)


def _divided(length: int, layer: Layer, *, step: int, **_: int) -> int:
    return len(range(0, length, step)) if layer.get("ceil_mode", False) or layer["type"] == "conv2d" else len(range(step - 1, length, step))


def _fraction(length: Any, layer: Layer, *, rows: int, kernel: int, step: int, dilation: int) -> Fraction:
    if length + rows < (kernel - 1) * dilation + 1:
        raise Ends
    return Fraction(length + rows - (kernel - 1) * dilation - 1) / step + 1


def _relu_sides(_: Layer, shape: Shape) -> Shape:
    return (shape[0], *(i // 2 for i in shape[1:])) if len(shape) == 3 else (shape[0] // 2, *shape[1:])


def _swapped(shape: Shape) -> Shape:
    return (shape[0], *reversed(shape[1:])) if len(shape) == 3 else shape


def _flattening(rule: Callable[[Shape], int]) -> Rule:
    return lambda _, shape: (rule(shape),) if len(shape) == 3 else shape


RULES: dict[str, list[Rule]] = {
    "no-plus1": [making(WINDOWED, per_side(_one_less))],
    "ceil": [making(WINDOWED, per_side(_rounded_up))],
    "pad-ignored": [taking(WINDOWED, padding=0)],
    "pad-once": [making(WINDOWED, per_side(_half_the_rows))],
    "pad-after": [making(WINDOWED, per_side(_padded_at_the_end))],
    "stride-added": [making(WINDOWED, per_side(_no_division))],
    "stride-is-gap": [making(WINDOWED, per_side(_a_wider_move))],
    "kernel-ignored": [making(["conv2d"], per_side(_padded_and_divided)), making(WINDOWED, per_side(_padded_and_divided))],
    "kernel-term-lost": [making(POOLS, per_side(_single_cells))],
    "stride-ignored": [taking(["conv2d"], stride=1)],
    "stride-default-1": [taking(POOLS, stride=lambda layer: layer.get("stride", 1))],
    "n-over-s": [making(POOLS, per_side(_divided))],
    "ceil-ignored": [taking(POOLS, ceil_mode=False)],
    "same-thinking": [making(["conv2d"], per_side(_divided))],
    "dil-ignored": [taking(WINDOWED, dilation=1)],
    "channels-kept": [making(["conv2d"], lambda layer, shape: (shape[0], *after(layer, shape)[1:]))],
    "channels-halved": [making(POOLS, lambda layer, shape: (shape[0] // 2, *after(layer, shape)[1:]))],
    "relu-halves": [making(["relu"], _relu_sides), making(["relu"], lambda _, shape: (shape[0] // 2, *shape[1:]))],
}


def stack_wrong(input_shape: Sequence[int], layers: Sequence[Layer]) -> Wrong:
    """The answers of each wrong method, layer by layer, right ones among them."""
    true = chain(input_shape, layers)
    chains = {name: [chain(input_shape, layers, rule) for rule in rules] for name, rules in RULES.items()}
    if any(layer.get("padding") == "same" for layer in layers):  # `same` is a padding of its own, not one that is taken once
        chains["pad-ignored"] = [chain(input_shape, layers, taking(WINDOWED, padding="valid"))]
    chains["hw-swapped"] = [[_swapped(shape) for shape in true]]
    exact = chain(input_shape, layers, making(WINDOWED, per_side(_fraction)))
    chains["fraction-carried"] = [[tuple(int(i // 1) for i in shape) for shape in exact], exact]
    whole = [number for number, layer in enumerate(layers) if layer["type"] == "flatten" and layer.get("start_dim", 1) == 1]
    flattened: dict[str, list[Callable[[Shape], int]]] = {
        "flatten-hw-only": [lambda shape: prod(shape[1:])],
        "flatten-side-only": [lambda shape: shape[0] * shape[1], lambda shape: shape[0] * shape[2]],
    }
    wrong = {name: _collected([by_name(found, len(layers)) for found in own]) for name, own in chains.items()}
    for name, rules in flattened.items():
        map_before = ([tuple(input_shape), *true])[whole[0]] if whole else true[-1]
        if len(map_before) != 3:
            continue
        if whole:
            wrong[name] = _collected([by_name(chain(input_shape, layers, making(["flatten"], _flattening(rule))), len(layers)) for rule in rules])
        else:
            wrong[name] = {"flattened": [rule(map_before) for rule in rules]}
    return wrong


def _collected(answers: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [own[name] for own in answers if name in own] for name in dict.fromkeys(name for own in answers for name in own)}


# Parameters along a stack


def counts(input_shape: Sequence[int], layers: Sequence[Layer]) -> list[tuple[int, int]]:
    """(weights, biases) of each layer. Those of a convolution are visited one by one."""
    found = []
    shape: Shape = tuple(input_shape)
    for layer in layers:
        own = (0, 0)
        if layer["type"] == "conv2d":
            one = parameters(shape[0], layer["out_channels"], layer["kernel_size"], layer.get("groups", 1), layer.get("bias", True))
            own = (one["weights"], one["biases"])
        elif layer["type"] == "linear":
            own = (sum(layer["out_features"] for _ in range(shape[-1])), layer["out_features"] if layer.get("bias", True) else 0)
        elif layer["type"] == "batch_norm2d" and layer.get("affine", True):
            own = (shape[0], shape[0])
        found.append(own)
        shape = after(layer, shape)
    return found


def summed(numbers: Sequence[int]) -> dict[str, int]:
    return {f"layer_{number}": own for number, own in enumerate(numbers, start=1)} | {"total": sum(numbers)}


def parameters_key(input_shape: Sequence[int], layers: Sequence[Layer]) -> dict[str, int]:
    return summed([weights + biases for weights, biases in counts(input_shape, layers)])


def parameters_wrong_of(input_shape: Sequence[int], layers: Sequence[Layer]) -> Wrong:
    shapes = [tuple(input_shape), *chain(input_shape, layers)]
    true = counts(input_shape, layers)

    def where(kind: str | tuple[str, ...], rule: Callable[..., int]) -> list[int]:
        """Another count for layers of a kind: `rule(layer, before, after, weights, biases)`."""
        return [rule(layer, shapes[n], shapes[n + 1], *true[n]) if layer["type"] in kind else sum(true[n]) for n, layer in enumerate(layers)]

    def area(layer: Layer) -> int:
        return both(layer["kernel_size"])[0] * both(layer["kernel_size"])[1]

    def side(pick: Callable[[tuple[int, int]], int]) -> list[int]:
        return where(("conv2d",), lambda layer, before, after, w, b: w // area(layer) * pick(both(layer["kernel_size"])) + b)

    conv, full, norm = ("conv2d",), ("linear",), ("batch_norm2d",)
    flat = next((n for n, layer in enumerate(layers) if layer["type"] == "flatten" and layer.get("start_dim", 1) == 1), None)
    reader = next((n for n, layer in enumerate(layers) if flat is not None and n > flat and layer["type"] == "linear"), None)
    wrong: dict[str, list[list[int]]] = {
        "fc-bias-forgotten": [where(full, lambda layer, before, after, w, b: w)],
        "no-bias": [where(conv, lambda layer, before, after, w, b: w)],
        "pool-has-params": [
            where(POOLS, lambda layer, before, after, w, b: area(layer)),
            where(POOLS, lambda layer, before, after, w, b: area(layer) * before[0]),
            where(POOLS, lambda layer, before, after, w, b: area(layer) * before[0] * before[0] + before[0]),
            where(POOLS, lambda layer, before, after, w, b: before[0] + before[0]),
        ],
        "bn-counts-4c": [where(norm, lambda layer, before, after, w, b: 2 * (w + b))],
        "bn-zero": [where(norm, lambda layer, before, after, w, b: 0)],
        "bias-once": [where(conv, lambda layer, before, after, w, b: w + (1 if b else 0))],
        "bias-counted": [where(conv + full, lambda layer, before, after, w, b: w + (after[0] if layer["type"] == "conv2d" else after[-1]))],
        "bias-per-slice": [where(conv, lambda layer, before, after, w, b: w + (w // area(layer) if b else 0))],
        "untied-bias": [where(conv, lambda layer, before, after, w, b: w + (prod(after) if b else 0))],
        "cin-ignored": [where(conv, lambda layer, before, after, w, b: after[0] * area(layer) + b)],
        "k-not-squared": [side(lambda k: k[0]), side(lambda k: k[1]), side(sum)],
        "one-filter": [
            where(conv, lambda layer, before, after, w, b: w // after[0] + (1 if b else 0)),
            where(conv, lambda layer, before, after, w, b: w // after[0] + b),
        ],
        "times-HW": [
            where(conv, lambda layer, before, after, w, b: w * after[1] * after[2] + b),
            where(conv, lambda layer, before, after, w, b: (w + b) * after[1] * after[2]),
        ],
        "groups-ignored": [where(conv, lambda layer, before, after, w, b: after[0] * before[0] * area(layer) + b)],
    }
    if flat is not None and reader is not None and prod(shapes[flat][1:]) > 1:
        own = [sum(one) for one in true]
        own[reader] = shapes[flat][0] * shapes[reader + 1][-1] + true[reader][1]
        wrong["fc-in-is-channels"] = [own]
    found = {name: _collected([summed(own) for own in readings]) for name, readings in wrong.items()}
    if any(b for layer, (_, b) in zip(layers, true, strict=True) if layer["type"] == "conv2d"):  # or the biases of all layers with weights
        found["no-bias"]["total"].append(sum(w if layer["type"] in conv + full else w + b for layer, (w, b) in zip(layers, true, strict=True)))
    return found


# One layer


def layer_key(
    input_shape: Sequence[int], out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> dict[str, Any]:
    layer = {"type": "conv2d", "kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    sides = [count(i, **axis, last=False) for i, axis in zip(input_shape[-2:], axes_of(layer), strict=True)]
    reads = [channel for channel in range(input_shape[-3]) if channel < input_shape[-3] // groups]  # the first filter's
    return {"output_shape": (*input_shape[:-3], out_channels, *sides), "weight_shape": (out_channels, len(reads), *both(kernel_size))}


def layer_wrong(input_shape: Sequence[int], out_channels: int, kernel_size: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Wrong:
    def laid(**other: Any) -> list[Any]:
        given = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation, **other}
        try:
            found = layer_key(input_shape, out_channels, **given, groups=groups)["output_shape"]
        except Ends:
            return []
        return [found]

    def by_side(side: Callable[..., int]) -> list[Any]:
        layer = {"type": "conv2d", "kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
        try:
            sides = [side(i, layer, **axis) for i, axis in zip(input_shape[-2:], axes_of(layer), strict=True)]
        except Ends:
            return []
        return [(*input_shape[:-3], out_channels, *sides)] if min(sides) > 0 else []

    *batch, channels, height, width = layer_key(input_shape, out_channels, kernel_size, stride, padding, dilation, groups)["output_shape"]
    comes_in, kernel = input_shape[-3], both(kernel_size)
    depth = comes_in // groups
    wrong: Wrong = {
        "hw-swapped": {"output_shape": [(*batch, channels, width, height)], "weight_shape": [(out_channels, depth, kernel[1], kernel[0])]},
        "nhwc": {"output_shape": [(*batch, height, width, channels)], "weight_shape": [(*kernel, depth, out_channels)]},
        "batch-lost" if batch else "batch-added": {"output_shape": [(channels, height, width) if batch else (1, channels, height, width)]},
        "c-out-is-c-in": {"output_shape": [(*batch, comes_in, height, width)]},
        "c-product": {"output_shape": [(*batch, comes_in * out_channels, height, width)]},
        "weight-in-out": {"weight_shape": [(depth, out_channels, *kernel)] + ([(comes_in, out_channels // groups, *kernel)] if groups > 1 else [])},
        "groups-ignored": {"weight_shape": [(out_channels, comes_in, *kernel)]},
        "stride-ignored": {"output_shape": laid(stride=1)},
        "pad-ignored": {"output_shape": laid(padding=0)},
        "dil-ignored": {"output_shape": laid(dilation=1)},
        "pad-once": {"output_shape": by_side(_half_the_rows)},
        "no-plus1": {"output_shape": by_side(_one_less)},
        "ceil": {"output_shape": by_side(_rounded_up)},
    }
    return wrong


def grouped_key(in_channels: int, out_channels: int, kernel_size: Any, groups: int, bias: bool) -> dict[str, Any]:
    found = parameters(in_channels, out_channels, kernel_size, groups, bias)
    height, width = both(kernel_size)
    return {"weight_shape": (out_channels, found["weights"] // (out_channels * height * width), height, width), "total": found["total"]}


def grouped_wrong(in_channels: int, out_channels: int, kernel_size: Any, groups: int, bias: bool) -> Wrong:
    kernel, depth, biases = both(kernel_size), in_channels // groups, out_channels if bias else 0
    numbers = out_channels * depth * prod(kernel)

    def layer(filters: int, channels: int, *counted: int) -> dict[str, list[Any]]:
        return {"weight_shape": [(filters, channels, *kernel)], "total": [filters * channels * prod(kernel) + own for own in counted]}

    return {
        "groups-ignored": layer(out_channels, in_channels, biases),
        "divide-twice": layer(out_channels // groups, depth, biases, biases // groups),
        "out-divided": {"weight_shape": [(out_channels // groups, in_channels, *kernel)]},
        "depthwise-assumed": layer(out_channels, 1, biases),
        "times-g": layer(out_channels, in_channels * groups, biases),
        "weight-in-out": {"weight_shape": [(depth, out_channels, *kernel)]},
        "no-bias": {"total": [numbers]},
        "bias-per-group": {"total": [numbers + (groups if bias else 0)]},
        "bias-counted": {"total": [numbers + out_channels]},
    }
