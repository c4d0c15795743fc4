"""Averages: exact rationals, and a float with a tolerance."""

from fractions import Fraction

import torch

from grader.course import Answers, Shape, mistake, reference


@reference
def mean(window: Shape, kernel_size: int) -> Answers:
    spread = torch.tensor(window, dtype=torch.float64).std(correction=0)
    return {"mean": Fraction(sum(window), len(window)), "weight": Fraction(1, kernel_size**2), "deviation": float(spread)}


@mistake("sum-left")
def sum_left(window: Shape) -> Answers:
    spread = torch.tensor(window, dtype=torch.float64).std(correction=0) * len(window) ** 0.5
    return {"mean": sum(window), "deviation": float(spread)}


@mistake("side-only")
def side_only(kernel_size: int) -> Answers:
    return {"weight": Fraction(1, kernel_size)}
