"""code-conv2d: the function, in torch, and what people write in its place. x is [H, W], w is [h, w], both int64."""

import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Array, Case, Draw, call


@reference
def conv2d(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    return F.conv2d(x[None, None], w[None, None], stride=stride, padding=padding)[0, 0]


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def maps(*sizes: tuple[int, int, int, int]) -> list[tuple[Array, Array]]:
        return [(draw.array(height, width, low=0), draw.array(rows, columns, low=1)) for height, width, rows, columns in sizes]

    return {
        "plain": [call(*pair) for pair in maps((4, 4, 3, 3), (5, 5, 3, 3))],
        "negative": [call(draw.array(5, 5), draw.array(3, 3))],
        "one-by-one": [call(*pair) for pair in maps((3, 3, 1, 1))],
        "whole": [call(*pair) for pair in maps((3, 3, 3, 3), (4, 4, 4, 4))],
        "even-kernel": [call(*pair) for pair in maps((5, 5, 2, 2), (6, 6, 4, 4))],
        "wide-or-tall": [call(*pair) for pair in maps((4, 7, 3, 3), (7, 4, 3, 3), (5, 6, 3, 2), (6, 5, 2, 3))],
        "stride": [call(*pair, stride=stride) for pair, stride in zip(maps((7, 7, 3, 3), (6, 6, 3, 3), (8, 8, 2, 2)), (2, 2, 3), strict=True)],
        "padding": [call(*pair, padding=1) for pair in maps((4, 4, 3, 3), (5, 5, 2, 2))],
        "more-padding": [call(*pair, padding=padding) for pair, padding in zip(maps((4, 4, 3, 3), (4, 4, 4, 4)), (2, 3), strict=True)],
        "together": [
            call(*pair, stride=stride, padding=padding)
            for pair, stride, padding in zip(maps((5, 5, 3, 3), (6, 6, 3, 3), (6, 8, 2, 3)), (2, 2, 3), (1, 2, 1), strict=True)
        ],
        "larger": [
            call(draw.array(12, 15), draw.array(3, 4), 2, 1),
            call(draw.array(15, 11), draw.array(5, 3), stride=3, padding=2),
            call(draw.array(16, 16), draw.array(5, 5), padding=3),
        ],
    }


def wide(w: Tensor) -> bool:
    return w.numel() > 1


def moves(x: Tensor, w: Tensor, padding: int) -> bool:
    """More than one window fits."""
    return x.shape[0] + 2 * padding > w.shape[0] or x.shape[1] + 2 * padding > w.shape[1]


def steps(x: Tensor, w: Tensor, stride: int, padding: int) -> bool:
    return stride > 1 and moves(x, w, padding)


def padded(padding: int) -> bool:
    return padding > 0


def left_over(x: Tensor, w: Tensor, stride: int, padding: int) -> bool:
    """A last step does not fit, along either side."""
    return any((side + 2 * padding - own) % stride for side, own in zip(x.shape, w.shape, strict=True))


@mistake("flip180", applies=wide)
def flip180(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    """Convolution as image processing defines it."""
    return conv2d(x, w.flip(0, 1), stride, padding)


@mistake("flip-lr", applies=lambda w: w.shape[1] > 1)
def flip_lr(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return conv2d(x, w.flip(1), stride, padding)


@mistake("kernel-transposed", applies=wide)
def kernel_transposed(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return conv2d(x, w.T, stride, padding)


@mistake("stride-ignored", applies=steps)
def stride_ignored(x: Tensor, w: Tensor, padding: int) -> Tensor:
    return conv2d(x, w, 1, padding)


@mistake("stride-cols-only", applies=steps)
def stride_cols_only(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return F.conv2d(x[None, None], w[None, None], stride=(1, stride), padding=padding)[0, 0]


@mistake("pad-ignored", applies=padded)
def pad_ignored(x: Tensor, w: Tensor, stride: int) -> Tensor:
    return conv2d(x, w, stride)


@mistake("pad-topleft", applies=padded)
def pad_topleft(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return conv2d(F.pad(x, (padding, 0, padding, 0)), w, stride)


@mistake("pad-bottomright", applies=padded)
def pad_bottomright(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return conv2d(F.pad(x, (0, padding, 0, padding)), w, stride)


@mistake("ceil", applies=left_over)
def ceil(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    """The size is rounded up; a slice that sticks out is cut off by NumPy, which is as if zeros stood there."""
    more = [-(side + 2 * padding - own) % stride for side, own in zip(x.shape, w.shape, strict=True)]
    return conv2d(F.pad(x, (padding, padding + more[1], padding, padding + more[0])), w, stride)


@mistake("square-assumed", applies=lambda x, w, stride, padding: len({(s + 2 * padding - k) // stride for s, k in zip(x.shape, w.shape, strict=True)}) > 1)
def square_assumed(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    """As many output rows as output columns: windows below the input are cut off to nothing, and give zeros where they do not fit at all."""
    columns = (x.shape[1] + 2 * padding - w.shape[1]) // stride + 1
    below = max(0, (columns - 1) * stride + w.shape[0] - x.shape[0] - 2 * padding)
    return conv2d(F.pad(x, (padding, padding, padding, padding + below)), w, stride)[:columns]
