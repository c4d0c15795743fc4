"""T30: two convolutions one after the other are one, with a larger kernel.

With y = conv2d(x, kernel_1) and z = conv2d(y, kernel_2), cell (r, c) of the one kernel collects every product of a cell of
kernel_1 and a cell of kernel_2 whose rows add up to r and whose columns to c: each cell of one lays the whole other down.
Both strides are 1, so `stride_ignored` cannot apply. The order of the two plays no part.
"""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, mistake, reference


def slid(array: Tensor, kernel: Tensor) -> Tensor:
    return F.conv2d(array[None, None], kernel[None, None])[0, 0]


def framed(array: Tensor, kernel: Tensor) -> Tensor:
    """An array with zeros round it, as many as the kernel can stick out."""
    rows, columns = kernel.shape[0] - 1, kernel.shape[1] - 1
    return F.pad(array, (columns, columns, rows, rows))


def both_sides(rule: Callable[[int, int], int], kernel_1: Tensor, kernel_2: Tensor) -> int | tuple[int, int]:
    """A rule for one side, on both; one number where both kernels are square."""
    height, width = (rule(a, b) for a, b in zip(kernel_1.shape, kernel_2.shape, strict=True))
    return height if square(kernel_1) and square(kernel_2) else (height, width)


def square(kernel: Tensor) -> bool:
    return kernel.shape[0] == kernel.shape[1]


def both_wide(kernel_1: Tensor, kernel_2: Tensor) -> bool:
    """A kernel of one number only scales the other."""
    return min(kernel_1.numel(), kernel_2.numel()) > 1


def both_long(kernel_1: Tensor, kernel_2: Tensor) -> bool:
    """Some side is above 1 in both: with a side of 1 the larger one, and the product, are right."""
    return any(min(sides) > 1 for sides in zip(kernel_1.shape, kernel_2.shape, strict=True))


def same_shape(kernel_1: Tensor, kernel_2: Tensor) -> bool:
    return kernel_1.shape == kernel_2.shape


@reference
def compose(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    for name, array in (("kernel_1", kernel_1), ("kernel_2", kernel_2)):
        if array.ndim != 2:
            raise ValueError(f"{name} has {array.ndim} axes; give rows of numbers, [H][W]")
        if not array.numel():
            raise ValueError(f"{name} has no cells; give rows of numbers")
    kernel = slid(framed(kernel_1, kernel_2), kernel_2.flip(-2, -1))
    height, width = kernel.shape
    return {"kernel": kernel, "kernel_size": height if square(kernel_1) and square(kernel_2) else (height, width)}


# The kernel.


@mistake("no-flip", applies=both_wide)
def no_flip(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Slides one kernel over the other as written; it has to be turned by 180 degrees for that."""
    return {"kernel": OneOf((slid(framed(kernel_1, kernel_2), kernel_2), slid(framed(kernel_2, kernel_1), kernel_1)))}


@mistake("kernels-added", applies=same_shape)
def kernels_added(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Adds the two kernels cell by cell: that is two layers side by side, their outputs added."""
    return {"kernel": kernel_1 + kernel_2}


@mistake("kernels-multiplied", applies=lambda kernel_1, kernel_2: same_shape(kernel_1, kernel_2) and both_wide(kernel_1, kernel_2))
def kernels_multiplied(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Multiplies them cell by cell."""
    return {"kernel": kernel_1 * kernel_2}


@mistake("matrix-product", applies=lambda kernel_1, kernel_2: kernel_1.shape[1] == kernel_2.shape[0] > 1)
def matrix_product(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Multiplies them as matrices, in the order of the layers or the other way round."""
    readings = [kernel_1 @ kernel_2]
    if kernel_2.shape[1] == kernel_1.shape[0] > 1:
        readings.append(kernel_2 @ kernel_1)
    return {"kernel": OneOf(tuple(readings))}


@mistake("no-full-padding", applies=both_wide)
def no_full_padding(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Lays the smaller kernel on the larger only where it fits inside, turned or as written."""
    larger, smaller = (kernel_1, kernel_2) if kernel_1.numel() >= kernel_2.numel() else (kernel_2, kernel_1)
    return {"kernel": OneOf((slid(larger, smaller), slid(larger, smaller.flip(-2, -1))))}


# Its size.


@mistake("k-sum")
def k_sum(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Adds the sides."""
    return {"kernel_size": both_sides(lambda a, b: a + b, kernel_1, kernel_2)}


@mistake("k-product", applies=both_long)
def k_product(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Multiplies the sides. Two sides of 2 give the same as their sum."""
    return {"kernel_size": both_sides(lambda a, b: a * b, kernel_1, kernel_2)}


@mistake("k-max", applies=both_long)
def k_max(kernel_1: Tensor, kernel_2: Tensor) -> Answers:
    """Takes the larger side, as if a second layer saw no further."""
    return {"kernel_size": both_sides(max, kernel_1, kernel_2)}
