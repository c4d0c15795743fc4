"""T18: the shape after each layer of a network, [C, H, W] without a batch, and how many numbers are left at the end.

A wrong method goes through all layers with its own rule and carries on what it finds. It is shown by the layers where it leads
elsewhere; only if it leads nowhere else at all does it give the key. Where it leaves no place for a kernel it ends.
"""

from collections.abc import Callable
from fractions import Fraction
from math import floor, prod
from typing import Any

from grader.course import Answers, Implausible, Layers, OneOf, Shape, Step, follow, mistake, reference, walk

Found = tuple[Any, ...]  # a shape, perhaps with fractions
Rule = Callable[[Step, Found], Found]  # a layer and what comes into it → what comes out
CONV, POOLS = "conv2d", ("max_pool2d", "avg_pool2d")
WINDOWED = (CONV, *POOLS)


class NoPlace(ValueError):
    """The kernel fits nowhere."""


def side(step: Step, axis: int, length: Any, **other: int) -> int:
    """One side of what comes out of a convolution or pooling, by the formula.

    Args:
        other: what a wrong method takes in place of the layer's own margin, dilation or stride; `up` rounds up, `first` counts the
            place that the kernel starts from.
    """
    margin, dilation = other.get("margin", step.margin[axis]), other.get("dilation", step.dilation[axis])
    stride, up = other.get("stride", step.stride[axis]), other.get("up", step.ceil_mode)
    n = length + margin - dilation * (step.kernel[axis] - 1) - 1
    steps = -(-n // stride) if up else n // stride
    if steps < 0:  # rounded up, a kernel that sticks out by less than its stride has one place
        raise NoPlace("the kernel fits nowhere")
    if up and n % stride and steps * stride >= length + margin // 2:  # torch drops a window that begins beyond the input
        steps -= 1
    return int(steps) + other.get("first", 1)


def sides(step: Step, shape: Found, **other: Any) -> Found:
    """Both sides; of `other`, pairs are for one axis each."""
    return tuple(side(step, axis, shape[1 + axis], **{name: v[axis] if isinstance(v, tuple) else v for name, v in other.items()}) for axis in (0, 1))


def right(step: Step, shape: Found) -> Found:
    """What comes out of a layer, whatever comes in."""
    if step.kind in WINDOWED:
        return (step.after[0] if step.kind == CONV else shape[0], *sides(step, shape))
    if step.flattens is not None:
        first, last = step.flattens
        return (*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :])
    if step.kind == "linear":
        return (*shape[:-1], step.after[-1])
    return shape


def instead(kinds: tuple[str, ...], rule: Rule) -> Rule:
    """A rule for layers of some kinds; right for all others."""
    return lambda step, shape: rule(step, shape) if step.kind in kinds else right(step, shape)


def with_sides(kinds: tuple[str, ...], **other: Any) -> Rule:
    """Other sides for layers of some kinds: a function of the layer for each argument of `side`."""

    def rule(step: Step, shape: Found) -> Found:
        return (right_channels(step, shape), *sides(step, shape, **{name: value(step) if callable(value) else value for name, value in other.items()}))

    return instead(kinds, rule)


def right_channels(step: Step, shape: Found) -> Any:
    return step.after[0] if step.kind == CONV else shape[0]


def carried(steps: tuple[Step, ...], rule: Rule) -> list[Found]:
    """The shapes that a rule leads to, as far as it leads."""
    found: list[Found] = []
    shape: Found = steps[0].before
    for step in steps:
        try:
            shape = rule(step, shape)
        except NoPlace:
            break
        if min(shape) < 1:
            break
        found.append(shape)
    return found


