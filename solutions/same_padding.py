"""T9: how much padding `same`, `full` and `valid` put before and after each axis, and the side that comes out, at stride 1.

A kernel with dilation d reaches over d(k - 1) + 1 cells; its last t = d(k - 1) have to be made up for. `same` shares t out, and where
it is odd torch puts the extra cell after the input (below, to the right). torch's `same` takes stride 1 only, so none is asked for.
torch has no `full`; it is padding t on each side. That padding adds to the depth (31×31×34), as some think, cannot be
asked here: there are no channels.
"""

from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F

from grader.course import Answers, Implausible, OneOf, Size, follow, mistake, pair, per_axis, reference

LARGE = 4096
PROBE = 256  # the reach up to which a real kernel is laid down to see where `same` puts it


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, dilation: int, padding: int | str) -> int:
    """The output's side, from torch: small layers with real numbers, large ones on the meta device.

    The meta device lets bad values through: these go to a real layer, which need not be large.
    """
    good = min(input_size, kernel_size, dilation) > 0
    device = "meta" if good and max(input_size, kernel_size * dilation) > LARGE else "cpu"
    input = torch.zeros(1, 1, input_size if good else min(input_size, LARGE), device=device)
    kernel = torch.zeros(1, 1, kernel_size, device=device)
    return F.conv1d(input, kernel, padding=padding, dilation=dilation).shape[-1]


@lru_cache(maxsize=4_096)
def same_sides(kernel_size: int, dilation: int) -> tuple[int, int]:
    """(before, after) of torch's `same`, seen with a kernel whose first cell is 1: it copies the input, moved by the padding."""
    total = dilation * (kernel_size - 1)
    if total >= PROBE:  # the same rule, without the numbers
        return total // 2, total - total // 2
    input = torch.ones(1, 1, total + 1, dtype=torch.int64)
    first = torch.zeros(1, 1, kernel_size, dtype=torch.int64)
    first[..., 0] = 1
    before = int((F.conv1d(input, first, padding="same", dilation=dilation) == 0).sum())
    return before, total - before


def padded(input_size: int, kernel_size: int, dilation: int, mode: str) -> tuple[int, int, int]:
    """(before, after, output size) of one axis."""
    total = dilation * (kernel_size - 1)
    match mode:
        case "same":
            output = side(input_size, kernel_size, dilation, "same")  # first: it refuses what is no layer
            return *same_sides(kernel_size, dilation), output
        case "full":
            return total, total, side(input_size, kernel_size, dilation, max(total, 0))
        case "valid":
            return 0, 0, side(input_size, kernel_size, dilation, "valid")
    raise ValueError(f"there is no mode '{mode[:40]}'; give same, full or valid")


def answers(found: Any) -> Answers:
    """(before, after, output size) of one axis or of both, as parts."""
    both = isinstance(found[0], tuple)
    return {part: tuple(axis[n] for axis in found) if both else found[n] for n, part in enumerate(("before", "after", "output_size"))}


def larger_half(total: int) -> int:
    return total - total // 2


# When each wrong method could show, from the arguments alone.


def totals(kernel_size: Size, dilation: Size) -> tuple[int, ...]:
    """t = d(k - 1) for each axis."""
    return tuple(d * (k - 1) for k, d in zip(pair(kernel_size), pair(dilation), strict=True))


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


def same_wide(kernel_size: Size, mode: str) -> bool:
    return mode == "same" and wide(kernel_size)


def same_odd(kernel_size: Size, dilation: Size, mode: str) -> bool:
    """The padding cannot be shared out evenly: the dilated kernel has an even reach."""
    return mode == "same" and any(total % 2 for total in totals(kernel_size, dilation))


def padding_mode(kernel_size: Size, mode: str) -> bool:
    return mode != "valid" and wide(kernel_size)


def dilated(kernel_size: Size, dilation: Size) -> bool:
    return any(k > 1 and d > 1 for k, d in zip(pair(kernel_size), pair(dilation), strict=True))


def not_padded(kernel_size: Size, mode: str) -> bool:
    return mode == "valid" and wide(kernel_size)


@reference
def same_padding(input_size: Size, kernel_size: Size, dilation: Size = 1, mode: str = "same") -> Answers:
    return answers(per_axis(lambda i, k, d: padded(i, k, d, mode), input_size, kernel_size, dilation))


@follow("output_size")
def from_padding(before: Size, after: Size, input_size: Size, kernel_size: Size, dilation: Size, mode: str) -> int | tuple[int, ...]:
    """The output's side that goes with the student's own padding."""
    sizes = any(isinstance(size, tuple) for size in (input_size, kernel_size, dilation))
    if isinstance(before, tuple) != sizes or isinstance(after, tuple) != sizes:
        raise Implausible("one number where two are asked, or the other way round")
    for own_before, own_after, total in zip(pair(before), pair(after), totals(kernel_size, dilation), strict=True):
        if not (0 <= own_before <= total and 0 <= own_after <= total):
            raise Implausible("less than none, or more than the kernel can reach over")
        if total and (not own_before + own_after or (mode != "same" and own_before + own_after == total)):
            raise Implausible("nothing is left to add, or the side is kept, so the question has become easier")
    return per_axis(lambda b, a, i, k, d: side(i + b + a, k, d, 0), before, after, input_size, kernel_size, dilation)


