"""T8: an output size is known, and one of input, kernel, stride and padding is asked for: all its values that fit.

Sizes may be [H, W]; asked is then the one number for both axes that fits on each. Values are sought from LEAST to MOST, as the
prompt says: with one output cell, every large stride fits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from grader.course import Answers, Size, derived, mistake, pair, per_axis, reference

LARGE = 4096
LEAST = {"input_size": 1, "kernel_size": 1, "stride": 1, "padding": 0}
MOST = 1000

Count = Callable[[int, int, int, int], int]
"""(i, k, s, p) → the output's side, rightly or by a wrong method; 0 where the kernel does not fit."""


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, stride: int, padding: int) -> int:
    """The output's side, from torch; 0 where the kernel does not fit.

    Large layers are computed on the meta device, which lets bad values through: these go to a real one, which need not be large.
    """
    good = min(input_size, kernel_size, stride, padding + 1) > 0
    if good and kernel_size > input_size + 2 * padding:
        return 0
    device = "meta" if good and input_size + 2 * padding > LARGE else "cpu"
    input = torch.zeros(1, 1, input_size if good else min(input_size, LARGE), device=device)
    kernel = torch.zeros(1, 1, kernel_size, device=device)
    return F.conv1d(input, kernel, stride=stride, padding=padding).shape[-1]


def counted(i: int, k: int, s: int, p: int) -> int:
    return (i + 2 * p - k) // s + 1 if k <= i + 2 * p else 0


class Axis(NamedTuple):
    """One axis: the output's side, what is asked for, and the sizes, with None for the one that is asked for."""

    output: int
    ask: str
    sizes: tuple[int | None, ...]

    def fitting(self, count: Count) -> range:
        """All values from LEAST to MOST with which `count` gives the output's side. It never rises or never falls with a size."""
        sign = 1 if self.ask in ("input_size", "padding") else -1
        values = range(LEAST[self.ask], MOST + 1)

        def key(value: int) -> int:
            i, k, s, p = (value if size is None else size for size in self.sizes)
            return sign * count(i, k, s, p)

        return values[bisect_left(values, sign * self.output, key=key) : bisect_right(values, sign * self.output, key=key)]


def axes(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> tuple[Axis, ...]:
    """Both axes where any size is [H, W], else one."""
    sizes = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "padding": padding}
    if ask not in sizes:
        raise ValueError(f"'{ask[:40]}' cannot be asked for; give input_size, kernel_size, stride or padding")
    for name, size in sizes.items():
        if (size is None) != (name == ask):
            raise ValueError(f"{name} is given and asked for; leave it out" if name == ask else f"{name} is missing; give all sizes but the one asked for")
    count = 2 if any(isinstance(size, tuple) for size in (output_size, *sizes.values())) else 1
    return tuple(Axis(pair(output_size)[axis], ask, tuple(None if size is None else pair(size)[axis] for size in sizes.values())) for axis in range(count))


def values(found: tuple[Axis, ...], count: Count) -> tuple[int, ...]:
    """What fits on every axis, ascending."""
    ranges = [axis.fitting(count) for axis in found]
    return tuple(range(max(fits.start for fits in ranges), min(fits.stop for fits in ranges)))


def exact(axis: Axis) -> tuple[int, int] | None:
    """(numerator, denominator) of the value that leaves nothing over, (o - 1)s = i + 2p - k; None where there is none."""
    i, k, s, p = (size or 0 for size in axis.sizes)
    o = axis.output
    match axis.ask:
        case "input_size":
            return (o - 1) * s + k - 2 * p, 1
        case "kernel_size":
            return i + 2 * p - (o - 1) * s, 1
        case "stride":
            return (i + 2 * p - k, o - 1) if o > 1 else None
    return (o - 1) * s + k - i, 2


@reference
def inverse_size(
    output_size: Size,
    ask: str,
    input_size: Size | None = None,
    kernel_size: Size | None = None,
    stride: Size | None = None,
    padding: Size | None = None,
) -> Answers:
    found = axes(output_size, ask, input_size, kernel_size, stride, padding)
    for axis in found:
        if axis.output < 1:
            raise ValueError(f"an output has at least one cell, not {axis.output}; give a larger output_size")
    fits = values(found, side)
    if not fits:
        raise ValueError(f"no {ask} from {LEAST[ask]} to {MOST} gives this output; give other sizes")
    return {"values": fits}


