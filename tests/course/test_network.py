"""`walk`: a list of layers, laid over an input as torch runs it; and the sentence for a layer that torch does not take."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch

from grader.course import Step, walk
from grader.course.network import KINDS

Layer = dict[str, Any]


def conv(**arguments: Any) -> Layer:
    return {"type": "conv2d", "out_channels": 4, "kernel_size": 3, **arguments}


def pool(**arguments: Any) -> Layer:
    return {"type": "max_pool2d", "kernel_size": 2, **arguments}


FLAT: Layer = {"type": "flatten"}


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        pytest.param(
            conv(stride=[1, 2], padding=[1, 0], dilation=2, groups=3, out_channels=6),
            {
                "kind": "conv2d",
                "after": (6, 6, 3),
                "weights": 54,
                "biases": 6,
                "kernel": (3, 3),
                "stride": (1, 2),
                "margin": (2, 0),
                "dilation": (2, 2),
                "groups": 3,
            },
            id="convolution",
        ),
        pytest.param(conv(padding="same", kernel_size=[4, 3], dilation=[1, 2]), {"margin": (3, 4), "after": (4, 8, 10), "same": True}, id="same"),
        pytest.param(conv(padding="valid"), {"margin": (0, 0), "after": (4, 6, 8), "same": False}, id="valid"),
        pytest.param(conv(bias=False), {"weights": 108, "biases": 0}, id="no-bias"),
        pytest.param(conv(bias=0), {"weights": 108, "biases": 0}, id="0-is-false-as-to-torch"),
        pytest.param(conv(padding_mode="reflect", padding=1), {"after": (4, 8, 10)}, id="padding-mode"),
        pytest.param(conv(), {"own_stride": True, "stride": (1, 1)}, id="a-convolution-has-a-stride"),
        pytest.param(pool(), {"own_stride": False, "stride": (2, 2), "after": (3, 4, 5), "weights": 0}, id="pooling-has-its-kernel-s"),
        pytest.param(pool(stride=2, ceil_mode=True, kernel_size=3), {"own_stride": True, "ceil_mode": True, "after": (3, 4, 5)}, id="ceil-mode"),
        pytest.param({"type": "avg_pool2d", "kernel_size": [2, 5], "padding": [1, 2]}, {"margin": (2, 4), "after": (3, 5, 2)}, id="average"),
        pytest.param({"type": "batch_norm2d"}, {"after": (3, 8, 10), "weights": 3, "biases": 3}, id="normalization"),
        pytest.param({"type": "relu", "inplace": True}, {"after": (3, 8, 10), "weights": 0}, id="relu"),
        pytest.param(FLAT, {"after": (240,), "flattens": (0, 2)}, id="flatten"),
        pytest.param({"type": "flatten", "start_dim": -2}, {"after": (3, 80), "flattens": (1, 2)}, id="flatten-from-the-end"),
        pytest.param({"type": "flatten", "start_dim": 1, "end_dim": 2}, {"after": (24, 10), "flattens": (0, 1)}, id="flatten-some"),
        pytest.param({"type": "linear", "out_features": 5}, {"after": (3, 8, 5), "weights": 50, "biases": 5}, id="linear"),
    ],
)
def test_a_step(layer: Layer, found: dict[str, Any]) -> None:
    (step,) = walk([3, 8, 10], [layer])
    assert step.before == (3, 8, 10)
    assert {name: getattr(step, name) for name in found} == found


def test_every_kind_of_layer_is_torch_s() -> None:
    network = [
        conv(),
        pool(),
        {"type": "avg_pool2d", "kernel_size": 1},
        {"type": "batch_norm2d"},
        {"type": "relu"},
        FLAT,
        {"type": "linear", "out_features": 2},
    ]
    assert {layer["type"] for layer in network} == set(KINDS)
    steps = walk([3, 8, 10], network)
    assert [step.kind for step in steps] == [layer["type"] for layer in network]
    assert all(second.before == first.after for first, second in pairwise(steps))


def test_large_layers_take_no_memory() -> None:
    (step,) = walk([1000, 1000, 1000], [conv(in_channels=1000, out_channels=100_000)])
    assert (step.after, step.weights) == ((100_000, 998, 998), 900_000_000)


def test_true_is_not_1_to_the_cache() -> None:
    """Whatever was asked before: a bias that is 1 is a bias, a kernel that is true is none."""
    assert walk([3, 8, 8], [conv(kernel_size=1)])[0].after == (4, 8, 8)
    with pytest.raises(ValueError, match="kernel_size is True"):
        walk([3, 8, 8], [conv(kernel_size=True)])


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        pytest.param([conv(kernel_size=0)], "layers[0]: kernel size should be greater than zero", id="empty-kernel"),
        pytest.param([conv(kernel_size=[3, 0])], "layers[0]: kernel size should be greater than zero", id="empty-on-one-axis"),
        pytest.param([conv(kernel_size=9)], "layers[0]: Calculated padded input size per channel: (8 x 8). Kernel size: (9 x 9).", id="kernel-too-large"),
        pytest.param([conv(stride=0)], "layers[0]: non-positive stride", id="no-stride"),
        pytest.param([conv(padding=-1)], "layers[0]: negative padding", id="negative-padding"),
        pytest.param([conv(dilation=0)], "layers[0]: dilation should be greater than zero", id="no-dilation"),
        pytest.param([conv(dilation=0, padding="same")], "layers[0]: dilation should be greater than zero", id="no-dilation-same"),
        pytest.param([conv(stride=2, padding="same")], "layers[0]: padding='same' is not supported for strided convolutions", id="same-with-a-stride"),
        pytest.param([conv(padding="half")], "layers[0]: Invalid padding string 'half'", id="no-such-padding"),
        pytest.param([conv(padding_mode="mirror")], "layers[0]: padding_mode must be one of", id="no-such-padding-mode"),
        pytest.param([conv(padding_mode="reflect", padding=8)], "layers[0]: Argument #4: Padding size should be less than", id="reflects-beyond-the-input"),
        pytest.param([conv(groups=2)], "layers[0]: in_channels must be divisible by groups", id="groups"),
        pytest.param([conv(groups=0)], "layers[0]: groups must be a positive integer", id="no-groups"),
        pytest.param([conv(in_channels=4)], "layers[0]: Conv2d expects 4 channels, and [3, 8, 8] comes in; give in_channels=3", id="other-channels"),
        pytest.param([conv(), {"type": "batch_norm2d", "num_features": 3}], "layers[1]: BatchNorm2d expects 3 features, and [4, 6, 6] comes in; give num_features=4", id="other-features"),
        pytest.param([FLAT, {"type": "linear", "in_features": 64, "out_features": 2}], "layers[1]: Linear expects 64 features, and [192] comes in; give in_features=192", id="other-inputs"),
        pytest.param([conv(out_channels=0)], "layers[0]: out_channels is 0; give a number from 1", id="no-filters"),
        pytest.param([{"type": "linear", "out_features": -1}], "layers[0]: out_features is -1; give a number from 1", id="negative-outputs"),
        pytest.param([{"type": "conv2d", "kernel_size": 3}], "layers[0]: Conv2d has no out_channels; give one", id="left-out"),
        pytest.param([conv(colour=3)], "layers[0]: Conv2d has no 'colour'; give in_channels, out_channels, kernel_size, stride,", id="unknown-argument"),
        pytest.param([conv(device="cpu")], "layers[0]: Conv2d has no 'device'; give", id="device"),
        pytest.param([pool(return_indices=True)], "layers[0]: MaxPool2d has no 'return_indices'; give", id="indices"),
        pytest.param([conv(kernel_size="3")], "layers[0]: kernel_size is '3'; give a number", id="text"),
        pytest.param([conv(bias="no")], "layers[0]: bias is 'no'; give true or false", id="text-is-true-to-torch"),
        pytest.param([pool(padding=2)], "layers[0]: pad should be at most half of effective kernel size", id="pool-padding"),
        pytest.param([pool(kernel_size=9)], "layers[0]: Given input size: (3x8x8). Calculated output size: (3x0x0).", id="pool-too-large"),
        pytest.param([pool(stride=0)], "layers[0]: stride should not be zero", id="pool-stride"),
        pytest.param([{"type": "lstm"}], "layers[0]: there is no layer 'lstm'; give one of conv2d, max_pool2d,", id="no-such-layer"),
        pytest.param([{"kernel_size": 3}], "layers[0]: a layer has no type; give one of conv2d,", id="no-type"),
        pytest.param([FLAT, conv()], "layers[1]: Conv2d takes [C, H, W], and [192] comes in; put it before the layer that flattens", id="convolution-behind-flatten"),
        pytest.param([{"type": "flatten", "start_dim": 2}, pool()], "layers[1]: MaxPool2d takes [C, H, W], and [3, 64] comes in", id="two-axes-are-no-map"),
        pytest.param([FLAT, {"type": "batch_norm2d"}], "layers[1]: expected 4D input", id="normalization-behind-flatten"),
        pytest.param([{"type": "flatten", "start_dim": 0}], "layers[0]: it flattens axis 0, which is the batch; give start_dim 1,", id="the-batch"),
        pytest.param([{"type": "flatten", "end_dim": 9}], "layers[0]: Dimension out of range", id="no-such-axis"),
    ],
)  # fmt: skip
def test_layers_that_torch_does_not_take(layers: list[Layer], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        walk([3, 8, 8], layers)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("input_shape", "message"),
    [
        pytest.param([8, 8], "the input has 2 axes; give [C, H, W], without a batch", id="no-channels"),
        pytest.param([1, 3, 8, 8], "the input has 4 axes; give [C, H, W], without a batch", id="a-batch"),
        pytest.param([3, 0, 8], "an input has at least one channel, one row and one column; give numbers from 1", id="empty"),
    ],
)
def test_inputs_that_are_none(input_shape: list[int], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        walk(input_shape, [conv()])
    assert str(caught.value) == message


def test_a_step_is_what_torch_computes_with_real_numbers() -> None:
    steps: tuple[Step, ...] = walk([2, 9, 7], [conv(padding=1), pool(ceil_mode=True), FLAT, {"type": "linear", "out_features": 3}])
    real = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3, padding=1), torch.nn.MaxPool2d(2, ceil_mode=True), torch.nn.Flatten(), torch.nn.Linear(80, 3))
    value = torch.zeros(1, 2, 9, 7)
    for step, module in zip(steps, real, strict=True):
        value = module(value)
        assert step.after == tuple(value.shape[1:])
        assert step.weights + step.biases == sum(parameter.numel() for parameter in module.parameters())
