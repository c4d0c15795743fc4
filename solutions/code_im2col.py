"""code-im2col: x is [C, H, W], int64. F.unfold takes floats; whole numbers up to 2^53 are exact in float64."""

import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Case, Draw, call


@reference
def im2col(x: Tensor, kernel_size: int, stride: int = 1, padding: int = 0) -> Tensor:
    return F.unfold(x[None].double(), kernel_size, stride=stride, padding=padding)[0].long()


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    return {
        "plain": [call(draw.array(1, 3, 3), 2), call(draw.array(1, 4, 4), 3), call(draw.array(1, 3, 3), 1)],
        "wide-or-tall": [call(draw.array(1, 3, 5), 2), call(draw.array(1, 5, 4), 3)],
        "channels": [call(draw.array(2, 3, 3), 2), call(draw.array(3, 4, 3), 2)],
        "stride": [call(draw.array(1, 4, 4), 2, stride=2), call(draw.array(1, 5, 6), 2, stride=3), call(draw.array(2, 5, 5), 3, 2)],
        "padding": [call(draw.array(1, 3, 3), 2, padding=1), call(draw.array(2, 3, 2), 3, padding=2)],
        "together": [call(draw.array(3, 7, 6), 3, stride=2, padding=1), call(draw.array(2, 6, 8), 2, 3, 2), call(draw.array(4, 5, 5), 3, padding=1)],
    }


def sides(x: Tensor, kernel_size: int) -> tuple[int, int]:
    return x.shape[0], kernel_size * kernel_size


@mistake("transposed-matrix")
def transposed_matrix(x: Tensor, kernel_size: int, stride: int, padding: int) -> Tensor:
    return im2col(x, kernel_size, stride, padding).T


@mistake("pixel-major-order", applies=lambda x, kernel_size: x.shape[0] > 1 and kernel_size > 1)
def pixel_major_order(x: Tensor, kernel_size: int, stride: int, padding: int) -> Tensor:
    columns = im2col(x, kernel_size, stride, padding)
    return columns.reshape(*sides(x, kernel_size), -1).transpose(0, 1).reshape(columns.shape)


@mistake("window-transposed", applies=lambda kernel_size: kernel_size > 1)
def window_transposed(x: Tensor, kernel_size: int, stride: int, padding: int) -> Tensor:
    columns = im2col(x, kernel_size, stride, padding)
    return columns.reshape(x.shape[0], kernel_size, kernel_size, -1).transpose(1, 2).reshape(columns.shape)


@mistake("ci-forgotten", applies=lambda x: x.shape[0] > 1)
def ci_forgotten(x: Tensor, kernel_size: int, stride: int, padding: int) -> Tensor:
    return im2col(x[:1], kernel_size, stride, padding)


@mistake("stride-ignored", applies=lambda stride: stride > 1)
def stride_ignored(x: Tensor, kernel_size: int, padding: int) -> Tensor:
    return im2col(x, kernel_size, 1, padding)


@mistake("pad-ignored", applies=lambda padding: padding > 0)
def pad_ignored(x: Tensor, kernel_size: int, stride: int) -> Tensor:
    return im2col(x, kernel_size, stride)
