"""Where torch, books and careless references go wrong on layers and stacks: axes, groups, defaults; what is refused; published networks."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest
import torch

from grader.course.course import Course, load_exercise
from grader.course.exercise import Exercise
from grader.course.values import GivenError
from grader.marking.record import Verdict
from grader.marking.slot import grade_slot, variant_of
from tests.conftest import ROOT

Given = dict[str, Any]
Layer = dict[str, Any]


@lru_cache(maxsize=8)
def exercise(name: str) -> Exercise:
    return load_exercise(ROOT, name)


def key(name: str, **values: Any) -> dict[str, Any]:
    return dict(exercise(name).expect(values).key)


def conv(**arguments: Any) -> Layer:
    return {"type": "conv2d", "out_channels": 4, "kernel_size": 3, **arguments}


# Axes and their order, against real layers with real numbers


@pytest.mark.parametrize(
    ("input_shape", "output_shape"),
    [pytest.param([2, 4, 9, 12], (2, 6, 7, 10), id="batched"), pytest.param([4, 9, 12], (6, 7, 10), id="unbatched"), pytest.param([4, 4, 3], (6, 2, 1), id="unbatched-is-no-batch-of-maps")],
)  # fmt: skip
def test_three_axes_are_one_image(input_shape: list[int], output_shape: tuple[int, ...]) -> None:
    found = key("layer-shape", input_shape=input_shape, out_channels=6, kernel_size=3)
    assert found["output_shape"] == output_shape == tuple(torch.nn.Conv2d(4, 6, 3)(torch.zeros(input_shape)).shape)
    assert found["weight_shape"] == (6, 4, 3, 3)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("kernel_size", [3, [2, 5], [5, 2]])
def test_the_weight_is_out_in_over_groups_height_width(groups: int, kernel_size: Any) -> None:
    layer = torch.nn.Conv2d(4, 12, kernel_size, groups=groups)
    shape = tuple(layer.weight.shape)
    assert shape == (12, 4 // groups, *(kernel_size if isinstance(kernel_size, list) else (3, 3)))
    given = {"kernel_size": kernel_size, "groups": groups}
    assert key("layer-shape", input_shape=[1, 4, 9, 9], out_channels=12, **given)["weight_shape"] == shape
    assert key("grouped", in_channels=4, out_channels=12, **given) == {
        "weight_shape": shape,
        "total": sum(parameter.numel() for parameter in layer.parameters()),
    }
    transposed = tuple(torch.nn.ConvTranspose2d(4, 12, kernel_size, groups=groups).weight.shape)
    if groups > 1:
        assert (
            transposed in exercise("layer-shape").expect({"input_shape": [1, 4, 9, 9], "out_channels": 12, **given}).mistakes["weight-in-out"]["weight_shape"]
        )


def test_sizes_are_height_then_width() -> None:
    found = key("layer-shape", input_shape=[1, 2, 20, 30], out_channels=3, kernel_size=[3, 5], stride=[2, 3], padding=[1, 2], dilation=[1, 2])
    layer = torch.nn.Conv2d(2, 3, (3, 5), (2, 3), (1, 2), (1, 2))
    assert found["output_shape"] == tuple(layer(torch.zeros(1, 2, 20, 30)).shape) == (1, 3, 10, 9)


def real(layers: list[Layer], input_shape: list[int]) -> list[torch.Tensor]:
    """What a real network puts out, layer by layer, for a batch of three; what layers leave out is inferred by torch's lazy modules."""
    classes: dict[str, Any] = {
        "conv2d": torch.nn.LazyConv2d, "linear": torch.nn.LazyLinear, "batch_norm2d": torch.nn.LazyBatchNorm2d, "relu": torch.nn.ReLU,
        "max_pool2d": torch.nn.MaxPool2d, "avg_pool2d": torch.nn.AvgPool2d, "flatten": torch.nn.Flatten,
    }  # fmt: skip
    value, found = torch.zeros(3, *input_shape), []
    for layer in layers:
        value = classes[layer["type"]](**{name: own for name, own in layer.items() if name != "type"})(value)
        found.append(value)
    return found


STACK = [
    conv(padding="same", kernel_size=[4, 3]), {"type": "batch_norm2d"}, {"type": "relu"}, {"type": "max_pool2d", "kernel_size": [3, 2], "padding": [1, 0], "ceil_mode": True},
    conv(stride=[1, 2], dilation=[2, 1], groups=2, bias=False), {"type": "avg_pool2d", "kernel_size": 2}, {"type": "flatten"}, {"type": "linear", "out_features": 7},
]  # fmt: skip


