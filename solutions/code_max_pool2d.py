"""code-max-pool2d: x is [H, W], int64. torch pools floats; whole numbers up to 2^53 are exact in float64."""

import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Array, Case, Draw, call


@reference
def max_pool2d(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return F.max_pool2d(x[None].double(), kernel_size, stride, padding)[0].long()


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def below_zero(height: int, width: int) -> Array:
        return draw.array(height, width, low=-20, high=-1)

    return {
        "plain": [call(draw.array(4, 4), 2), call(draw.array(6, 6), 3), call(draw.array(3, 3), 1)],
        "left-over": [call(draw.array(5, 5), 2), call(draw.array(7, 7), 3)],
        "wide-or-tall": [call(draw.array(4, 6), 2), call(draw.array(9, 6), 3)],
        "negative": [call(below_zero(4, 4), 2), call(below_zero(6, 9), 3)],
        "overlap": [
            call(draw.array(5, 5), 3, stride=2),
            call(draw.array(5, 6), 2, stride=1),
            call(draw.array(6, 7), 3, 1),
            call(draw.array(8, 8), 2, stride=3),
        ],
        "padding": [call(below_zero(4, 4), 2, padding=1), call(below_zero(6, 6), 3, padding=1), call(draw.array(7, 7), 3, padding=1)],
        "together": [call(below_zero(6, 7), 3, stride=2, padding=1), call(below_zero(8, 5), 2, 1, 1), call(draw.array(9, 8), 4, stride=3, padding=2)],
    }


def gap(kernel_size: int, stride: int | None) -> int:
    return kernel_size if stride is None else stride


@mistake("avg-for-max", applies=lambda kernel_size: kernel_size > 1)
def avg_for_max(x: Tensor, kernel_size: int, stride: int | None, padding: int) -> Tensor:
    return F.avg_pool2d(x[None].double(), kernel_size, stride, padding)[0]


@mistake("stride-default-1", applies=lambda kernel_size, stride: stride is None and kernel_size > 1)
def stride_default_1(x: Tensor, kernel_size: int, padding: int) -> Tensor:
    return max_pool2d(x, kernel_size, 1, padding)


@mistake("stride-ignored", applies=lambda kernel_size, stride: stride is not None and stride != kernel_size)
def stride_ignored(x: Tensor, kernel_size: int, padding: int) -> Tensor:
    return max_pool2d(x, kernel_size, None, padding)


@mistake("zero-pad-in-max", applies=lambda padding: padding > 0)
def zero_pad_in_max(x: Tensor, kernel_size: int, stride: int | None, padding: int) -> Tensor:
    return max_pool2d(F.pad(x, (padding,) * 4), kernel_size, stride)


@mistake("pad-ignored", applies=lambda padding: padding > 0)
def pad_ignored(x: Tensor, kernel_size: int, stride: int | None) -> Tensor:
    return max_pool2d(x, kernel_size, stride)


@mistake("ceil", applies=lambda x, kernel_size, stride, padding: any((side + 2 * padding - kernel_size) % gap(kernel_size, stride) for side in x.shape))
def ceil(x: Tensor, kernel_size: int, stride: int | None, padding: int) -> Tensor:
    return F.max_pool2d(x[None].double(), kernel_size, stride, padding, ceil_mode=True)[0].long()
