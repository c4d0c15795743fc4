"""T11: what a kernel does to a picture. Decided by laying it on pictures, with torch's conv2d, which does not flip the kernel.

Four pictures tell the effects apart: an even one, one that gets brighter to the right, one that gets brighter downwards, and
one of noise. Where the weights have a sum above 0, the output is taken as divided by it.
"""

from collections.abc import Callable
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, mistake, reference

SIDE = 25
EVEN = torch.full((SIDE, SIDE), 6, dtype=torch.int64)
RIGHT = torch.arange(SIDE, dtype=torch.int64).expand(SIDE, SIDE).contiguous()
DOWN = RIGHT.T.contiguous()
NOISE = torch.randint(0, 100, (SIDE, SIDE), generator=torch.Generator().manual_seed(1), dtype=torch.int64)

DIRECTIONS = {  # signs of what a slope downwards and to the right bring out
    (0, 1): "brighter-right",
    (0, -1): "brighter-left",
    (1, 0): "brighter-down",
    (-1, 0): "brighter-up",
    (1, 1): "brighter-down-right",
    (1, -1): "brighter-down-left",
    (-1, 1): "brighter-up-right",
    (-1, -1): "brighter-up-left",
}
MOVES = {(0, 1): "shift-left", (0, -1): "shift-right", (1, 0): "shift-up", (-1, 0): "shift-down"}
STRAIGHT = tuple(DIRECTIONS[step] for step in ((0, 1), (0, -1), (1, 0), (-1, 0)))
DIAGONAL = tuple(name for name in DIRECTIONS.values() if name not in STRAIGHT)


def seen(picture: Tensor, kernel: Tensor) -> Tensor:
    """The picture where the kernel lies wholly on it: int64, so exact."""
    return F.conv2d(picture[None, None], kernel[None, None])[0, 0]


