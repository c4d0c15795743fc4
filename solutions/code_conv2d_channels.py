"""code-conv2d-channels: a whole layer. x is [N, C_in, H, W], w is [C_out, C_in // groups, h, w], b is [C_out] or None, all int64."""

import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Case, Draw, call


@reference
def conv2d(x: Tensor, w: Tensor, b: Tensor | None = None, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1) -> Tensor:
    return F.conv2d(x, w, b, stride, padding, dilation, groups)


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def layer(
        batch: int, channels: int, filters: int, sides: tuple[int, int], kernel: tuple[int, int] = (3, 3), *, bias: bool = False, groups: int = 1, **named: int
    ) -> Case:
        x, w = draw.array(batch, channels, *sides), draw.array(filters, channels // groups, *kernel)
        more = {"b": draw.array(filters, low=3)} if bias else {}
        return call(x, w, **more, **named, **({"groups": groups} if groups > 1 else {}))

    return {
        "one-channel": [layer(1, 1, 1, (4, 5)), layer(1, 1, 1, (5, 4), (2, 3))],
        "channels": [layer(1, 3, 1, (4, 4)), layer(1, 2, 1, (4, 5), (2, 2))],
        "filters": [layer(1, 1, 3, (4, 4)), layer(1, 2, 3, (4, 5), (2, 2))],
        "batch": [layer(2, 1, 1, (4, 4)), layer(3, 2, 2, (3, 4), (2, 2))],
        "bias": [layer(1, 1, 2, (4, 4), bias=True), layer(2, 3, 2, (4, 4), bias=True)],
        "stride": [layer(1, 2, 2, (7, 7), stride=2), layer(1, 1, 2, (8, 6), (2, 2), stride=3)],
        "padding": [layer(1, 2, 2, (4, 4), padding=1), layer(1, 1, 2, (4, 3), (2, 2), padding=2)],
        "dilation": [layer(1, 1, 1, (7, 6), dilation=2), layer(1, 2, 2, (7, 7), (2, 3), dilation=3)],
        "groups": [layer(1, 4, 2, (4, 4), groups=2), layer(1, 4, 6, (4, 4), (2, 2), groups=2)],
        "together": [
            layer(2, 4, 4, (9, 8), bias=True, groups=2, stride=2, padding=1, dilation=2),
            layer(2, 6, 3, (8, 9), (2, 3), bias=True, groups=3, stride=3, padding=2, dilation=2),
        ],
        "depthwise": [layer(1, 3, 3, (5, 5), groups=3), layer(2, 2, 4, (5, 5), (3, 2), bias=True, groups=2, padding=1)],
    }


def wide(w: Tensor) -> bool:
    return w.shape[2] * w.shape[3] > 1


def several(w: Tensor) -> bool:
    """A filter covers more than one channel."""
    return w.shape[1] > 1


def first_of_each(x: Tensor, groups: int) -> Tensor:
    """The first channel of each group."""
    return x[:, :: x.shape[1] // groups]


@mistake("flip180", applies=wide)
def flip180(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w.flip(2, 3), b, stride, padding, dilation, groups)


@mistake("first-channel-only", applies=several)
def first_channel_only(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(first_of_each(x, groups), w[:, :1], b, stride, padding, dilation, groups)


@mistake("channel-mean", applies=several)
def channel_mean(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    mean = conv2d(x, w, None, stride, padding, dilation, groups).double() / w.shape[1]
    return mean if b is None else mean + b[:, None, None]


@mistake("shared-kernel", applies=several)
def shared_kernel(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w[:, :1].expand_as(w), b, stride, padding, dilation, groups)


@mistake("bias-forgotten", applies=lambda b: b is not None)
def bias_forgotten(x: Tensor, w: Tensor, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w, None, stride, padding, dilation, groups)


@mistake("bias-per-channel", applies=lambda w, b: b is not None and several(w))
def bias_per_channel(x: Tensor, w: Tensor, b: Tensor, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w, b * w.shape[1], stride, padding, dilation, groups)


@mistake("stride-ignored", applies=lambda stride: stride > 1)
def stride_ignored(x: Tensor, w: Tensor, b: Tensor | None, padding: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w, b, 1, padding, dilation, groups)


@mistake("pad-ignored", applies=lambda padding: padding > 0)
def pad_ignored(x: Tensor, w: Tensor, b: Tensor | None, stride: int, dilation: int, groups: int) -> Tensor:
    return conv2d(x, w, b, stride, 0, dilation, groups)


@mistake("dil-ignored", applies=lambda w, dilation: dilation > 1 and wide(w))
def dil_ignored(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, groups: int) -> Tensor:
    return conv2d(x, w, b, stride, padding, 1, groups)


@mistake("groups-ignored", applies=lambda groups: groups > 1)
def groups_ignored(x: Tensor, w: Tensor, b: Tensor | None, stride: int, padding: int, dilation: int) -> Tensor:
    return conv2d(x[:, : w.shape[1]], w, b, stride, padding, dilation, 1)
