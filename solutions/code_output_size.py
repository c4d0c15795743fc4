"""code-output-size: torch finds the size with a layer that has no numbers in it, on the meta device."""

import math

import torch
import torch.nn.functional as F

from grader.course import cases, mistake, reference
from grader.course.calls import Case, Draw, call


@reference
def output_size(i: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    x, w = torch.empty(1, 1, i, device="meta"), torch.empty(1, 1, k, device="meta")
    return F.conv1d(x, w, stride=s, padding=p, dilation=d).shape[-1]


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def many(count: int, *, strides: tuple[int, int], paddings: tuple[int, int], dilations: tuple[int, int], left_over: bool | None = None) -> list[Case]:
        """Calls that fit; `left_over` says whether the last step has to be one that does not fit."""
        found: list[Case] = []
        while len(found) < count:
            i, k = draw.between(5, 40), draw.between(2, 7)
            s, p, d = draw.between(*strides), draw.between(*paddings), draw.between(*dilations)
            rest = i + 2 * p - d * (k - 1) - 1
            if rest < s or (left_over is not None and bool(rest % s) is not left_over):
                continue
            named = {"s": s, "p": p, "d": d}
            plain = {"s": 1, "p": 0, "d": 1}
            found.append(call(i, k, **{name: value for name, value in named.items() if value != plain[name]}))
        return found

    return {
        "plain": [call(4, 3), call(5, 5), call(7, 1), *many(7, strides=(1, 1), paddings=(0, 0), dilations=(1, 1))],
        "padding": many(10, strides=(1, 1), paddings=(1, 4), dilations=(1, 1)),
        "stride": many(10, strides=(2, 4), paddings=(0, 0), dilations=(1, 1), left_over=False),
        "rounding": [call(224, 11, s=4), call(6, 3, s=2, p=1), *many(8, strides=(3, 5), paddings=(0, 0), dilations=(1, 1), left_over=True)],
        "dilation": many(10, strides=(1, 1), paddings=(0, 0), dilations=(2, 4)),
        "together": many(10, strides=(2, 5), paddings=(1, 4), dilations=(2, 3)),
    }


def rest(i: int, k: int, p: int, d: int) -> int:
    """How far the kernel can move from its first place."""
    return i + 2 * p - d * (k - 1) - 1


def left_over(i: int, k: int, s: int, p: int, d: int) -> bool:
    return rest(i, k, p, d) % s > 0


@mistake("no-plus1")
def no_plus1(i: int, k: int, s: int, p: int, d: int) -> int:
    return rest(i, k, p, d) // s


@mistake("pad-once", applies=lambda p: p > 0)
def pad_once(i: int, k: int, s: int, p: int, d: int) -> int:
    return (rest(i, k, 0, d) + p) // s + 1


@mistake("pad-ignored", applies=lambda p: p > 0)
def pad_ignored(i: int, k: int, s: int, d: int) -> int:
    return rest(i, k, 0, d) // s + 1


@mistake("stride-ignored", applies=lambda s: s > 1)
def stride_ignored(i: int, k: int, p: int, d: int) -> int:
    return rest(i, k, p, d) + 1


@mistake("ceil", applies=left_over)
def ceil(i: int, k: int, s: int, p: int, d: int) -> int:
    return math.ceil(rest(i, k, p, d) / s) + 1


@mistake("nearest", applies=left_over)
def nearest(i: int, k: int, s: int, p: int, d: int) -> int:
    """As Python's round does it: halves to the even neighbour."""
    return round(rest(i, k, p, d) / s) + 1


@mistake("fraction", applies=left_over)
def fraction(i: int, k: int, s: int, p: int, d: int) -> float:
    return rest(i, k, p, d) / s + 1


@mistake("dil-ignored", applies=lambda d: d > 1)
def dil_ignored(i: int, k: int, s: int, p: int) -> int:
    return rest(i, k, p, 1) // s + 1


@mistake("k-times-d", applies=lambda d: d > 1)
def k_times_d(i: int, k: int, s: int, p: int, d: int) -> int:
    return (i + 2 * p - d * k) // s + 1
