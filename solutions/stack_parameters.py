"""T19: how many numbers each layer of a network learns, and all of them together.

A convolution learns out · in / groups · kH · kW weights, a fully connected layer out · in, and both one bias for each output;
batch normalization one scale and one shift for each channel, while its running statistics are counted, not learned. Pooling, ReLU and
flattening learn nothing. What comes into a fully connected layer follows from the shapes before it, so the input's shape is given.
"""

from collections.abc import Callable
from math import prod

from grader.course import Answers, Implausible, Layers, OneOf, Shape, Step, follow, mistake, reference, walk

Counted = tuple[int, ...]  # a number for each layer
Count = Callable[[Step], int]  # how many numbers a layer learns, to a wrong method
POOLS = ("max_pool2d", "avg_pool2d")


def learned(step: Step) -> int:
    return step.weights + step.biases


def instead(condition: Callable[[Step], bool], count: Count) -> Count:
    """A count for some layers; right for all others."""
    return lambda step: count(step) if condition(step) else learned(step)


def shown(steps: tuple[Step, ...], *readings: Counted) -> Answers:
    """Where counts differ from what the layers learn; everywhere, if nowhere differs."""
    key = tuple(map(learned, steps))
    wrong = [own for own in dict.fromkeys(readings) if own != key]
    found = {f"layer_{n + 1}": tuple(dict.fromkeys(own[n] for own in wrong or [key] if own[n] != right or not wrong)) for n, right in enumerate(key)}
    totals = tuple(dict.fromkeys(map(sum, wrong or [key])))
    return {name: OneOf(answers) for name, answers in found.items() if answers} | {"total": OneOf(totals)}


def led(input_shape: Shape, layers: Layers, *counts: Count) -> Answers:
    """What counts lead to, each of them a reading of the wrong method."""
    steps = walk(input_shape, layers)
    return shown(steps, *(tuple(map(count, steps)) for count in counts))


# Which layers a wrong method counts otherwise.


def convolves(step: Step) -> bool:
    return step.kind == "conv2d"


def connects(step: Step) -> bool:
    return step.kind == "linear"


def normalizes(step: Step) -> bool:
    return step.kind == "batch_norm2d" and step.weights > 0


def pools(step: Step) -> bool:
    return step.kind in POOLS


def has_bias(step: Step) -> bool:
    return convolves(step) and step.biases > 0


def has_biases(step: Step) -> bool:
    return has_bias(step) and step.biases > 1


def reads_several(step: Step) -> bool:
    """Each of its filters covers more than one channel."""
    return convolves(step) and depth(step) > 1


def one_bias_for_several(step: Step) -> bool:
    return has_bias(step) and depth(step) > 1


def wide(step: Step) -> bool:
    return convolves(step) and prod(step.kernel) > 1


def several_filters(step: Step) -> bool:
    return convolves(step) and step.after[0] > 1


def several_places(step: Step) -> bool:
    return convolves(step) and prod(step.after[1:]) > 1


def several_biased_places(step: Step) -> bool:
    return has_bias(step) and prod(step.after[1:]) > 1


def unbiased(step: Step) -> bool:
    return (convolves(step) or connects(step)) and step.biases == 0


def grouped(step: Step) -> bool:
    return convolves(step) and step.groups > 1


def connected_with_bias(step: Step) -> bool:
    return connects(step) and step.biases > 0


def depth(step: Step) -> int:
    """How many channels a filter covers."""
    return step.before[0] // step.groups


def any_layer(condition: Callable[[Step], bool]) -> Callable[[Shape, Layers], bool]:
    """Whether a wrong method could show, from the arguments alone: some layer is counted otherwise."""

    def applies(input_shape: Shape, layers: Layers) -> bool:
        return any(map(condition, walk(input_shape, layers)))

    return applies


def channels_before(steps: tuple[Step, ...]) -> dict[int, int]:
    """For each fully connected layer that reads a flattened map of several cells: the channels of that map."""
    found: dict[int, int] = {}
    channels = 0
    for number, step in enumerate(steps):
        if step.flattens == (0, 2):
            channels = step.before[0] if prod(step.before[1:]) > 1 else 0
        elif connects(step) and channels:
            found[number], channels = channels, 0
    return found


def reads_a_map(input_shape: Shape, layers: Layers) -> bool:
    return bool(channels_before(walk(input_shape, layers)))


@reference
def stack_parameters(input_shape: Shape, layers: Layers) -> Answers:
    counts = [learned(step) for step in walk(input_shape, layers)]
    return {f"layer_{number}": count for number, count in enumerate(counts, start=1)} | {"total": sum(counts)}


@follow("total")
def from_layers(layer: tuple[int | None, ...], input_shape: Shape, layers: Layers) -> int:
    """The sum of the student's own layers."""
    counts = [count for count in layer if count is not None]
    if len(counts) < len(layer) or min(counts) < 0:
        raise Implausible("a layer is left out, or learns less than nothing")
    if sum(count > 0 for count in counts) < min(2, sum(learned(step) > 0 for step in walk(input_shape, layers))):
        raise Implausible("nothing is left to add, so the question has become easier")
    return sum(counts)


# T19, likeliest first.


@mistake("fc-in-is-channels", applies=reads_a_map)
def fc_in_is_channels(input_shape: Shape, layers: Layers) -> Answers:
    """Takes the channels of the last map for the inputs of the fully connected layer behind it."""
    steps = walk(input_shape, layers)
    read = channels_before(steps)
    return shown(steps, tuple(read[n] * step.after[-1] + step.biases if n in read else learned(step) for n, step in enumerate(steps)))


