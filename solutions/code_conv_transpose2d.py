"""code-conv-transpose2d: x is [H, W], w is [h, w], both int64."""

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Array, Case, Draw, call


@reference
def conv_transpose2d(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return F.conv_transpose2d(x[None, None], w[None, None], stride=stride, padding=padding, output_padding=output_padding)[0, 0]


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def maps(height: int, width: int, rows: int, columns: int) -> tuple[Array, Array]:
        return draw.array(height, width, low=1), draw.array(rows, columns, low=1)

    return {
        "apart": [call(*maps(2, 2, 2, 2), stride=2), call(*maps(2, 3, 1, 1)), call(*maps(2, 2, 2, 2), stride=3), call(*maps(1, 1, 3, 3))],
        "overlap": [call(*maps(2, 2, 2, 2)), call(*maps(3, 3, 3, 3))],
        "wide-or-tall": [call(*maps(2, 4, 3, 3)), call(*maps(4, 2, 2, 3))],
        "stride-overlap": [call(*maps(2, 2, 3, 3), stride=2), call(*maps(3, 2, 5, 4), stride=3)],
        "padding": [call(*maps(3, 3, 3, 3), padding=1), call(*maps(2, 3, 4, 4), stride=2, padding=1), call(*maps(4, 4, 3, 3), padding=2)],
        "output-padding": [call(*maps(2, 2, 3, 3), stride=2, output_padding=1), call(*maps(2, 3, 2, 2), stride=3, output_padding=2)],
        "together": [
            call(*maps(4, 3, 3, 3), 2, 1, 1),
            call(*maps(3, 4, 5, 4), stride=3, padding=2, output_padding=1),
            call(draw.array(5, 4), draw.array(4, 3), 2, 1),
        ],
    }


def overlaps(x: Tensor, w: Tensor, stride: int) -> bool:
    return any(side > 1 and own > stride for side, own in zip(x.shape, w.shape, strict=True))


@mistake("kernel-flipped", applies=lambda w: w.numel() > 1)
def kernel_flipped(x: Tensor, w: Tensor, stride: int, padding: int, output_padding: int) -> Tensor:
    return conv_transpose2d(x, w.flip(0, 1), stride, padding, output_padding)


@mistake("no-overlap-add", applies=overlaps)
def no_overlap_add(x: Tensor, w: Tensor, stride: int, padding: int, output_padding: int) -> Tensor:
    """Cell by cell in reading order, the later one on top."""
    rows, columns = ((side - 1) * stride + own for side, own in zip(x.shape, w.shape, strict=True))
    whole = torch.zeros(rows + output_padding, columns + output_padding, dtype=x.dtype)
    for row in range(x.shape[0]):
        for column in range(x.shape[1]):
            whole[row * stride : row * stride + w.shape[0], column * stride : column * stride + w.shape[1]] = x[row, column] * w
    return whole[padding : whole.shape[0] - padding, padding : whole.shape[1] - padding]


@mistake("forward", applies=lambda x, w: w.numel() > 1)
def forward(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return F.conv2d(x[None, None], w[None, None], stride=stride, padding=padding)[0, 0]


@mistake("stride-ignored", applies=lambda x, stride: stride > 1 and x.numel() > 1)
def stride_ignored(x: Tensor, w: Tensor, padding: int, output_padding: int) -> Tensor:
    whole = conv_transpose2d(x, w, 1, padding)
    return F.pad(whole, (0, output_padding, 0, output_padding))


@mistake("pad-ignored", applies=lambda padding: padding > 0)
def pad_ignored(x: Tensor, w: Tensor, stride: int, output_padding: int) -> Tensor:
    return conv_transpose2d(x, w, stride, 0, output_padding)


@mistake("pad-adds", applies=lambda padding: padding > 0)
def pad_adds(x: Tensor, w: Tensor, stride: int, padding: int, output_padding: int) -> Tensor:
    return F.pad(conv_transpose2d(x, w, stride, 0, output_padding), (padding,) * 4)


@mistake("op-forgotten", applies=lambda output_padding: output_padding > 0)
def op_forgotten(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return conv_transpose2d(x, w, stride, padding)