# T9. `same` gives the output's side by its name alone, so most of its wrong methods touch only the padding. Each rule takes all
# sizes, so that its answer is a pair wherever the key is one.


@mistake("pad-k-minus-1", applies=same_wide)
def pad_k_minus_1(input_size: Size, kernel_size: Size, dilation: Size) -> Answers:
    """Pads with all that the kernel takes away on each side, in place of half of it: that is `full`."""
    total = per_axis(lambda i, k, d: d * (k - 1), input_size, kernel_size, dilation)
    return {"before": total, "after": total}


@mistake("pad-k-half-even", applies=same_odd)
def pad_k_half_even(input_size: Size, kernel_size: Size, dilation: Size) -> Answers:
    """Pads with half of the even reach on both sides, one cell too many: the output grows by 1. The padding after is right then."""
    sizes = (input_size, kernel_size, dilation)
    return {
        "before": per_axis(lambda i, k, d: larger_half(d * (k - 1)), *sizes),
        "output_size": per_axis(lambda i, k, d: i + d * (k - 1) % 2, *sizes),
    }


@mistake("extra-on-top", applies=same_odd)
def extra_on_top(input_size: Size, kernel_size: Size, dilation: Size) -> Answers:
    """Puts the extra cell before the input, as some books do; torch puts it after."""
    sizes = (input_size, kernel_size, dilation)
    return {"before": per_axis(lambda i, k, d: larger_half(d * (k - 1)), *sizes), "after": per_axis(lambda i, k, d: d * (k - 1) // 2, *sizes)}


@mistake("mode-mixed-up", applies=wide)
def mode_mixed_up(input_size: Size, kernel_size: Size, dilation: Size, mode: str) -> Answers:
    """Gives what another mode would. `full` in place of `same` is `pad-k-minus-1` in the padding, so only its output stands here."""
    sizes = (input_size, kernel_size, dilation)
    none, total = per_axis(lambda i, k, d: 0, *sizes), per_axis(lambda i, k, d: d * (k - 1), *sizes)
    before, after = per_axis(lambda i, k, d: d * (k - 1) // 2, *sizes), per_axis(lambda i, k, d: larger_half(d * (k - 1)), *sizes)
    kept = per_axis(lambda i, k, d: i, *sizes)
    smaller, larger = per_axis(lambda i, k, d: i - d * (k - 1), *sizes), per_axis(lambda i, k, d: i + d * (k - 1), *sizes)
    match mode:
        case "same":
            return {"before": none, "after": none, "output_size": OneOf((smaller, larger))}
        case "full":
            return {"before": OneOf((before, none)), "after": OneOf((after, none)), "output_size": OneOf((kept, smaller))}
    return {"before": OneOf((before, total)), "after": OneOf((after, total)), "output_size": OneOf((kept, larger))}


@mistake("pad-once", applies=padding_mode)
def pad_once(input_size: Size, kernel_size: Size, dilation: Size, mode: str) -> Answers:
    """Counts the padding before the input only when computing the output's side."""
    sizes = (input_size, kernel_size, dilation)
    if mode == "full":
        return {"output_size": per_axis(lambda i, k, d: i, *sizes)}
    return {"output_size": per_axis(lambda i, k, d: i - larger_half(d * (k - 1)), *sizes)}


@mistake("dil-ignored", applies=dilated)
def dil_ignored(input_size: Size, kernel_size: Size, dilation: Size, mode: str) -> Answers:
    """Takes the kernel as if it were not dilated. `same` keeps the side, and `valid` pads nothing, whatever the kernel."""
    sizes = (input_size, kernel_size, dilation)
    match mode:
        case "same":
            return {"before": per_axis(lambda i, k, d: (k - 1) // 2, *sizes), "after": per_axis(lambda i, k, d: larger_half(k - 1), *sizes)}
        case "full":
            total = per_axis(lambda i, k, d: k - 1, *sizes)
            return {"before": total, "after": total, "output_size": per_axis(lambda i, k, d: i + k - 1, *sizes)}
    return {"output_size": per_axis(lambda i, k, d: i - k + 1, *sizes)}


@mistake("no-plus1", applies=not_padded)
def no_plus1(input_size: Size, kernel_size: Size, dilation: Size) -> Answers:
    """Takes the whole reach of the kernel off the input: the place the kernel starts at is forgotten."""
    return {"output_size": per_axis(lambda i, k, d: i - d * (k - 1) - 1, input_size, kernel_size, dilation)}
