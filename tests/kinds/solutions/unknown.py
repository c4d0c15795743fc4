"""One argument is asked for, and left out of given; the output size is computed before it is."""

import torch
import torch.nn.functional as F

from grader.course import Answers, derived, mistake, reference


def side(input_size: int, kernel_size: int, padding: int) -> int:
    return F.conv1d(torch.zeros(1, 1, input_size), torch.zeros(1, 1, kernel_size), padding=padding).shape[-1]


@derived("output_size")
def output_of(input_size: int, kernel_size: int, padding: int) -> int:
    return side(input_size, kernel_size, padding)


@reference
def unknown(ask: str, input_size: int, output_size: int, kernel_size: int | None = None, padding: int | None = None) -> Answers:
    for value in range(12):
        trial = {"kernel_size": kernel_size, "padding": padding, ask: value}
        try:
            if side(input_size, trial["kernel_size"] or 0, trial["padding"] or 0) == output_size:
                return {"value": value}
        except RuntimeError:
            continue
    raise ValueError("no value leads to this output size")


@mistake("off-by-one")
def off_by_one(ask: str, input_size: int, output_size: int, kernel_size: int | None, padding: int | None) -> Answers:
    return {"value": unknown(ask, input_size, output_size, kernel_size, padding)["value"] - 1}