def test_shapes_have_no_batch_axis_and_layers_take_what_comes_in() -> None:
    found = key("stack-shapes", input_shape=[2, 23, 27], layers=STACK)
    outputs = real(STACK, [2, 23, 27])
    assert [found[f"layer_{number}"] for number in range(1, 9)] == [tuple(output.shape[1:]) for output in outputs]
    assert found["flattened"] == outputs[-1][0].numel() == 7


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        pytest.param({"type": "max_pool2d", "kernel_size": 3}, (3, 2, 3), id="pooling-moves-by-its-kernel"),
        pytest.param({"type": "max_pool2d", "kernel_size": 3, "stride": 1}, (3, 6, 8), id="pooling-with-stride-1"),
        pytest.param({"type": "avg_pool2d", "kernel_size": 3, "ceil_mode": True}, (3, 3, 4), id="ceil-mode"),
        pytest.param({"type": "max_pool2d", "kernel_size": 2, "padding": 1, "ceil_mode": True}, (3, 5, 6), id="last-window-would-begin-in-the-padding"),
        pytest.param({"type": "flatten", "start_dim": 2}, (3, 80), id="flatten-the-cells-alone"),
        pytest.param({"type": "linear", "out_features": 5}, (3, 8, 5), id="linear-on-the-last-axis"),
        pytest.param(conv(padding="same", kernel_size=4), (4, 8, 10), id="same"),
        pytest.param(conv(padding="valid", kernel_size=4), (4, 5, 7), id="valid"),
    ],
)
def test_layers_on_their_own(layer: Layer, shape: tuple[int, ...]) -> None:
    assert key("stack-shapes", input_shape=[3, 8, 10], layers=[layer])["layer_1"] == shape == tuple(real([layer], [3, 8, 10])[0].shape[1:])


@pytest.mark.parametrize(
    ("layer", "count"),
    [
        pytest.param(conv(), 3 * 4 * 9 + 4, id="convolution"),
        pytest.param(conv(bias=False), 3 * 4 * 9, id="convolution-without-bias"),
        pytest.param({"type": "batch_norm2d"}, 6, id="running-statistics-are-not-learned"),
        pytest.param({"type": "batch_norm2d", "affine": False}, 0, id="normalization-that-learns-nothing"),
        pytest.param({"type": "max_pool2d", "kernel_size": 2}, 0, id="pooling"),
        pytest.param({"type": "relu"}, 0, id="relu"),
        pytest.param({"type": "flatten"}, 0, id="flatten"),
        pytest.param({"type": "linear", "out_features": 5}, 55, id="linear"),
        pytest.param({"type": "linear", "out_features": 5, "bias": False}, 50, id="linear-without-bias"),
    ],
)
def test_what_a_layer_learns(layer: Layer, count: int) -> None:
    assert key("stack-parameters", input_shape=[3, 8, 10], layers=[layer]) == {"layer_1": count, "total": count}


# Published networks. Their givens are those of the assignment `networks`.


def network(course: Course, slot: str) -> dict[str, Any]:
    entry = next(entry for entry in course.assignment("networks").entries if entry.slots == (slot,))
    return dict(entry.exercise.expect(entry.given or {}).key)


TOTALS = [
    # LeCun and others, "Gradient-based learning applied to document recognition" (1998), counted with plain pooling and a full C3:
    # mnchapel.github.io/deep_learning_models, page "LeNet", lists 156, 2416, 48120, 10164 and 850.
    pytest.param("lenet-5", {1: 156, 4: 2416, 8: 48_120, 10: 10_164, 12: 850}, 61_706, id="lenet-5"),
    # torchvision, AlexNet_Weights.IMAGENET1K_V1.meta["num_params"]
    pytest.param("alexnet", {1: 23_296, 10: 37_752_832, 12: 4_097_000}, 61_100_840, id="alexnet"),
    # torchvision, VGG16_Weights.IMAGENET1K_V1.meta["num_params"]
    pytest.param("vgg-16", {1: 1_792, 2: 36_928, 20: 102_764_544}, 138_357_544, id="vgg-16"),
    # torchvision's ResNet-18, layer2[0]: 230,144 with the shortcut's 8,192 + 256, see below
    pytest.param("resnet-block", {1: 73_728, 2: 256, 4: 147_456}, 230_144 - 8_192 - 256, id="resnet-block"),
    # Ronneberger, Fischer and Brox, "U-Net" (2015), figure 1: two 3×3 convolutions, 1 → 64 → 64 channels
    pytest.param("u-net-level", {1: 640, 3: 36_928}, 37_568, id="u-net-level"),
]