@derived("output_size")
def output_of(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> int | tuple[int, ...]:
    """The output that goes with all four sizes, before one of them is left out."""
    return per_axis(side, input_size, kernel_size, stride, padding)


# The wrong methods, each as a function from the axes to its values. A method applies where it leads to any.

Found = tuple[Axis, ...]


def _smallest(found: Found) -> tuple[int, ...]:
    fits = values(found, counted)
    return fits[:1] if len(fits) > 1 else ()


def _exact_only(found: Found) -> tuple[int, ...]:
    """The exact solution alone, where there are others; a stride that does not come out even is rounded down."""
    if len(found) > 1 or len(values(found, counted)) == 1 or (solution := exact(found[0])) is None:
        return ()
    numerator, denominator = solution
    if found[0].ask == "padding" and numerator % denominator:
        return ()
    return (numerator // denominator,) if numerator // denominator >= LEAST[found[0].ask] else ()


def _rounded_down(found: Found) -> tuple[int, ...]:
    if len(found) > 1 or found[0].ask != "padding" or (solution := exact(found[0])) is None:
        return ()
    numerator, denominator = solution
    return (numerator // denominator,) if numerator % denominator and numerator > 0 else ()


def _total(found: Found) -> tuple[int, ...]:
    if found[0].ask == "padding":
        doubled = tuple(2 * value for value in values(found, counted))
        return doubled if any(doubled) else ()
    if not any(axis.sizes[3] for axis in found):
        return ()
    return values(found, lambda i, k, s, p: (i + p - k) // s + 1 if k <= i + p else 0)


def _unpadded(found: Found) -> tuple[int, ...]:
    if found[0].ask == "padding" or not any(axis.sizes[3] for axis in found):
        return ()
    return values(found, lambda i, k, s, p: counted(i, k, s, 0))


def _without_plus1(found: Found) -> tuple[int, ...]:
    return values(found, lambda i, k, s, p: (i + 2 * p - k) // s if k <= i + 2 * p else -1)


def leads_somewhere(rule: Callable[[Found], tuple[int, ...]]) -> Callable[..., bool]:
    """Whether a rule leads to any value; it is computed from the arguments."""

    def applies(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> bool:
        return bool(rule(axes(output_size, ask, input_size, kernel_size, stride, padding)))

    return applies


# T8, likeliest first.


@mistake("smallest-only", applies=leads_somewhere(_smallest))
def smallest_only(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Stops at the first value that fits."""
    return {"values": _smallest(axes(output_size, ask, input_size, kernel_size, stride, padding))}


@mistake("floor-ignored", applies=leads_somewhere(_exact_only))
def floor_ignored(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Solves the equation without rounding: only the value that leaves nothing over."""
    return {"values": _exact_only(axes(output_size, ask, input_size, kernel_size, stride, padding))}


@mistake("p-total", applies=leads_somewhere(_total))
def p_total(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Takes the padding for the sum of both sides: gives 2p for p, or adds p once."""
    return {"values": _total(axes(output_size, ask, input_size, kernel_size, stride, padding))}


@mistake("p-rounded-down", applies=leads_somewhere(_rounded_down))
def p_rounded_down(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Rounds half a cell of padding down; the output is then smaller."""
    return {"values": _rounded_down(axes(output_size, ask, input_size, kernel_size, stride, padding))}


@mistake("no-plus1", applies=leads_somewhere(_without_plus1))
def no_plus1(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Works with n / s for the output: the place the kernel starts at is forgotten."""
    return {"values": _without_plus1(axes(output_size, ask, input_size, kernel_size, stride, padding))}


@mistake("pad-ignored", applies=leads_somewhere(_unpadded))
def pad_ignored(output_size: Size, ask: str, input_size: Size | None, kernel_size: Size | None, stride: Size | None, padding: Size | None) -> Answers:
    """Leaves the padding out."""
    return {"values": _unpadded(axes(output_size, ask, input_size, kernel_size, stride, padding))}
