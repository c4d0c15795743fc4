"""The kinds of given beside numbers and arrays (these are in test_values): truths, shapes, layers, lists of names, and null."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from grader.course.layer import class_name, layer_line
from grader.course.parameter import MAX_ARGUMENTS, MAX_LAYERS, Layers, Parameter, Shape, parameters
from grader.course.values import GivenError, Size


def reference(
    input_shape: Shape,
    layers: Layers,
    names: tuple[str, ...],
    bias: bool = True,
    padding: Size | None = None,
    size: int | None = None,
    kernel: Tensor | None = None,
) -> None: ...


SHAPE, LAYERS, NAMES, BIAS, PADDING, SIZE, KERNEL = parameters(reference)


def test_the_kinds_are_read_off_the_annotations() -> None:
    assert [(p.kind, p.required, p.nullable) for p in (SHAPE, LAYERS, NAMES, BIAS)] == [
        ("shape", True, False),
        ("layers", True, False),
        ("ids", True, False),
        ("bool", False, False),
    ]
    assert [(p.kind, p.default, p.nullable) for p in (PADDING, SIZE, KERNEL)] == [("size", None, True), ("integer", None, True), ("array", None, True)]


@pytest.mark.parametrize(
    ("parameter", "raw", "value"),
    [
        pytest.param(SHAPE, [1, 3, 8, 8], (1, 3, 8, 8), id="shape"),
        pytest.param(SHAPE, [5], (5,), id="shape-of-one-axis"),
        pytest.param(BIAS, False, False, id="false"),
        pytest.param(PADDING, None, None, id="null-size"),
        pytest.param(PADDING, [1, 2], (1, 2), id="nullable-size-per-axis"),
        pytest.param(SIZE, None, None, id="null-integer"),
        pytest.param(SIZE, 3, 3, id="nullable-integer"),
        pytest.param(KERNEL, None, None, id="null-array"),
        pytest.param(NAMES, ["a", "b"], ("a", "b"), id="names"),
        pytest.param(LAYERS, [{"kernel_size": 3}], ({"kernel_size": 3},), id="layer-without-a-type"),
        pytest.param(
            LAYERS,
            [{"type": "conv2d", "kernel_size": [3, 5], "bias": False, "padding": "same"}],
            ({"type": "conv2d", "kernel_size": (3, 5), "bias": False, "padding": "same"},),
            id="layer-of-every-value",
        ),
    ],
)
def test_read(parameter: Parameter, raw: Any, value: Any) -> None:
    found = parameter.read(raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("parameter", "raw", "message"),
    [
        pytest.param(SHAPE, 3, "input_shape: expected a shape of 1 to 8 ints, got 3; write [N, C, H, W]", id="number-for-a-shape"),
        pytest.param(SHAPE, [], "input_shape: expected a shape of 1 to 8 ints, got a list of 0; write [N, C, H, W]", id="shape-without-axes"),
        pytest.param(SHAPE, [1] * 9, "input_shape: expected a shape of 1 to 8 ints, got a list of 9; write [N, C, H, W]", id="nine-axes"),
        pytest.param(SHAPE, [1, "3"], "input_shape[1]: expected an int, got '3'; remove the quotes", id="quoted-side"),
        pytest.param(SHAPE, [1, True], "input_shape[1]: expected an int, got True; write a whole number", id="truth-for-a-side"),
        pytest.param(SHAPE, None, "input_shape: expected a shape of 1 to 8 ints, got nothing; write [N, C, H, W]", id="null-shape"),
        pytest.param(BIAS, "true", "bias: expected true or false, got 'true'; write true or false, without quotes", id="quoted-truth"),
        pytest.param(BIAS, 1, "bias: expected true or false, got 1; write true or false, without quotes", id="number-for-a-truth"),
        pytest.param(BIAS, None, "bias: expected true or false, got nothing; write true or false, without quotes", id="null-truth"),
        pytest.param(PADDING, [1], "padding: expected an int or [H, W], got a list of 1; give two ints", id="one-axis"),
        pytest.param(NAMES, "a", "names: expected a list of 1 to 64 names, got 'a'; write [name, name]", id="text-for-names"),
        pytest.param(NAMES, ["a", "a"], "names[1]: 'a' is there twice; keep one", id="name-twice"),
        pytest.param(NAMES, ["a", 3], "names[1]: expected text of 1 to 200 characters, got 3; put it in quotes", id="number-among-names"),
        pytest.param(LAYERS, [], "layers: expected a list of 1 to 64 layers, got a list of 0; write [{type: conv2d, …}, …]", id="no-layers"),
        pytest.param(LAYERS, {"type": "relu"}, "layers: expected a list of 1 to 64 layers, got a mapping of 1; write [{type: conv2d, …}, …]", id="one-layer"),
        pytest.param(
            LAYERS, [{}] * (MAX_LAYERS + 1), "layers: expected a list of 1 to 64 layers, got a list of 65; write [{type: conv2d, …}, …]", id="too-many-layers"
        ),
        pytest.param(
            LAYERS,
            [{f"a{n}": n for n in range(MAX_ARGUMENTS + 1)}],
            "layers[0]: expected a layer of 1 to 30 arguments, got a mapping of 31; write {type: conv2d, kernel_size: 3}",
            id="too-many-arguments",
        ),
        pytest.param(
            LAYERS, [{}], "layers[0]: expected a layer of 1 to 30 arguments, got a mapping of 0; write {type: conv2d, kernel_size: 3}", id="empty-layer"
        ),
        pytest.param(LAYERS, ["relu"], "layers[0]: expected a layer of 1 to 30 arguments, got 'relu'; write {type: conv2d, kernel_size: 3}", id="text"),
        pytest.param(
            LAYERS, [{"kernel size": 3}], "layers[0]: 'kernel size' is no name of an argument; use torch's names, such as kernel_size", id="name-with-a-space"
        ),
        pytest.param(
            LAYERS,
            [{"type": "relu"}, {"padding": None}],
            "layers[1].padding: expected an int, [H, W], true, false or text, got nothing; write one of these",
            id="null-argument",
        ),
        pytest.param(LAYERS, [{"stride": [1]}], "layers[0].stride: expected an int or [H, W], got a list of 1; give two ints", id="one-axis-in-a-layer"),
        pytest.param(LAYERS, [{"stride": 10**7}], "layers[0].stride: 10000000 is beyond ±1000000; give a smaller number", id="large-in-a-layer"),
    ],
)
def test_read_refused(parameter: Parameter, raw: Any, message: str) -> None:
    with pytest.raises(GivenError) as caught:
        parameter.read(raw)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        pytest.param(
            {"type": "conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": 2}, "Conv2d(3, 8, kernel_size=5, padding=2)", id="conv"
        ),
        pytest.param({"type": "conv2d", "out_channels": 8, "kernel_size": [3, 5]}, "Conv2d(out_channels=8, kernel_size=(3, 5))", id="without-in-channels"),
        pytest.param({"kernel_size": 3, "stride": 2}, "kernel_size=3, stride=2", id="without-a-type"),
        pytest.param({"type": "max_pool2d", "kernel_size": 2, "ceil_mode": True}, "MaxPool2d(kernel_size=2, ceil_mode=True)", id="pool"),
        pytest.param({"type": "batch_norm2d", "num_features": 8}, "BatchNorm2d(8)", id="batch-norm"),
        pytest.param({"type": "linear", "in_features": 10, "out_features": 2, "bias": False}, "Linear(10, 2, bias=False)", id="linear"),
        pytest.param({"type": "conv2d", "padding": "same"}, "Conv2d(padding='same')", id="text"),
        pytest.param({"type": "relu"}, "ReLU()", id="relu"),
    ],
)
def test_a_layer_reads_as_torch_writes_it(layer: dict[str, Any], line: str) -> None:
    assert layer_line(layer) == line


@pytest.mark.parametrize(
    "kind",
    [
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "batch_norm2d",
        "relu",
        "flatten",
        "linear",
        "conv_transpose2d",
        "adaptive_avg_pool2d",
        "leaky_relu",
        "dropout",
        "sigmoid",
    ],
)
def test_a_layer_s_class_is_torch_s(kind: str) -> None:
    assert hasattr(torch.nn, class_name(kind))