@pytest.mark.parametrize(("name", "layers", "total"), TOTALS)
def test_published_totals(course: Course, name: str, layers: dict[int, int], total: int) -> None:
    found = network(course, f"{name}-parameters")
    assert found["total"] == total
    assert {number: found[f"layer_{number}"] for number in layers} == layers


def built(input_shape: list[int], layers: list[Layer]) -> list[torch.nn.Module]:
    """The real network, without memory for its numbers; what flows into each layer is found by letting it flow."""
    classes = {"conv2d": torch.nn.Conv2d, "linear": torch.nn.Linear, "batch_norm2d": torch.nn.BatchNorm2d}
    plain = {"relu": torch.nn.ReLU, "max_pool2d": torch.nn.MaxPool2d, "avg_pool2d": torch.nn.AvgPool2d, "flatten": torch.nn.Flatten}
    value, found = torch.zeros(1, *input_shape, device="meta"), []
    for layer in layers:
        arguments = {name: own for name, own in layer.items() if name not in ("type", "in_channels", "num_features")}
        kind = layer["type"]
        module = classes[kind](value.shape[1], **arguments, device="meta") if kind in classes else plain[kind](**arguments)
        value = module(value)
        found.append(module)
    return found


@pytest.mark.parametrize("name", ["lenet-5", "alexnet", "vgg-16", "resnet-block", "u-net-level"])
def test_torch_s_own_modules_have_as_many_parameters(course: Course, name: str) -> None:
    entry = next(entry for entry in course.assignment("networks").entries if entry.slots == (f"{name}-parameters",))
    given = dict(entry.given or {})
    counts = [sum(parameter.numel() for parameter in module.parameters()) for module in built(given["input_shape"], given["layers"])]
    found = network(course, f"{name}-parameters")
    assert found == {f"layer_{number}": count for number, count in enumerate(counts, start=1)} | {"total": sum(counts)}


def test_a_resnet_of_such_blocks_has_the_published_total() -> None:
    """torchvision, ResNet18_Weights.IMAGENET1K_V1.meta["num_params"]: stem, eight blocks, three shortcuts, and the classifier."""

    def total(input_shape: list[int], *layers: Layer) -> int:
        return int(key("stack-parameters", input_shape=input_shape, layers=list(layers))["total"])

    def main_path(channels: int, out: int) -> int:
        first = conv(out_channels=out, stride=out // channels, padding=1, bias=False)
        return total([channels, 56, 56], first, {"type": "batch_norm2d"}, conv(out_channels=out, padding=1, bias=False), {"type": "batch_norm2d"})

    def shortcut(channels: int) -> int:
        return total([channels, 56, 56], conv(out_channels=2 * channels, kernel_size=1, stride=2, bias=False), {"type": "batch_norm2d"})

    stem = total([3, 224, 224], conv(out_channels=64, kernel_size=7, stride=2, padding=3, bias=False), {"type": "batch_norm2d"})
    blocks = sum(main_path(channels, out) for channels, out in [(64, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 512), (512, 512)])
    classifier = total([512, 1, 1], {"type": "flatten"}, {"type": "linear", "out_features": 1000})
    assert stem + blocks + sum(map(shortcut, (64, 128, 256))) + classifier == 11_689_512


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        # the sizes of C1, S2, C3 and S4 in the paper's figure 2
        pytest.param("lenet-5", {1: (6, 28, 28), 3: (6, 14, 14), 4: (16, 10, 10), 6: (16, 5, 5), 7: (400,), 12: (10,)}, id="lenet-5"),
        # torchvision's classifier begins with Linear(256 * 6 * 6, 4096)
        pytest.param("alexnet", {1: (64, 55, 55), 2: (64, 27, 27), 4: (192, 13, 13), 8: (256, 6, 6), 9: (9216,), 12: (1000,)}, id="alexnet"),
        # torchvision's classifier begins with Linear(512 * 7 * 7, 4096)
        pytest.param("vgg-16", {3: (64, 112, 112), 6: (128, 56, 56), 18: (512, 7, 7), 19: (25_088,)}, id="vgg-16"),
        # "Deep residual learning" (2015), table 1: conv3_x is 28×28
        pytest.param("resnet-block", {1: (128, 28, 28), 5: (128, 28, 28)}, id="resnet-block"),
        # figure 1: 572 → 570 → 568, then 284
        pytest.param("u-net-level", {1: (64, 570, 570), 3: (64, 568, 568), 5: (64, 284, 284)}, id="u-net-level"),
    ],
)
def test_published_shapes(course: Course, name: str, shapes: dict[int, tuple[int, ...]]) -> None:
    found = network(course, f"{name}-shapes")
    assert {number: found[f"layer_{number}"] for number in shapes} == shapes


