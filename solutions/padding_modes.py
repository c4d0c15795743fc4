"""T28: padding by reflection, by repeating the edge, and round the other side.

`F.pad` names the last axis first (left, right, top, bottom), where the padding of a layer is (rows, columns).
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, check_rows, mistake, pair, reference

MAX_CELLS = 1_000_000  # of the padded input: an instructor's slip of the finger must not fill the memory
MODES = ("reflect", "replicate", "circular")

Places = Callable[[int, int], list[int]]
"""For a side and its padding: which of the side's cells, counted from 0, stands at each place of the padded side."""


def framed(input: Tensor, padding: Size, mode: str) -> Tensor:
    rows, columns = pair(padding)
    return F.pad(input[None, None], (columns, columns, rows, rows), mode="constant" if mode == "zeros" else mode)[0, 0]


def gathered(input: Tensor, padding: Size, places: Places) -> Tensor:
    """The input with the cells that a rule puts on each axis."""
    found = input
    for axis, own in enumerate(pair(padding)):
        found = found.index_select(axis, torch.tensor(places(input.shape[axis], own)))
    return found


# The places that wrong rules take cells from.


def mirrored_with_edge(side: int, padding: int) -> list[int]:
    """1 0 | 0 1 2 | 2 1"""
    return [*range(padding - 1, -1, -1), *range(side), *range(side - 1, side - 1 - padding, -1)]


def from_near_side(side: int, padding: int) -> list[int]:
    """0 1 | 0 1 2 | 1 2"""
    return [*range(padding), *range(side), *range(side - padding, side)]


def from_far_side_mirrored(side: int, padding: int) -> list[int]:
    """2 1 | 0 1 2 | 1 0"""
    return [*range(side - 1, side - 1 - padding, -1), *range(side), *range(padding - 1, -1, -1)]


# When each wrong method could show, from the arguments alone.


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


def only(name: str) -> Callable[..., bool]:
    return lambda mode, padding: mode == name and padded(padding)


def between(input: Tensor, padding: Size) -> bool:
    """Some axis has padding, but less than its side: with as much as the side, near and far are the same cells."""
    return any(0 < own < side for side, own in zip(input.shape, pair(padding), strict=True))


@reference
def padding_modes(input: Tensor, padding: Size, mode: str) -> Answers:
    if mode not in MODES:
        raise ValueError(f"there is no mode '{mode}'; write {', '.join(MODES)}")
    check_rows(input=input)
    if not input.numel():
        raise ValueError("the input has no cells; give rows of numbers")
    rows, columns = pair(padding)
    if min(rows, columns) < 0:
        raise ValueError("negative padding is not supported")
    if (input.shape[0] + 2 * rows) * (input.shape[1] + 2 * columns) > MAX_CELLS:
        raise ValueError(f"the padded input has more than {MAX_CELLS} cells; give less padding")
    return {"padded": framed(input, padding, mode)}


@mistake("reflect-repeats-edge", applies=only("reflect"))
def reflect_repeats_edge(input: Tensor, padding: Size) -> Answers:
    """Mirrors at the outer side of the edge, so that the edge comes twice."""
    return {"padded": gathered(input, padding, mirrored_with_edge)}


@mistake("replicate-for-reflect", applies=only("reflect"))
def replicate_for_reflect(input: Tensor, padding: Size) -> Answers:
    """Repeats the edge where it should be mirrored. With a padding of 1 that is the same as mirroring with the edge."""
    return {"padded": framed(input, padding, "replicate")}


@mistake("reflect-for-replicate", applies=only("replicate"))
def reflect_for_replicate(input: Tensor, padding: Size) -> Answers:
    """Mirrors where the edge should be repeated."""
    return {"padded": framed(input, padding, "reflect")}


@mistake("circular-wrong-way", applies=lambda input, padding, mode: mode == "circular" and (between(input, padding) or max(pair(padding)) > 1))
def circular_wrong_way(input: Tensor, padding: Size) -> Answers:
    """Takes the rows and columns of the near side, or those of the far side in turned order."""
    readings = [gathered(input, padding, from_near_side)] if between(input, padding) else []
    # One row or column in turned order is itself.
    readings += [gathered(input, padding, from_far_side_mirrored)] if max(pair(padding)) > 1 else []
    return {"padded": OneOf(tuple(readings))}


@mistake("zeros", applies=padded)
def zeros(input: Tensor, padding: Size) -> Answers:
    """Writes zeros all round."""
    return {"padded": framed(input, padding, "zeros")}


@mistake("corners-empty", applies=lambda padding: min(pair(padding)) > 0)
def corners_empty(input: Tensor, padding: Size, mode: str) -> Answers:
    """Fills the four sides, and leaves zeros in the corners."""
    rows, columns = pair(padding)
    whole = framed(input, padding, mode)
    reached = torch.zeros_like(whole)
    reached[rows : rows + input.shape[0]] = 1
    reached[:, columns : columns + input.shape[1]] = 1
    return {"padded": whole * reached}


@mistake("axes-swapped", applies=lambda padding: pair(padding)[0] != pair(padding)[1])
def axes_swapped(input: Tensor, padding: Size, mode: str) -> Answers:
    """Rows and columns of padding the other way round."""
    rows, columns = pair(padding)
    return {"padded": framed(input, (columns, rows), mode)}


@mistake("one-side", applies=padded)
def one_side(input: Tensor, padding: Size, mode: str) -> Answers:
    """Pads only above and on the left, or only below and on the right."""
    rows, columns = pair(padding)
    whole = framed(input, padding, mode)
    return {"padded": OneOf((whole[: rows + input.shape[0], : columns + input.shape[1]], whole[rows:, columns:]))}
