"""code-conv2d-backward: autograd on float64. The numbers are multiples of 1/128, so that sums are exact in any order."""

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import cases, mistake, reference
from grader.course.calls import Case, Draw, call

Gradients = tuple[Tensor, Tensor, Tensor]


@reference
def conv2d_backward(x: Tensor, w: Tensor, dout: Tensor, stride: int = 1, padding: int = 0) -> Gradients:
    x, w = x.clone().requires_grad_(), w.clone().requires_grad_()
    b = torch.zeros(w.shape[0], dtype=w.dtype, requires_grad=True)
    dx, dw, db = torch.autograd.grad(F.conv2d(x, w, b, stride, padding), (x, w, b), dout)
    return dx, dw, db


@cases
def called_with(draw: Draw) -> dict[str, list[Case]]:
    def layer(batch: int, channels: int, filters: int, sides: tuple[int, int], kernel: tuple[int, int] = (3, 3), stride: int = 1, padding: int = 0) -> Case:
        out = [(side + 2 * padding - own) // stride + 1 for side, own in zip(sides, kernel, strict=True)]
        arrays = draw.floats(batch, channels, *sides), draw.floats(filters, channels, *kernel), draw.floats(batch, filters, *out)
        named = {"stride": (stride, 1), "padding": (padding, 0)}
        return call(*arrays, **{name: value for name, (value, default) in named.items() if value != default})

    return {
        "plain": [layer(1, 1, 1, (4, 4)), layer(1, 1, 1, (3, 5), (2, 2))],
        "channels": [layer(1, 2, 1, (4, 4), (2, 2)), layer(1, 2, 3, (4, 5))],
        "batch": [layer(2, 1, 1, (4, 4)), layer(3, 2, 2, (3, 4), (2, 2))],
        "padding": [layer(1, 1, 1, (4, 4), padding=1), layer(2, 1, 2, (3, 4), (2, 2), padding=2)],
        "stride": [layer(1, 1, 1, (7, 7), stride=2), layer(1, 2, 1, (8, 5), (2, 2), stride=3)],
        "left-over": [layer(1, 1, 1, (6, 6), stride=2), layer(1, 1, 2, (7, 6), (2, 2), stride=3)],
        "together": [layer(2, 3, 2, (8, 7), (3, 3), stride=2, padding=1), layer(2, 2, 3, (9, 8), (4, 3), stride=3, padding=2)],
    }


def wide(w: Tensor) -> bool:
    return w.shape[2] * w.shape[3] > 1


@mistake("no-flip-dx", applies=wide)
def no_flip_dx(x: Tensor, w: Tensor, dout: Tensor, stride: int, padding: int) -> Gradients:
    dx, _, _ = conv2d_backward(x, w.flip(2, 3), dout, stride, padding)
    return dx, *conv2d_backward(x, w, dout, stride, padding)[1:]


@mistake("db-mean")
def db_mean(x: Tensor, w: Tensor, dout: Tensor, stride: int, padding: int) -> Gradients:
    dx, dw, _ = conv2d_backward(x, w, dout, stride, padding)
    return dx, dw, dout.mean((0, 2, 3))


@mistake("batch-mean", applies=lambda x: x.shape[0] > 1)
def batch_mean(x: Tensor, w: Tensor, dout: Tensor, stride: int, padding: int) -> Gradients:
    dx, dw, db = conv2d_backward(x, w, dout, stride, padding)
    return dx, dw / len(x), db / len(x)


@mistake("not-cropped", applies=lambda padding: padding > 0)
def not_cropped(x: Tensor, w: Tensor, dout: Tensor, stride: int, padding: int) -> Gradients:
    return conv2d_backward(F.pad(x, (padding,) * 4), w, dout, stride)


@mistake("dw-flipped", applies=wide)
def dw_flipped(x: Tensor, w: Tensor, dout: Tensor, stride: int, padding: int) -> Gradients:
    dx, dw, db = conv2d_backward(x, w, dout, stride, padding)
    return dx, dw.flip(2, 3), db