@mistake("fc-bias-forgotten", applies=any_layer(connected_with_bias))
def fc_bias_forgotten(input_shape: Shape, layers: Layers) -> Answers:
    """Leaves the biases of fully connected layers out."""
    return led(input_shape, layers, instead(connects, lambda step: step.weights))


@mistake("pool-has-params", applies=any_layer(pools))
def pool_has_params(input_shape: Shape, layers: Layers) -> Answers:
    """Lets pooling learn a kernel: one, one for each channel, or as a convolution would; or LeNet's factor and bias for each channel."""

    def as_conv(step: Step) -> int:
        return step.before[0] ** 2 * prod(step.kernel) + step.before[0]

    counts: list[Count] = [
        lambda step: prod(step.kernel),
        lambda step: prod(step.kernel) * step.before[0],
        as_conv,
        lambda step: 2 * step.before[0],
    ]
    return led(input_shape, layers, *(instead(pools, count) for count in counts))


@mistake("bn-counts-4c", applies=any_layer(normalizes))
def bn_counts_4c(input_shape: Shape, layers: Layers) -> Answers:
    """Counts the running mean and variance of batch normalization as learned."""
    return led(input_shape, layers, instead(normalizes, lambda step: 4 * step.before[0]))


@mistake("bn-zero", applies=any_layer(normalizes))
def bn_zero(input_shape: Shape, layers: Layers) -> Answers:
    """Lets batch normalization learn nothing."""
    return led(input_shape, layers, instead(normalizes, lambda _: 0))


# T15, in every convolution.


@mistake("no-bias", applies=any_layer(has_bias))
def no_bias(input_shape: Shape, layers: Layers) -> Answers:
    """Leaves the biases of convolutions out, or (as the total shows) all biases of weighted layers."""
    both = instead(lambda step: convolves(step) or connects(step), lambda step: step.weights)
    only = instead(convolves, lambda step: step.weights)
    answers, everywhere = led(input_shape, layers, only), led(input_shape, layers, both)
    return {**answers, "total": OneOf(tuple(dict.fromkeys((*answers["total"].readings, *everywhere["total"].readings))))}


@mistake("bias-once", applies=any_layer(has_biases))
def bias_once(input_shape: Shape, layers: Layers) -> Answers:
    """Counts one bias for a whole convolution."""
    return led(input_shape, layers, instead(has_biases, lambda step: step.weights + 1))


@mistake("bias-counted", applies=any_layer(unbiased))
def bias_counted(input_shape: Shape, layers: Layers) -> Answers:
    """Counts biases in layers that have none."""
    return led(input_shape, layers, instead(unbiased, lambda step: step.weights + (step.after[0] if convolves(step) else step.after[-1])))


@mistake("bias-per-slice", applies=any_layer(one_bias_for_several))
def bias_per_slice(input_shape: Shape, layers: Layers) -> Answers:
    """Counts a bias for each channel of each filter."""
    return led(input_shape, layers, instead(has_bias, lambda step: step.weights + step.biases * depth(step)))


@mistake("untied-bias", applies=any_layer(several_biased_places))
def untied_bias(input_shape: Shape, layers: Layers) -> Answers:
    """Counts a bias for each output cell."""
    return led(input_shape, layers, instead(has_bias, lambda step: step.weights + prod(step.after)))


@mistake("cin-ignored", applies=any_layer(reads_several))
def cin_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Takes each filter for a single kernel."""
    return led(input_shape, layers, instead(convolves, lambda step: step.after[0] * prod(step.kernel) + step.biases))


@mistake("k-not-squared", applies=any_layer(wide))
def k_not_squared(input_shape: Shape, layers: Layers) -> Answers:
    """Multiplies by one side of the kernel, or by the sum of both, in place of their product. With a side of 2 the sum would be right."""
    sides: tuple[Count, ...] = (lambda step: step.kernel[0], lambda step: step.kernel[1], lambda step: sum(step.kernel))

    def counted(side: Count) -> Count:
        return instead(convolves, lambda step: step.weights // prod(step.kernel) * side(step) + step.biases)

    return led(input_shape, layers, *map(counted, sides))


@mistake("one-filter", applies=any_layer(several_filters))
def one_filter(input_shape: Shape, layers: Layers) -> Answers:
    """Counts a single filter of each convolution, with one bias or with all."""
    one = instead(convolves, lambda step: step.weights // step.after[0] + min(1, step.biases))
    return led(input_shape, layers, one, instead(convolves, lambda step: step.weights // step.after[0] + step.biases))


@mistake("times-HW", applies=any_layer(several_places))
def times_hw(input_shape: Shape, layers: Layers) -> Answers:
    """Counts the weights of a convolution again at each place of its output; with the biases once, or at each place too."""
    once = instead(convolves, lambda step: step.weights * prod(step.after[1:]) + step.biases)
    return led(input_shape, layers, once, instead(convolves, lambda step: learned(step) * prod(step.after[1:])))


@mistake("groups-ignored", applies=any_layer(grouped))
def groups_ignored(input_shape: Shape, layers: Layers) -> Answers:
    """Lets every filter cover all input channels."""
    return led(input_shape, layers, instead(convolves, lambda step: step.weights * step.groups + step.biases))
