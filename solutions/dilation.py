"""T21: the side of the output of a dilated convolution. The kernel reaches over d(k - 1) + 1 cells."""

from functools import lru_cache

import torch
import torch.nn.functional as F

from grader.course import Answers, Implausible, Size, follow, mistake, pair, per_axis, reference

LARGE = 4096


@lru_cache(maxsize=65_536)
def side(input_size: int, kernel_size: int, dilation: int, stride: int, padding: int) -> int:
    """The output's side, from torch.

    Large layers are computed on the meta device, which needs no memory for the numbers but lets a kernel of 0 or a
    negative padding through; what is no layer therefore goes to a real one, which refuses it and need not be large.
    """
    good = min(input_size, kernel_size, dilation, stride, padding + 1) > 0
    device = "meta" if good and input_size + 2 * padding > LARGE else "cpu"
    input = torch.zeros(1, 1, input_size if good else min(input_size, LARGE), device=device)
    kernel = torch.zeros(1, 1, kernel_size, device=device)
    return F.conv1d(input, kernel, stride=stride, padding=padding, dilation=dilation).shape[-1]


def reach(kernel_size: int, dilation: int) -> int:
    """torch's answer to "how wide is the dilated kernel?": the side of the smallest input on which it has one place."""
    wide = dilation * (kernel_size - 1) + 1
    if side(wide, kernel_size, dilation, 1, 0) != 1:
        raise ValueError("torch finds room for another place of the kernel; give other values")
    return wide


def places(i: int, reach: int, s: int, p: int) -> int:
    """floor((i + 2p - k) / s) + 1, for kernels that a wrong method makes larger than torch would take."""
    return (i + 2 * p - reach) // s + 1


# When each wrong method could show, from the arguments alone.


def dilated(kernel_size: Size, dilation: Size) -> bool:
    return any(k > 1 and d > 1 for k, d in zip(pair(kernel_size), pair(dilation), strict=True))


def gaps(dilation: Size) -> bool:
    """A kernel of one cell has no gaps to fill, but multiplying it by the dilation, or adding, makes it larger all the same."""
    return max(pair(dilation)) > 1


def wide(kernel_size: Size) -> bool:
    return max(pair(kernel_size)) > 1


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def spans(input_size: Size, kernel_size: Size, dilation: Size, padding: Size) -> tuple[int, ...]:
    """n = i + 2p - d(k - 1) - 1 for each axis: how many cells the dilated kernel can move."""
    axes = zip(pair(input_size), pair(kernel_size), pair(dilation), pair(padding), strict=True)
    return tuple(i + 2 * p - d * (k - 1) - 1 for i, k, d, p in axes)


def remainder(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> bool:
    return any(n % s for n, s in zip(spans(input_size, kernel_size, dilation, padding), pair(stride), strict=True))


def steps(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> bool:
    """A stride can be seen where it is above 1 and more than one window fits."""
    return any(s > 1 and n > 0 for n, s in zip(spans(input_size, kernel_size, dilation, padding), pair(stride), strict=True))


@reference
def dilation(input_size: Size, kernel_size: Size, dilation: Size, stride: Size = 1, padding: Size = 0) -> Answers:
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"effective_kernel": per_axis(lambda i, k, d, s, p: reach(k, d), *sizes), "output_size": per_axis(side, *sizes)}


@follow("output_size")
def from_effective_kernel(effective_kernel: Size, input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> int | tuple[int, ...]:
    """The output's side that goes with the student's own reach of the kernel."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    if isinstance(effective_kernel, tuple) != any(isinstance(size, tuple) for size in sizes):
        raise Implausible("one number where two are asked, or the other way round")
    spread = spans(input_size, kernel_size, dilation, padding)
    for own, i, k, s, p, n in zip(*map(pair, (effective_kernel, input_size, kernel_size, stride, padding)), spread, strict=True):
        if not k <= own <= i + 2 * p:
            raise Implausible("smaller than the kernel or larger than the padded input")
        if n % s and not (i + 2 * p - own) % s:
            raise Implausible("nothing is left to round, so the question has become easier")
    return per_axis(lambda own, i, s, p: side(i, own, 1, s, p), effective_kernel, input_size, stride, padding)


# T21: the kernel's reach. Each rule takes all sizes, so that its answer is a pair wherever the key is one.


@mistake("dil-ignored", applies=dilated)
def dil_ignored(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Takes the kernel as if it were not dilated."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"effective_kernel": per_axis(lambda i, k, d, s, p: k, *sizes), "output_size": per_axis(lambda i, k, d, s, p: places(i, k, s, p), *sizes)}


@mistake("k-times-d", applies=gaps)
def k_times_d(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Multiplies the kernel by the dilation: a gap too many, after the last cell."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {
        "effective_kernel": per_axis(lambda i, k, d, s, p: k * d, *sizes),
        "output_size": per_axis(lambda i, k, d, s, p: places(i, k * d, s, p), *sizes),
    }


@mistake("k-plus-d", applies=gaps)
def k_plus_d(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Adds the dilation to the kernel. With k = 3 and d = 2 that is right by luck."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {
        "effective_kernel": per_axis(lambda i, k, d, s, p: k + d, *sizes),
        "output_size": per_axis(lambda i, k, d, s, p: places(i, k + d, s, p), *sizes),
    }


@mistake("dil0", applies=wide)
def dil0(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Takes the dilation for the number of cells left out between two cells, so that 0 would mean none."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {
        "effective_kernel": per_axis(lambda i, k, d, s, p: (d + 1) * (k - 1) + 1, *sizes),
        "output_size": per_axis(lambda i, k, d, s, p: places(i, (d + 1) * (k - 1) + 1, s, p), *sizes),
    }


# T6, for the step after it: with the right reach of the kernel.


@mistake("no-plus1")
def no_plus1(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Counts the steps, not the places."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"output_size": per_axis(lambda i, k, d, s, p: places(i, d * (k - 1) + 1, s, p) - 1, *sizes)}


@mistake("ceil", applies=remainder)
def ceil(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Rounds up."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"output_size": per_axis(lambda i, k, d, s, p: -(-(i + 2 * p - d * (k - 1) - 1) // s) + 1, *sizes)}


@mistake("pad-once", applies=padded)
def pad_once(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Adds the padding on one side only, or takes it for the total."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"output_size": per_axis(lambda i, k, d, s, p: places(i + p, d * (k - 1) + 1, s, 0), *sizes)}


@mistake("pad-ignored", applies=padded)
def pad_ignored(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Leaves the padding out."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"output_size": per_axis(lambda i, k, d, s, p: places(i, d * (k - 1) + 1, s, 0), *sizes)}


@mistake("stride-ignored", applies=steps)
def stride_ignored(input_size: Size, kernel_size: Size, dilation: Size, stride: Size, padding: Size) -> Answers:
    """Moves one cell at a time."""
    sizes = (input_size, kernel_size, dilation, stride, padding)
    return {"output_size": per_axis(lambda i, k, d, s, p: places(i, d * (k - 1) + 1, 1, p), *sizes)}
