"""What a kernel of edges finds. Its given holds a list of options."""

from torch import Tensor

from grader.course import Answers, mistake, reference


def direction(kernel: Tensor, *, swapped: bool = False) -> str:
    vertical = bool((kernel.sum(0) != 0).any()) != swapped
    return "vertical-edges" if vertical else "horizontal-edges"


@reference
def effect(kernel: Tensor, options: tuple[str, ...], scale: int = 1) -> Answers:
    return {"effect": direction(kernel * scale)}


@mistake("h-v-swapped")
def h_v_swapped(kernel: Tensor) -> Answers:
    return {"effect": direction(kernel, swapped=True)}


@mistake("zero-sum-is-nothing")
def zero_sum_is_nothing() -> Answers:
    return {"effect": "nothing-at-all"}