def shown(steps: tuple[Step, ...], *chains: list[Found]) -> Answers:
    """Where chains of shapes lead elsewhere than the layers; everywhere, if nowhere else."""
    key = [step.after for step in steps]
    asked: dict[str, Any] = {f"layer_{number}": shape for number, shape in enumerate(key, start=1)} | {"flattened": prod(key[-1])}
    found: dict[str, list[Any]] = {name: [] for name in asked}
    for chain in chains:
        for number, shape in enumerate(chain, start=1):
            found[f"layer_{number}"].append(shape)
        if len(chain) == len(steps):
            found["flattened"].append(prod(chain[-1]))
    elsewhere = {name: [answer for answer in dict.fromkeys(answers) if answer != asked[name]] for name, answers in found.items()}
    if any(elsewhere.values()):
        return {name: OneOf(tuple(answers)) for name, answers in elsewhere.items() if answers}
    if not any(len(chain) == len(steps) for chain in chains):
        raise NoPlace("it ends before it leads elsewhere")
    return {name: OneOf(tuple(dict.fromkeys(answers))) for name, answers in found.items()}


def led(input_shape: Shape, layers: Layers, *rules: Rule) -> Answers:
    """What rules lead to, each of them a reading of the wrong method."""
    steps = walk(input_shape, layers)
    return shown(steps, *(carried(steps, rule) for rule in rules))


# When each wrong method could show, from the arguments alone.


def any_layer(condition: Callable[[Step], bool]) -> Callable[[Shape, Layers], bool]:
    def applies(input_shape: Shape, layers: Layers) -> bool:
        return any(condition(step) for step in walk(input_shape, layers))

    return applies


def span(step: Step, axis: int) -> int:
    """How many cells the kernel can move."""
    return step.before[1 + axis] + step.margin[axis] - step.dilation[axis] * (step.kernel[axis] - 1) - 1


def moves(step: Step, kinds: tuple[str, ...] = WINDOWED) -> bool:
    return step.kind in kinds


def padded(step: Step) -> bool:
    return step.kind in WINDOWED and max(step.margin) > 0


def rounds(step: Step) -> bool:
    return step.kind in WINDOWED and any(span(step, axis) % step.stride[axis] for axis in (0, 1))


def rounds_down(step: Step) -> bool:
    return rounds(step) and not step.ceil_mode


