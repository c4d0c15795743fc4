"""T6 as a formula in i, k, s, p. Right is what agrees with torch at every point, however it is written."""

from functools import lru_cache

import torch
import torch.nn.functional as F

from grader.course import Answers, Formula, OneOf, mistake, reference

NAMES = ("i", "k", "s", "p")


@lru_cache(maxsize=1)
def points() -> tuple[tuple[int, int, int, int], ...]:
    """Sides that torch accepts, the edges among them: a kernel as large as the padded input, no padding, stride 1."""
    sides, kernels = (1, 2, 3, 4, 5, 6, 7, 8, 11, 28, 224), (1, 2, 3, 4, 5, 7, 11)
    return tuple((i, k, s, p) for i in sides for k in kernels for s in (1, 2, 3, 4) for p in (0, 1, 2, 3) if k <= i + 2 * p)


@lru_cache(maxsize=1)
def values() -> tuple[int, ...]:
    """torch's answer at every point, computed once."""
    found = []
    for i, k, s, p in points():
        input, kernel = torch.zeros(1, 1, i), torch.zeros(1, 1, k)
        found.append(F.conv1d(input, kernel, stride=s, padding=p).shape[-1])
    return tuple(found)


def rounded_or_not(numerator: str, denominator: str, rest: str = "") -> OneOf:
    """A wrong method is the same method whether its writer rounds down or, as lesson pages do, leaves the division open."""
    return OneOf((Formula(f"floor(({numerator}) / {denominator}){rest}"), Formula(f"({numerator}) / {denominator}{rest}")))


@reference
def size_formula() -> Answers:
    return {"output_size": Formula("floor((i + 2*p - k) / s) + 1", NAMES, points(), values())}


@mistake("ceil")
def ceil() -> Answers:
    """Rounds up."""
    return {"output_size": Formula("ceil((i + 2*p - k) / s) + 1")}


@mistake("nearest")
def nearest() -> Answers:
    """Rounds to nearest, halves up."""
    return {"output_size": Formula("floor((i + 2*p - k) / s + 1 / 2) + 1")}


@mistake("fraction")
def fraction() -> Answers:
    """Does not round."""
    return {"output_size": Formula("(i + 2*p - k) / s + 1")}


@mistake("pad-once")
def pad_once() -> Answers:
    """Adds the padding on one side only, or takes it for the total."""
    return {"output_size": rounded_or_not("i + p - k", "s", " + 1")}


@mistake("pad-ignored")
def pad_ignored() -> Answers:
    """Leaves the padding out."""
    return {"output_size": rounded_or_not("i - k", "s", " + 1")}


@mistake("pad-after")
def pad_after() -> Answers:
    """Computes without padding and adds it to the output."""
    return {"output_size": rounded_or_not("i - k", "s", " + 1 + 2*p")}


@mistake("no-plus1")
def no_plus1() -> Answers:
    """Counts the steps, not the places."""
    return {"output_size": rounded_or_not("i + 2*p - k", "s")}


@mistake("plus1-inside")
def plus1_inside() -> Answers:
    """Adds the 1 before dividing."""
    return {"output_size": rounded_or_not("i + 2*p - k + 1", "s")}


@mistake("stride-ignored")
def stride_ignored() -> Answers:
    """Moves one cell at a time."""
    return {"output_size": Formula("i + 2*p - k + 1")}


@mistake("stride-added")
def stride_added() -> Answers:
    """Adds the stride where the 1 belongs, and does not divide."""
    return {"output_size": Formula("i + 2*p - k + s")}


@mistake("stride-is-gap")
def stride_is_gap() -> Answers:
    """Takes the stride for the cells skipped between two places."""
    return {"output_size": rounded_or_not("i + 2*p - k", "(s + 1)", " + 1")}


@mistake("kernel-ignored")
def kernel_ignored() -> Answers:
    """Leaves the kernel's reach out."""
    return {"output_size": rounded_or_not("i + 2*p", "s")}


@mistake("same-thinking")
def same_thinking() -> Answers:
    """Thinks that only the stride makes the output smaller."""
    return {"output_size": Formula("ceil(i / s)")}
