"""T6: the side of the output with stride and padding, floor((i + 2p - k) / s) + 1.

Of the wrong methods known for such questions, `channels_kept` and `batch_lost` cannot apply: no channels or batch are asked for here.
"""

from fractions import Fraction
from functools import lru_cache

from grader.course import Answers, Implausible, Size, follow, mistake, pair, per_axis, reference

LARGE = 4096


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, stride: int, padding: int) -> int:
    """The output's side, from torch.

    Large layers are computed on the meta device, which needs no memory for the numbers. Small ones are not: its first
    call takes half a second (it imports sympy), and it lets a kernel of 0 or a negative padding through.
    """
    import torch  # here: `from_padded` marks the steps of most students without it
    import torch.nn.functional as F

    large = min(input_size, kernel_size, stride, padding + 1) > 0 and input_size + 2 * padding > LARGE
    device = "meta" if large else "cpu"
    input, kernel = torch.zeros(1, 1, input_size, device=device), torch.zeros(1, 1, kernel_size, device=device)
    return F.conv1d(input, kernel, stride=stride, padding=padding).shape[-1]


def spans(input_size: Size, kernel_size: Size, padding: Size) -> tuple[int, ...]:
    """n = i + 2p - k for each axis: how many cells the kernel can move."""
    return tuple(i + 2 * p - k for i, k, p in zip(pair(input_size), pair(kernel_size), pair(padding), strict=True))


# When each wrong method could show, from the arguments alone.


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def remainder(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """Rounding can be seen only where the division leaves something over."""
    return any(n % s for n, s in zip(spans(input_size, kernel_size, padding), pair(stride), strict=True))


def strided(stride: Size) -> bool:
    """With stride 1 the +1 inside the division is the right formula written differently."""
    return max(pair(stride)) > 1


def steps(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> bool:
    """A stride can be seen where it is above 1 and more than one window fits."""
    return any(s > 1 and n > 0 for n, s in zip(spans(input_size, kernel_size, padding), pair(stride), strict=True))


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


def not_same(kernel_size: Size, padding: Size) -> bool:
    """With 2p = k - 1 ("same" padding) the output is ceil(i / s) by right."""
    return any(2 * p != k - 1 for k, p in zip(pair(kernel_size), pair(padding), strict=True))


def rectangular(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> bool:
    return any(pair(size)[0] != pair(size)[1] for size in (input_size, kernel_size, stride, padding))


@reference
def output_size(input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0) -> Answers:
    return {
        "padded_size": per_axis(lambda i, k, s, p: i + 2 * p, input_size, kernel_size, stride, padding),
        "output_size": per_axis(side, input_size, kernel_size, stride, padding),
    }


@follow("output_size")
def from_padded(padded_size: Size, input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> int | tuple[int, ...]:
    """The output's side that goes with the student's own padded side."""
    if isinstance(padded_size, tuple) != isinstance(per_axis(lambda i, k, s, p: 0, input_size, kernel_size, stride, padding), tuple):
        raise Implausible("one number where two are asked, or the other way round")
    for own, i, k, s, p in zip(pair(padded_size), pair(input_size), pair(kernel_size), pair(stride), pair(padding), strict=True):
        if not max(i, k) <= own <= i + 2 * p:
            raise Implausible("smaller than the input or larger than the padded input")
        if (i + 2 * p - k) % s and not (own - k) % s:
            raise Implausible("nothing is left to round, so the question has become easier")
    return per_axis(lambda own, k, s: (own - k) // s + 1, padded_size, kernel_size, stride)


# T6: rounding.


@mistake("ceil", applies=remainder)
def ceil(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Rounds up."""
    return {"output_size": per_axis(lambda i, k, s, p: -(-(i + 2 * p - k) // s) + 1, input_size, kernel_size, stride, padding)}


@mistake("nearest", applies=remainder)
def nearest(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Rounds to nearest, halves up, as taught at school."""
    return {"output_size": per_axis(lambda i, k, s, p: (2 * (i + 2 * p - k) + s) // (2 * s) + 1, input_size, kernel_size, stride, padding)}


@mistake("fraction", applies=remainder)
def fraction(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Does not round: 3.5 windows."""
    return {"output_size": per_axis(lambda i, k, s, p: Fraction(i + 2 * p - k, s) + 1, input_size, kernel_size, stride, padding)}


# T6: padding and the +1.


@mistake("pad-once", applies=padded)
def pad_once(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Adds the padding on one side only, or takes it for the total."""
    return {
        "padded_size": per_axis(lambda i, k, s, p: i + p, input_size, kernel_size, stride, padding),
        "output_size": per_axis(lambda i, k, s, p: (i + p - k) // s + 1, input_size, kernel_size, stride, padding),
    }


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Leaves the padding out."""
    return {
        "padded_size": per_axis(lambda i, k, s, p: i, input_size, kernel_size, stride, padding),
        "output_size": per_axis(lambda i, k, s, p: (i - k) // s + 1, input_size, kernel_size, stride, padding),
    }


@mistake("pad-after", applies=padded)
def pad_after(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Computes without padding and adds it to the output."""
    return {"output_size": per_axis(lambda i, k, s, p: (i - k) // s + 1 + 2 * p, input_size, kernel_size, stride, padding)}


@mistake("no-plus1")
def no_plus1(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Counts the steps, not the places."""
    return {"output_size": per_axis(lambda i, k, s, p: (i + 2 * p - k) // s, input_size, kernel_size, stride, padding)}


@mistake("plus1-inside", applies=strided)
def plus1_inside(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Adds the 1 before dividing."""
    return {"output_size": per_axis(lambda i, k, s, p: (i + 2 * p - k + 1) // s, input_size, kernel_size, stride, padding)}


# T6: stride and kernel.


@mistake("stride-ignored", applies=steps)
def stride_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Moves one cell at a time."""
    return {"output_size": per_axis(lambda i, k, s, p: i + 2 * p - k + 1, input_size, kernel_size, stride, padding)}


@mistake("stride-added", applies=steps)
def stride_added(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Adds the stride where the 1 belongs, and does not divide."""
    return {"output_size": per_axis(lambda i, k, s, p: i + 2 * p - k + s, input_size, kernel_size, stride, padding)}


@mistake("stride-is-gap", applies=steps)
def stride_is_gap(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Takes the stride for the cells skipped between two places: moves s + 1."""
    return {"output_size": per_axis(lambda i, k, s, p: (i + 2 * p - k) // (s + 1) + 1, input_size, kernel_size, stride, padding)}


@mistake("kernel-ignored", applies=wide)
def kernel_ignored(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Divides the padded side by the stride: the kernel's reach is left out."""
    return {"output_size": per_axis(lambda i, k, s, p: (i + 2 * p) // s, input_size, kernel_size, stride, padding)}


@mistake("same-thinking", applies=not_same)
def same_thinking(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Thinks that only the stride makes the output smaller: ceil(i / s)."""
    return {"output_size": per_axis(lambda i, k, s, p: -(-i // s), input_size, kernel_size, stride, padding)}


@mistake("hw-swapped", applies=rectangular)
def hw_swapped(input_size: Size, kernel_size: Size, stride: Size, padding: Size) -> Answers:
    """Height and width in the wrong order."""
    right = output_size(input_size, kernel_size, stride, padding)
    return {part: answer[::-1] for part, answer in right.items() if isinstance(answer, tuple) and answer != answer[::-1]}