def at_centre(picture: Tensor, kernel: Tensor) -> int:
    found = seen(picture, kernel)
    return int(found[found.shape[0] // 2, found.shape[1] // 2])


def inside(picture: Tensor, kernel: Tensor, down: int = 0, right: int = 0) -> Tensor:
    """The part of a picture that the kernel's centre goes over, moved by some cells."""
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    return picture[rows + down : SIDE - rows + down, columns + right : SIDE - columns + right]


def slopes(kernel: Tensor) -> tuple[int, int]:
    """What a kernel makes of pictures that get brighter by 1 a cell, downwards and to the right, beyond what it makes of an even one."""
    middle = SIDE // 2
    even = at_centre(EVEN, kernel) // 6 * middle
    return at_centre(DOWN, kernel) - even, at_centre(RIGHT, kernel) - even


def direction(kernel: Tensor) -> tuple[int, int]:
    """The signs of the slopes; a slope that is small beside the other one is none."""
    down, right = slopes(kernel)
    largest = max(abs(down), abs(right))
    sign = [0 if 2 * abs(slope) < largest or slope == 0 else 1 if slope > 0 else -1 for slope in (down, right)]
    return sign[0], sign[1]


def moved(kernel: Tensor) -> tuple[int, int] | None:
    """By how many cells the kernel looks away from its centre, where its output is the picture itself; else None."""
    found = seen(NOISE, kernel)
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    for down in range(-rows, rows + 1):
        for right in range(-columns, columns + 1):
            if torch.equal(found, inside(NOISE, kernel, down, right)):
                return down, right
    return None


def contrast(kernel: Tensor) -> float:
    """How much rougher than noise the output is, once an even picture is left as bright as it was."""
    total = at_centre(EVEN, kernel) / 6
    found = seen(NOISE, kernel).double() / total
    return float(found.std() / inside(NOISE, kernel).double().std())


def effect_of(kernel: Tensor) -> str | None:
    """The option that says what a kernel does; None where none of them says it."""
    if (step := moved(kernel)) is not None:
        sign = ((step[0] > 0) - (step[0] < 0), (step[1] > 0) - (step[1] < 0))
        return "identity" if step == (0, 0) else MOVES.get(sign)
    flat = at_centre(EVEN, kernel)
    toward = direction(kernel)
    if flat == 0:
        if toward != (0, 0):
            return DIRECTIONS[toward]
        # No slope shows: what is left is what stands out from its surroundings, on all sides.
        return "all-edges" if seen(NOISE, kernel).any() else None
    if flat < 0:
        return None
    if toward != (0, 0):
        return "emboss"
    return "blur" if contrast(kernel) < 1 else "sharpen"


@lru_cache(maxsize=4096)
def _known(rows: tuple[tuple[int, ...], ...]) -> str | None:
    return effect_of(torch.tensor(rows))


def named(kernel: Tensor) -> str | None:
    """`effect_of`, remembered: a course has few kernels."""
    return _known(tuple(tuple(row) for row in kernel.tolist()))


def with_sum(kernel: Tensor, total: int) -> Tensor:
    """The kernel with another weight at its centre, so that all sum to `total`."""
    changed = kernel.clone()
    changed[kernel.shape[0] // 2, kernel.shape[1] // 2] += total - int(kernel.sum())
    return changed


def answer(name: str | None) -> Answers:
    """A wrong effect; a kernel that does nothing we have a word for leads to no answer."""
    if name is None:
        raise ValueError("no option says what this kernel does")
    return {"effect": name}


# When each wrong method could show, from the kernel alone.


def has_direction(kernel: Tensor) -> bool:
    """It does something else to rows than to columns, or to one side than to the other."""
    return named(kernel) in {*STRAIGHT, *MOVES.values()}


def one_sided(kernel: Tensor) -> bool:
    return named(kernel) in {*DIRECTIONS.values(), *MOVES.values()}


def is_effect(*names: str) -> Callable[[Tensor], bool]:
    def applies(kernel: Tensor) -> bool:
        return named(kernel) in names

    return applies


@reference
def kernel_effect(kernel: Tensor, options: tuple[str, ...]) -> Answers:  # noqa: ARG001 - which options are shown changes no effect
    if kernel.dim() != 2 or max(kernel.shape) > 7 or any(side % 2 == 0 for side in kernel.shape):
        raise ValueError(f"a kernel of {'×'.join(map(str, kernel.shape))} has no centre here; give odd sides up to 7")
    name = named(kernel)
    if name is None:
        raise ValueError("no option says what this kernel does; give an edge, blur, sharpening, shifting or embossing kernel")
    return {"effect": name}


# T11, likeliest first.


@mistake("h-v-swapped", applies=has_direction)
def h_v_swapped(kernel: Tensor) -> Answers:
    """Takes rows for columns: what the kernel does along one axis for what it does along the other."""
    return answer(named(kernel.T.contiguous()))


@mistake("sign-flipped", applies=one_sided)
def sign_flipped(kernel: Tensor) -> Answers:
    """Sees the axis, and takes one side for the other."""
    return answer(named(kernel.flip(-2, -1)))


@mistake("wrong-diagonal", applies=is_effect(*DIAGONAL))
def wrong_diagonal(kernel: Tensor) -> Answers:
    """Sees an edge at an angle, and takes one diagonal for the other."""
    return answer(named(kernel.flip(-1)))


@mistake("blur-sharpen-swapped", applies=is_effect("blur", "sharpen"))
def blur_sharpen_swapped(kernel: Tensor) -> Answers:
    """Takes what averages for what brings out differences, or the other way round."""
    return {"effect": "sharpen" if named(kernel) == "blur" else "blur"}


@mistake("any-zero-sum-is-edge", applies=lambda kernel: named(kernel) in {*STRAIGHT, "all-edges"})
def any_zero_sum_is_edge(kernel: Tensor) -> Answers:
    """Sees that the weights sum to 0, and takes any finder of edges for the one that is asked."""
    return {"effect": OneOf(STRAIGHT) if named(kernel) == "all-edges" else "all-edges"}


@mistake("sum-overlooked", applies=is_effect("sharpen", "all-edges", "emboss", *DIAGONAL))
def sum_overlooked(kernel: Tensor) -> Answers:
    """Does not add the weights up: whether flat parts stay as they are or become 0 decides between two that look alike."""
    return answer(named(with_sum(kernel, 0 if int(kernel.sum()) else 1)))


@mistake("shift-overlooked", applies=is_effect(*MOVES.values()))
def shift_overlooked() -> Answers:
    """Sees a single 1, and does not ask where it stands."""
    return {"effect": "identity"}


@mistake("identity-sharpens", applies=is_effect("identity"))
def identity_sharpens() -> Answers:
    """Sees the centre stressed, and nothing else: with no other weight there is nothing to stand out from."""
    return {"effect": "sharpen"}