def test_convolutions_of_the_networks_say_what_comes_in(course: Course) -> None:
    """Both questions about a network are asked of the same layers; and a student may work out what goes into Linear alone."""
    entries = course.assignment("networks").entries
    for shapes, parameters in zip(entries[::2], entries[1::2], strict=True):
        assert shapes.given == parameters.given
        layers = (shapes.given or {})["layers"]
        assert all("in_channels" in layer for layer in layers if layer["type"] == "conv2d")
        assert not any("in_features" in layer for layer in layers)


# What is refused

LAYER: Given = {"input_shape": [2, 4, 8, 9], "out_channels": 6, "kernel_size": 3}
GROUPED: Given = {"in_channels": 4, "out_channels": 6, "kernel_size": 3}


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        pytest.param("layer-shape", {**LAYER, "groups": 3}, "in_channels must be divisible by groups", id="groups-must-divide-in"),
        pytest.param("layer-shape", {**LAYER, "groups": 4}, "out_channels must be divisible by groups", id="groups-must-divide-out"),
        pytest.param("layer-shape", {**LAYER, "kernel_size": 9}, "Calculated padded input size per channel: (8 x 9). Kernel size: (9 x 9).", id="kernel-too-large"),
        pytest.param("layer-shape", {**LAYER, "kernel_size": [3, 0]}, "kernel size should be greater than zero", id="empty-kernel"),
        pytest.param("layer-shape", {**LAYER, "stride": [1, 0]}, "non-positive stride", id="no-stride"),
        pytest.param("layer-shape", {**LAYER, "padding": -1}, "negative padding", id="negative-padding"),
        pytest.param("layer-shape", {**LAYER, "dilation": 0}, "dilation should be greater than zero", id="no-dilation"),
        pytest.param("layer-shape", {**LAYER, "input_shape": [8, 9]}, "the input has 2 axes; give [N, C, H, W], or [C, H, W] without a batch", id="two-axes"),
        pytest.param("layer-shape", {**LAYER, "input_shape": [0, 4, 8, 9]}, "input and layer have at least one of everything; give numbers from 1", id="empty-batch"),
        pytest.param("grouped", {**GROUPED, "groups": 4}, "out_channels must be divisible by groups", id="grouped-divide-out"),
        pytest.param("grouped", {**GROUPED, "groups": 0}, "groups must be a positive integer", id="no-groups"),
        pytest.param("grouped", {**GROUPED, "kernel_size": 0}, "a layer has at least one input channel, one output channel and one cell in its kernel; give numbers from 1", id="grouped-empty"),
    ],
)  # fmt: skip
def test_layers_that_are_refused(name: str, values: Given, message: str) -> None:
    with pytest.raises(GivenError) as caught:
        exercise(name).expect(values)
    assert str(caught.value).startswith(f"torch refuses these values: {message}")


# A slip in one layer does not cost the later ones

LENET = [
    conv(out_channels=6, kernel_size=5),
    {"type": "relu"},
    {"type": "avg_pool2d", "kernel_size": 2},
    conv(out_channels=16, kernel_size=5),
    {"type": "avg_pool2d", "kernel_size": 2},
]
GIVEN: Given = {"input_shape": [1, 32, 32], "layers": LENET}
RIGHT = {"layer_1": [6, 28, 28], "layer_2": [6, 28, 28], "layer_3": [6, 14, 14], "layer_4": [16, 10, 10], "layer_5": [16, 5, 5], "flattened": 400}
CARRIED = Fraction(3, 4)


