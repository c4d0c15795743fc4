"""T1: one window of the input times the kernel, added up."""

import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, mistake, reference


def wide(kernel: Tensor) -> bool:
    """A kernel of one number cannot be flipped, and its only product is the sum."""
    return kernel.numel() > 1


def square(kernel: Tensor) -> bool:
    """Only a square window and kernel have a matrix product of the same size."""
    return wide(kernel) and kernel.shape[0] == kernel.shape[1]


@reference
def one_window(input: Tensor, kernel: Tensor) -> Answers:
    """What `F.conv2d` gives where the kernel fits just once."""
    if input.shape != kernel.shape:
        raise ValueError(f"the window is {tuple(input.shape)}, the kernel {tuple(kernel.shape)}; they must have one shape")
    return {"value": int(F.conv2d(input[None, None], kernel[None, None]).item())}


@mistake("sum-only")
def sum_only(input: Tensor) -> Answers:
    """Adds up the window and leaves the kernel out."""
    return {"value": int(input.sum())}


@mistake("products-only", applies=wide)
def products_only(input: Tensor, kernel: Tensor) -> Answers:
    """Multiplies place by place and stops there: a table of products, or one of them read off."""
    return {"value": input * kernel}


@mistake("matmul", applies=square)
def matmul(input: Tensor, kernel: Tensor) -> Answers:
    """The matrix product: left as a table, or its numbers added up."""
    product = input @ kernel
    return {"value": OneOf((int(product.sum()), product))}


@mistake("max-product", applies=wide)
def max_product(input: Tensor, kernel: Tensor) -> Answers:
    """Takes the largest product instead of their sum."""
    return {"value": int((input * kernel).max())}


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor) -> Answers:
    """Turns the kernel by 180 degrees first: convolution as image processing defines it."""
    return {"value": int((input * kernel.flip(-2, -1)).sum())}
