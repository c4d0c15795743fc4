"""T31: statements about convolution layers, true or false. Each is tried out with torch; none stands in a table of truths.

A claim is a function that builds what the statement is about and looks. Where a statement says "always", the claim tries several cases.
"""

from collections.abc import Callable
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, mistake, reference

Claim = Callable[[], bool]
CLAIMS: dict[str, Claim] = {}


def claim(name: str) -> Callable[[Claim], Claim]:
    """Marks the trial of the statement of this name."""

    def mark(trial: Claim) -> Claim:
        CLAIMS[name] = trial
        return trial

    return mark


def picture(*shape: int, seed: int = 1) -> Tensor:
    """Whole numbers from −9 to 9: sums of their products are exact in int64."""
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed))


X, K = picture(1, 1, 8, 8), picture(1, 1, 3, 3, seed=2)


def size(input_size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    return F.conv1d(torch.zeros(1, 1, input_size), torch.zeros(1, 1, kernel_size), stride=stride, padding=padding).shape[-1]


def weights(in_channels: int, out_channels: int, kernel_size: int, **arguments: int) -> int:
    return torch.nn.Conv2d(in_channels, out_channels, kernel_size, device="meta", **arguments).weight.numel()  # type: ignore[arg-type]


def field(*layers: Callable[[Tensor], Tensor], side: int = 31) -> int:
    """From the first to the last cell of a row that the middle output depends on, from its gradient."""
    value = start = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    for layer in layers:
        value = layer(value)
    (gradient,) = torch.autograd.grad(value[0, 0, value.shape[2] // 2, value.shape[3] // 2], start)
    reached = (gradient[0, 0] != 0).any(0).nonzero()
    return int(reached.max() - reached.min()) + 1


def layer(kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Callable[[Tensor], Tensor]:
    kernel = torch.ones(1, 1, kernel_size, kernel_size, dtype=torch.float64)
    return lambda value: F.conv2d(value, kernel, stride=stride, padding=padding, dilation=dilation)


# Conventions.


@claim("turns-kernel")
def turns_kernel() -> bool:
    patch = X[..., :3, :3]
    return int(F.conv2d(patch, K)) == int((patch * K.flip(-2, -1)).sum())


@claim("symmetric-kernel-either-way")
def symmetric_kernel_either_way() -> bool:
    even = K + K.flip(-2, -1)
    return torch.equal(F.conv2d(X, even), F.conv2d(X, even.flip(-2, -1)))


@claim("dilation-one-no-gaps")
def dilation_one_no_gaps() -> bool:
    return torch.equal(F.conv2d(X, K, dilation=1), F.conv2d(X, K)) and field(layer(3, dilation=1)) == 3


@claim("rounds-up")
def rounds_up() -> bool:
    return all(size(i, k, stride=s) == -(-(i - k) // s) + 1 for i in range(5, 9) for k in (2, 3) for s in (2, 3))


@claim("padding-on-both-sides")
def padding_on_both_sides() -> bool:
    return all(size(i, k, padding=1) == size(i + 2, k) for i in range(3, 9) for k in (1, 2, 3))


@claim("pool-moves-by-one")
def pool_moves_by_one() -> bool:
    return F.max_pool2d(X.double(), 2).shape == F.max_pool2d(X.double(), 2, stride=1).shape


@claim("stride-two-halves")
def stride_two_halves() -> bool:
    return all(size(i, k, stride=2, padding=p) * 2 == i for i in range(6, 12) for k in (3, 5) for p in (0, 1))


# Parameters.


@claim("weights-grow-with-picture")
def weights_grow_with_picture() -> bool:
    conv = torch.nn.LazyConv2d(4, 3)
    conv(torch.zeros(1, 2, 8, 8))
    small = conv.weight.numel()
    conv(torch.zeros(1, 2, 32, 32))
    return conv.weight.numel() > small


@claim("bias-per-output-channel")
def bias_per_output_channel() -> bool:
    bias = torch.nn.Conv2d(3, 7, 5, device="meta").bias
    return bias is not None and bias.numel() == 7


@claim("stride-saves-weights")
def stride_saves_weights() -> bool:
    return weights(3, 8, 3, stride=2) < weights(3, 8, 3)


@claim("doubling-both-channels")
def doubling_both_channels() -> bool:
    return weights(6, 16, 3) == 4 * weights(3, 8, 3)


@claim("slice-per-input-channel")
def slice_per_input_channel() -> bool:
    return torch.nn.Conv2d(3, 8, 5, device="meta").weight.shape[1:] == (3, 5, 5)


@claim("dilation-adds-weights")
def dilation_adds_weights() -> bool:
    return weights(3, 8, 3, dilation=2) > weights(3, 8, 3)


# Receptive field.


@claim("two-threes-see-five")
def two_threes_see_five() -> bool:
    return field(layer(3), layer(3)) == field(layer(5)) == 5


@claim("two-threes-cost-more")
def two_threes_cost_more() -> bool:
    return 2 * weights(4, 4, 3) > weights(4, 4, 5)


@claim("stride-widens-later-layers")
def stride_widens_later_layers() -> bool:
    plain, strided = (field(layer(3, stride=s), layer(3)) - field(layer(3, stride=s)) for s in (1, 2))
    return strided == 2 * plain


@claim("padding-widens-field")
def padding_widens_field() -> bool:
    return field(layer(3, padding=1), layer(3, padding=1)) > field(layer(3), layer(3))


@claim("dilation-widens-field")
def dilation_widens_field() -> bool:
    return field(layer(3, dilation=2)) > field(layer(3)) and weights(1, 1, 3, dilation=2) == weights(1, 1, 3)


# What moves along with the picture.


@claim("shift-moves-output")
def shift_moves_output() -> bool:
    return torch.equal(F.conv2d(X.roll(1, -1), K)[..., 1:], F.conv2d(X, K)[..., :-1])


@claim("turn-turns-output")
def turn_turns_output() -> bool:
    return torch.equal(F.conv2d(X.rot90(1, (-2, -1)), K), F.conv2d(X, K).rot90(1, (-2, -1)))


@claim("strided-shift-by-one")
def strided_shift_by_one() -> bool:
    return torch.equal(F.conv2d(X.roll(1, -1), K, stride=2)[..., 1:], F.conv2d(X, K, stride=2)[..., :-1])


@claim("sum-of-pictures")
def sum_of_pictures() -> bool:
    other = picture(1, 1, 8, 8, seed=3)
    return torch.equal(F.conv2d(X + other, K), F.conv2d(X, K) + F.conv2d(other, K))


@claim("two-in-a-row-are-one")
def two_in_a_row_are_one() -> bool:
    second = picture(1, 1, 3, 3, seed=4)
    one = F.conv2d(K, second.flip(-2, -1), padding=2)
    return torch.equal(F.conv2d(F.conv2d(X, K), second), F.conv2d(X, one))


# Padding.


@claim("half-kernel-keeps-size")
def half_kernel_keeps_size() -> bool:
    return all(size(i, k, padding=k // 2) == i for i in range(5, 12) for k in (1, 3, 5, 7))


@claim("even-kernel-keeps-size")
def even_kernel_keeps_size() -> bool:
    return any(size(9, k, padding=p) == 9 for k in (2, 4, 6) for p in range(8))


@claim("border-as-bright")
def border_as_bright() -> bool:
    blurred = F.conv2d(torch.ones(1, 1, 6, 6), torch.full((1, 1, 3, 3), 1 / 9), padding=1)
    return torch.allclose(blurred, torch.ones(1, 1, 6, 6))


@claim("reflect-repeats-border")
def reflect_repeats_border() -> bool:
    padded = F.pad(X.double(), (1, 1, 1, 1), mode="reflect")
    return torch.equal(padded[0, 0, 1:-1, 0], X[0, 0, :, 0].double())


# Pooling.


@claim("pooling-learns")
def pooling_learns() -> bool:
    return any(True for _ in torch.nn.MaxPool2d(2).parameters()) or any(True for _ in torch.nn.AvgPool2d(2).parameters())


@claim("pooling-keeps-channels")
def pooling_keeps_channels() -> bool:
    return F.max_pool2d(torch.zeros(1, 5, 8, 8), 2).shape[1] == 5


@claim("max-pool-of-sum")
def max_pool_of_sum() -> bool:
    other = picture(1, 1, 8, 8, seed=3).double()
    return torch.equal(F.max_pool2d(X.double() + other, 2), F.max_pool2d(X.double(), 2) + F.max_pool2d(other, 2))


@claim("average-pool-is-convolution")
def average_pool_is_convolution() -> bool:
    return torch.allclose(F.avg_pool2d(X.double(), 2), F.conv2d(X.double(), torch.full((1, 1, 2, 2), 0.25, dtype=torch.float64), stride=2))


@claim("max-pool-pads-zeros")
def max_pool_pads_zeros() -> bool:
    return bool((F.max_pool2d(torch.full((1, 1, 4, 4), -3.0), 2, padding=1) == 0).any())


# Kernels of 1×1.


@claim("one-by-one-keeps-channels")
def one_by_one_keeps_channels() -> bool:
    return bool(torch.nn.Conv2d(3, 8, 1)(torch.zeros(1, 3, 4, 4)).shape[1] == 3)


@claim("one-by-one-is-linear")
def one_by_one_is_linear() -> bool:
    many, mix = picture(1, 3, 4, 4, seed=5), picture(2, 3, seed=6)
    return torch.equal(F.conv2d(many, mix[..., None, None]), (many.movedim(1, -1) @ mix.T).movedim(-1, 1))


# Groups.


@claim("two-groups-halve-weights")
def two_groups_halve_weights() -> bool:
    return 2 * weights(4, 8, 3, groups=2) == weights(4, 8, 3)


@claim("depthwise-mixes-channels")
def depthwise_mixes_channels() -> bool:
    first, second = picture(1, 2, 5, 5, seed=7), picture(1, 2, 5, 5, seed=7)
    second[:, 1] += 1  # only the other channel changes
    kernel = picture(2, 1, 3, 3, seed=8)
    return not torch.equal(F.conv2d(first, kernel, groups=2)[:, 0], F.conv2d(second, kernel, groups=2)[:, 0])


@claim("any-number-of-groups")
def any_number_of_groups() -> bool:
    for groups in range(1, 7):
        try:
            torch.nn.Conv2d(6, 6, 3, groups=groups, device="meta")
        except ValueError:
            return False
    return True


# Transposed convolution.


@claim("transposed-restores-values")
def transposed_restores_values() -> bool:
    return torch.equal(F.conv_transpose2d(F.conv2d(X, K), K), X)


@claim("transposed-restores-size")
def transposed_restores_size() -> bool:
    cases = [(i, k, s, p) for i in range(6, 12) for k in (2, 3, 4) for s in (1, 2) for p in (0, 1) if (i + 2 * p - k) % s == 0]
    kernels = {k: torch.zeros(1, 1, k) for k in (2, 3, 4)}
    return all(F.conv_transpose1d(torch.zeros(1, 1, size(i, k, stride=s, padding=p)), kernels[k], stride=s, padding=p).shape[-1] == i for i, k, s, p in cases)


@claim("output-padding-adds-zeros")
def output_padding_adds_zeros() -> bool:
    """That what `output_padding` adds is always 0. With padding it is not: it uncovers what padding cuts off."""
    value = F.conv_transpose2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 3, 3), stride=2, padding=1, output_padding=1)
    return not value[..., -1, :].any()


@claim("transposed-is-gradient")
def transposed_is_gradient() -> bool:
    start = X.double().requires_grad_()
    out = F.conv2d(start, K.double())
    above = picture(*out.shape, seed=9).double()
    (gradient,) = torch.autograd.grad(out, start, above)
    return torch.equal(gradient, F.conv_transpose2d(above, K.double()))


@lru_cache(maxsize=128)
def holds(name: str) -> bool:
    """Whether a statement is true.

    Raises:
        ValueError: there is no trial of it.
    """
    if name not in CLAIMS:
        raise ValueError(f"'{name}' is no statement of this exercise; use {', '.join(CLAIMS)}")
    return CLAIMS[name]()


def true_ones(statements: tuple[str, ...]) -> set[str]:
    return {name for name in statements if holds(name)}


@reference
def concepts(statements: tuple[str, ...]) -> Answers:
    return {"choices": true_ones(statements)}


def some_false(statements: tuple[str, ...]) -> bool:
    return len(true_ones(statements)) < len(statements)


@mistake("false-ones", applies=lambda statements: len(statements) > 0)
def false_ones(statements: tuple[str, ...]) -> Answers:
    """Marks those that are not true: the question is read the wrong way round."""
    return {"choices": set(statements) - true_ones(statements)}


@mistake("everything", applies=some_false)
def everything(statements: tuple[str, ...]) -> Answers:
    """Marks all of them."""
    return {"choices": set(statements)}