def rounds_up(step: Step) -> bool:
    return step.ceil_mode and any(step.after[1 + axis] > span(step, axis) // step.stride[axis] + 1 for axis in (0, 1))


def strided(step: Step) -> bool:
    return step.kind == CONV and steps_over(step)


def pads_and_strides(step: Step) -> bool:
    """With stride 1 it is all the same where padding is added."""
    return step.kind in WINDOWED and any(margin > 0 and stride > 1 for margin, stride in zip(step.margin, step.stride, strict=True))


def steps_over(step: Step) -> bool:
    """A stride above 1, of pooling too, on an axis with more than one place."""
    return step.kind in WINDOWED and any(step.stride[axis] > 1 and span(step, axis) > 0 for axis in (0, 1))


def gaps(step: Step) -> bool:
    return step.own_stride and steps_over(step)


def wide(step: Step) -> bool:
    """A convolution: in pooling alone it is `n-over-s`, or nearly so."""
    return step.kind == CONV and max(step.kernel) > 1


def dilated(step: Step) -> bool:
    return step.kind in WINDOWED and not step.same and any(d > 1 and k > 1 for d, k in zip(step.dilation, step.kernel, strict=True))


def default_stride(step: Step) -> bool:
    return step.kind in POOLS and not step.own_stride and max(step.kernel) > 1


def overlaps(step: Step) -> bool:
    """Windows side by side without padding are i / s by right."""
    return step.kind in POOLS and (step.kernel != step.stride or max(step.margin) > 0 or max(step.dilation) > 1)


def window_has_reach(step: Step) -> bool:
    """Of windows side by side that round down, a window of one cell makes what `ceil` does."""
    return step.kind in POOLS and max(step.kernel) > 1 and (step.ceil_mode or overlaps(step))


def resized(step: Step) -> bool:
    return step.kind == CONV and step.after[1:] != tuple(-(-length // s) for length, s in zip(step.before[1:], step.stride, strict=True))


def channels_change(step: Step) -> bool:
    return step.kind == CONV and step.before[0] != step.after[0]


def oblong(step: Step) -> bool:
    return len(step.after) == 3 and step.after[1] != step.after[2]


def flat(input_shape: Shape, layers: Layers) -> tuple[int, ...]:
    """The map whose numbers are counted: the one that a layer flattens, else what comes out at the end."""
    steps = walk(input_shape, layers)
    return next((step.before for step in steps if step.flattens == (0, 2)), steps[-1].after)


def flattens_channels(input_shape: Shape, layers: Layers) -> bool:
    return len(flat(input_shape, layers)) == 3 and flat(input_shape, layers)[0] > 1


def flattens_cells(input_shape: Shape, layers: Layers) -> bool:
    return len(flat(input_shape, layers)) == 3 and max(flat(input_shape, layers)[1:]) > 1


@reference
def stack_shapes(input_shape: Shape, layers: Layers) -> Answers:
    steps = walk(input_shape, layers)
    return {f"layer_{number}": step.after for number, step in enumerate(steps, start=1)} | {"flattened": prod(steps[-1].after)}


def plausible(shape: Shape, steps: tuple[Step, ...], number: int) -> Shape:
    """The student's own shape after layer `number`, if nobody would say at once that no layer puts it out.

    Raises:
        Implausible: it has other axes, a side below 1, or more than the padded input; or a single place is left where there are more.
    """
    true = steps[number - 1].after
    if len(shape) != len(true) or min(shape) < 1:
        raise Implausible("other axes, or a side below 1")
    room = [steps[0].before[1 + axis] + sum(step.margin[axis] for step in steps[:number]) for axis in (0, 1)]
    most = max(step.after[0] for step in steps) * room[0] * room[1]
    if len(shape) == 3 and (shape[1] > room[0] or shape[2] > room[1] or shape[0] > most):
        raise Implausible("larger than the padded input")
    if prod(shape) > most * steps[0].before[0]:
        raise Implausible("more numbers than any layer could put out")
    if len(shape) == 3 and prod(shape[1:]) == 1 < prod(true[1:]):
        raise Implausible("a single place: nothing is left to work out")
    return shape


@follow("layer")
def from_the_layer_before(layer: Shape, number: int, input_shape: Shape, layers: Layers) -> Found:
    """The shape after layer `number` that goes with the student's own shape before it."""
    steps = walk(input_shape, layers)
    return right(steps[number - 1], plausible(layer, steps, number - 1))


@follow("flattened")
def from_the_last_layer(layer: tuple[Shape | None, ...], input_shape: Shape, layers: Layers) -> int:
    """The numbers in the student's own last shape."""
    if layer[-1] is None:
        raise Implausible("the last shape is not there")
    return prod(plausible(layer[-1], walk(input_shape, layers), len(layer)))


# T6 and T17, carried along; likeliest first.


@mistake("no-plus1", applies=any_layer(moves))
def no_plus1(input_shape: Shape, layers: Layers) -> Answers:
    """Counts the steps of each kernel, not its places."""
    return led(input_shape, layers, with_sides(WINDOWED, first=0))


@mistake("ceil", applies=any_layer(rounds_down))
def ceil(input_shape: Shape, layers: Layers) -> Answers:
    """Rounds a last part of a step up."""

    def up(step: Step, shape: Found) -> Found:
        return (right_channels(step, shape), *(side(step, axis, shape[1 + axis]) + _rest(step, axis, shape[1 + axis]) for axis in (0, 1)))

    return led(input_shape, layers, instead(WINDOWED, up))


def _rest(step: Step, axis: int, length: int) -> int:
    """1 where a last part of a step is left over, and the layer drops it."""
    n = length + step.margin[axis] - step.dilation[axis] * (step.kernel[axis] - 1) - 1
    return int(not step.ceil_mode and n % step.stride[axis] > 0)


@mistake("pad-ignored", applies=any_layer(padded))
def pad_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Leaves all padding out."""
    return led(input_shape, layers, with_sides(WINDOWED, margin=0))


@mistake("pad-once", applies=any_layer(padded))
def pad_once(input_shape: Shape, layers: Layers) -> Answers:
    """Adds padding on one side."""
    return led(input_shape, layers, with_sides(WINDOWED, margin=lambda step: tuple(margin // 2 for margin in step.margin)))


@mistake("pad-after", applies=any_layer(pads_and_strides))
def pad_after(input_shape: Shape, layers: Layers) -> Answers:
    """Computes without padding and adds it to what comes out."""

    def after(step: Step, shape: Found) -> Found:
        return (right_channels(step, shape), *(length + margin for length, margin in zip(sides(step, shape, margin=0), step.margin, strict=True)))

    return led(input_shape, layers, instead(WINDOWED, after))


@mistake("stride-added", applies=any_layer(steps_over))
def stride_added(input_shape: Shape, layers: Layers) -> Answers:
    """Adds the stride where the 1 belongs, and does not divide."""
    return led(input_shape, layers, with_sides(WINDOWED, stride=1, up=False, first=lambda step: step.stride))


@mistake("stride-is-gap", applies=any_layer(gaps))
def stride_is_gap(input_shape: Shape, layers: Layers) -> Answers:
    """Takes a stride above 1 for the cells skipped between two places. Pooling that is given none lies side by side."""
    return led(input_shape, layers, with_sides(WINDOWED, stride=lambda step: tuple(s + (s > 1 and step.own_stride) for s in step.stride)))


@mistake("kernel-ignored", applies=any_layer(wide))
def kernel_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Divides the padded side by the stride, in convolutions or in pooling too: the kernel's reach is left out."""

    def divided(step: Step, shape: Found) -> Found:
        axes = zip(shape[1:], step.margin, step.stride, strict=True)
        return (right_channels(step, shape), *(-(-(n + m) // s) if step.ceil_mode else (n + m) // s for n, m, s in axes))

    return led(input_shape, layers, instead((CONV,), divided), instead(WINDOWED, divided))


@mistake("stride-ignored", applies=any_layer(strided))
def stride_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Moves every convolution by one cell."""
    return led(input_shape, layers, with_sides((CONV,), stride=1))


@mistake("stride-default-1", applies=any_layer(default_stride))
def stride_default_1(input_shape: Shape, layers: Layers) -> Answers:
    """Takes 1 for the stride that pooling is not given."""
    return led(input_shape, layers, with_sides(POOLS, stride=lambda step: step.stride if step.own_stride else 1))


@mistake("n-over-s", applies=any_layer(overlaps))
def n_over_s(input_shape: Shape, layers: Layers) -> Answers:
    """Divides by the stride in pooling, whatever the kernel."""
    over = instead(POOLS, lambda step, shape: (shape[0], *(-(-n // s) if step.ceil_mode else n // s for n, s in zip(shape[1:], step.stride, strict=True))))
    return led(input_shape, layers, over)


@mistake("kernel-term-lost", applies=any_layer(window_has_reach))
def kernel_term_lost(input_shape: Shape, layers: Layers) -> Answers:
    """Lets the window of pooling count as a single cell."""

    def lost(step: Step, shape: Found) -> Found:
        spans = zip((length + margin - 1 for length, margin in zip(shape[1:], step.margin, strict=True)), step.stride, strict=True)
        return (shape[0], *((-(-n // s) if step.ceil_mode else n // s) + 1 for n, s in spans))

    return led(input_shape, layers, instead(POOLS, lost))


@mistake("ceil-ignored", applies=any_layer(rounds_up))
def ceil_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Rounds down although `ceil_mode` is on."""
    return led(input_shape, layers, with_sides(POOLS, up=False))


@mistake("same-thinking", applies=any_layer(resized))
def same_thinking(input_shape: Shape, layers: Layers) -> Answers:
    """Lets a convolution keep the size, but for its stride."""
    kept = instead((CONV,), lambda step, shape: (step.after[0], *(-(-length // s) for length, s in zip(shape[1:], step.stride, strict=True))))
    return led(input_shape, layers, kept)


def narrow(step: Step) -> tuple[int, ...]:
    """The padding of a layer without its dilation: less only where it is as much as the kernel takes."""
    return tuple(k - 1 for k in step.kernel) if step.same else step.margin


@mistake("dil-ignored", applies=any_layer(dilated))
def dil_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Takes kernels as if they were not dilated."""
    return led(input_shape, layers, with_sides(WINDOWED, dilation=1, margin=narrow))


@mistake("channels-kept", applies=any_layer(channels_change))
def channels_kept(input_shape: Shape, layers: Layers) -> Answers:
    """Lets convolutions put out as many channels as come in."""
    return led(input_shape, layers, instead((CONV,), lambda step, shape: (shape[0], *sides(step, shape))))


@mistake("channels-halved", applies=any_layer(lambda step: step.kind in POOLS))
def channels_halved(input_shape: Shape, layers: Layers) -> Answers:
    """Lets pooling halve the channels too."""
    return led(input_shape, layers, instead(POOLS, lambda step, shape: (shape[0] // 2, *sides(step, shape))))


@mistake("hw-swapped", applies=any_layer(oblong))
def hw_swapped(input_shape: Shape, layers: Layers) -> Answers:
    """Writes width before height."""
    steps = walk(input_shape, layers)
    return shown(steps, [(step.after[0], step.after[2], step.after[1]) if len(step.after) == 3 else step.after for step in steps])


# T18's own.


@mistake("fraction-carried", applies=any_layer(rounds))
def fraction_carried(input_shape: Shape, layers: Layers) -> Answers:
    """Carries fractions from layer to layer: written as they are, or rounded down each time they are written."""
    steps = walk(input_shape, layers)

    def exact(step: Step, shape: Found) -> Found:
        axes = zip(shape[1:], step.margin, step.dilation, step.kernel, step.stride, strict=True)
        spans = [(length + margin - d * (k - 1) - 1, s) for length, margin, d, k, s in axes]
        if min(n for n, _ in spans) < 0:
            raise NoPlace("the kernel fits nowhere")
        return (right_channels(step, shape), *(Fraction(n) / s + 1 for n, s in spans))

    chain = carried(steps, instead(WINDOWED, exact))
    return shown(steps, [tuple(map(floor, shape)) for shape in chain], [_whole(shape) for shape in chain])


def _whole(shape: Found) -> Found:
    return tuple(int(length) if length == int(length) else length for length in shape)


@mistake("relu-halves", applies=any_layer(lambda step: step.kind == "relu"))
def relu_halves(input_shape: Shape, layers: Layers) -> Answers:
    """Lets ReLU drop half: half of the sides, or half of the channels."""
    halved = instead(("relu",), lambda step, shape: (shape[0], *(length // 2 for length in shape[1:])) if len(shape) == 3 else (shape[0] // 2, *shape[1:]))
    fewer = instead(("relu",), lambda step, shape: (shape[0] // 2, *shape[1:]))
    return led(input_shape, layers, halved, fewer)


@mistake("flatten-hw-only", applies=flattens_channels)
def flatten_hw_only(input_shape: Shape, layers: Layers) -> Answers:
    """Counts the cells of one channel when a map is flattened."""
    return _flattened(walk(input_shape, layers), lambda shape: prod(shape[1:]))


@mistake("flatten-side-only", applies=flattens_cells)
def flatten_side_only(input_shape: Shape, layers: Layers) -> Answers:
    """Multiplies the channels by one side only when a map is flattened."""
    return _flattened(walk(input_shape, layers), lambda shape: shape[0] * shape[1], lambda shape: shape[0] * shape[2])


def _flattened(steps: tuple[Step, ...], *counts: Callable[[Found], int]) -> Answers:
    """Other counts of a map's numbers: in the layer that flattens it, and in those of the layers behind that keep them; or at the end."""
    if any(step.flattens == (0, 2) for step in steps):
        rules = [lambda step, shape, count=count: (count(shape),) if step.flattens == (0, 2) else right(step, shape) for count in counts]
        return shown(steps, *(carried(steps, rule) for rule in rules))
    readings = tuple(dict.fromkeys(count(steps[-1].after) for count in counts))
    return {"flattened": OneOf(tuple(count for count in readings if count != prod(steps[-1].after)) or readings)}