@pytest.mark.parametrize(
    ("answers", "credits"),
    [
        pytest.param({}, [1, 1, 1, 1, 1, 1], id="all-right"),
        pytest.param({"layer_1": [6, 26, 28]}, [Fraction(2, 3), 1, 1, 1, 1, 1], id="a-slip-that-is-not-carried-on"),
        pytest.param(
            {"layer_1": [6, 26, 26], "layer_2": [6, 26, 26], "layer_3": [6, 13, 13], "layer_4": [16, 9, 9], "layer_5": [16, 4, 4], "flattened": 256},
            [0, CARRIED, CARRIED, CARRIED, CARRIED, CARRIED], id="a-slip-in-the-first-layer",
        ),
        pytest.param({"layer_3": [6, 11, 15], "layer_4": [16, 7, 11], "layer_5": [16, 3, 5], "flattened": 240}, [1, 1, 0, CARRIED, CARRIED, CARRIED], id="a-slip-in-the-middle"),
        pytest.param({"layer_3": [6, 11, 15], "layer_4": [16, 7, 11], "layer_5": [16, 4, 4]}, [1, 1, 0, CARRIED, 0, 1], id="carried-on-wrongly"),
        pytest.param({"layer_4": [16, 9, 10], "layer_5": [16, 4, 5], "flattened": 320}, [1, 1, 1, Fraction(2, 3), CARRIED, CARRIED], id="one-axis-in-a-layer"),
        pytest.param({"layer_3": None, "layer_4": [16, 8, 8]}, [1, 1, 0, 0, 1, 1], id="nothing-follows-from-a-blank"),
        pytest.param({"layer_1": [6, 60, 60], "layer_2": [6, 60, 60]}, [0, 0, 1, 1, 1, 1], id="larger-than-the-padded-input"),
        pytest.param({"layer_1": [6, 0, 0], "layer_2": [6, 0, 0]}, [0, 0, 1, 1, 1, 1], id="no-side"),
        pytest.param({"layer_2": [6, 1, 1], "layer_3": [6, 0, 0]}, [1, 0, 0, 1, 1, 1], id="no-place"),
        pytest.param({"layer_5": [10, 1, 1], "flattened": 10}, [1, 1, 1, 1, 0, 0], id="easier-a-single-place"),
        pytest.param({"layer_4": [16, 100], "layer_5": [16, 100]}, [1, 1, 1, 0, 0, 1], id="other-axes"),
    ],
)  # fmt: skip
def test_later_shapes_right_given_the_student_s_own(answers: dict[str, Any], credits: list[Any]) -> None:
    parts = grade_slot(variant_of(exercise("stack-shapes"), GIVEN), RIGHT | answers).parts
    assert [(part.credit, part.mistakes) for part in parts] == [(credit, ()) for credit in credits]
    for part in parts:
        assert ("follows rightly" in part.feedback.en) is (part.credit == CARRIED) is ("正确推出" in part.feedback.zh)


def test_a_wrong_method_carried_along_earns_what_follows() -> None:
    """Rounding up in the last pooling, after a slip: recognised where it is one, and carried on where it follows."""
    given = {"input_shape": [1, 31, 31], "layers": LENET[:3]}
    parts = grade_slot(
        variant_of(exercise("stack-shapes"), given), {"layer_1": [6, 27, 27], "layer_2": [6, 27, 27], "layer_3": [6, 14, 14], "flattened": 1176}
    ).parts
    assert [part.mistakes for part in parts] == [(), (), ("ceil",), ("ceil",)]
    assert [part.credit for part in parts] == [1, 1, Fraction(1, 2), CARRIED]


def test_the_sum_of_the_student_s_own_layers() -> None:
    given = {"input_shape": [3, 8, 8], "layers": [conv(), {"type": "relu"}, {"type": "flatten"}, {"type": "linear", "out_features": 10}]}
    right = {"layer_1": 112, "layer_2": 0, "layer_3": 0, "layer_4": 1450, "total": 1562}

    def total(**answers: Any) -> tuple[Fraction, Verdict, str]:
        part = grade_slot(variant_of(exercise("stack-parameters"), given), right | answers).parts[-1]
        return part.credit, part.verdict, part.feedback.en

    credit, verdict, words = total(layer_1=113, total=1563)
    assert (credit, verdict) == (CARRIED, Verdict.PARTIAL)
    assert "parameters of layer 1 = 113" in words
    assert "layer 2" not in words, "only what is wrong is named"
    assert total(layer_1=113, total=1564)[0] == 0
    assert total(layer_1=-100, total=1350)[0] == 0, "less than nothing"
    assert total(layer_1=0, total=1450)[0] == 0, "nothing is left to add"
    assert total(layer_1=113, layer_2=None, total=1563)[0] == 0, "a layer is left out"
