"""The pictures of lesson pages: never wrong, torch being the referee, and drawn only where they are right."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from grader.reports.axis import axis_drawing, axis_of, words
from grader.reports.picture import picture_drawing, picture_of
from grader.reports.sliding import sliding

SVG = "{http://www.w3.org/2000/svg}"
INPUT = [[1, -2, 0, 3], [0, 1, 2, 3], [1, 2, -1, 0]]
KERNEL = [[1, -2], [0, 1]]


def tensor(array: Any) -> torch.Tensor:
    found = torch.tensor(array, dtype=torch.float64)
    return (found[None] if found.ndim == 2 else found)[None]


def convolved(given: dict[str, Any]) -> Any:
    bias = torch.tensor([given.get("bias", 0)], dtype=torch.float64)
    arguments = {name: given[name] for name in ("stride", "padding", "dilation") if name in given}
    return F.conv2d(tensor(given["input"]), tensor(given["kernel"]), bias, **arguments)[0, 0].long().tolist()


CONVOLUTIONS: list[Any] = [
    pytest.param({}, id="plain"),
    pytest.param({"stride": [1, 2], "padding": [0, 1]}, id="stride-and-padding"),
    pytest.param({"dilation": [1, 2], "bias": -3}, id="dilation-and-bias"),
    pytest.param({"input": [INPUT, INPUT[::-1]], "kernel": [KERNEL, KERNEL[::-1]], "bias": 2}, id="channels"),
]


@pytest.mark.parametrize("changes", CONVOLUTIONS)
def test_convolutions_are_drawn_with_torchs_numbers(changes: dict[str, Any]) -> None:
    given = {"input": INPUT, "kernel": KERNEL, **changes}
    key = convolved(given)
    picture = picture_of(given, {"output": key})
    assert picture is not None and picture.output is not None and picture.workings is not None
    assert picture.output.rows == key
    assert picture.workings.en.endswith(f"= {key[0][0]}".replace("-", "−"))
    rectified = picture_of(given, {"output": F.relu(torch.tensor(key)).tolist()})
    assert rectified is not None and rectified.workings is not None
    assert rectified.workings.en.endswith(f"ReLU: {max(0, key[0][0])}")


@pytest.mark.parametrize("changes", CONVOLUTIONS)
def test_nothing_is_drawn_where_one_cell_is_another(changes: dict[str, Any]) -> None:
    given = {"input": INPUT, "kernel": KERNEL, **changes}
    key = copy.deepcopy(convolved(given))
    key[-1][-1] += 1
    assert picture_of(given, {"output": key}) is None


@pytest.mark.parametrize(("mode", "pool"), [("max", F.max_pool2d), ("avg", F.avg_pool2d)])
def test_pools_are_drawn_with_torchs_numbers(mode: str, pool: Any) -> None:
    given = {"input": INPUT, "mode": mode, "kernel_size": 2, "stride": [1, 2], "padding": 1}
    window = sliding(given)
    assert window is not None
    own = window.output(window.rules[mode])
    assert torch.equal(torch.tensor([[float(cell) for cell in row] for row in own], dtype=torch.float64), pool(tensor(INPUT), 2, (1, 2), 1)[0, 0])
    assert picture_of(given, {"output": own}) is not None


def test_im2col_is_drawn_as_torch_unfolds() -> None:
    given = {"input": [INPUT, INPUT[::-1]], "kernel_size": [2, 3], "stride": 1, "padding": [1, 0]}
    columns = F.unfold(tensor(given["input"]), (2, 3), padding=(1, 0))[0].long().tolist()
    picture = picture_of(given, {"columns": columns, "shape": (len(columns), len(columns[0]))})
    assert picture is not None and picture.output is not None
    assert (picture.output.rows, picture.output.box) == (columns, (0, 0, 12, 1))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), ([1, 2], [0, 1]), (2, 1)])
def test_transposed_convolutions_are_drawn_with_torchs_numbers(stride: Any, padding: Any) -> None:
    given = {"input": [[1, 2], [3, 4]], "kernel": [[1, 2, 0], [0, -1, 3], [2, 1, 1]], "stride": stride, "padding": padding}
    key = F.conv_transpose2d(tensor(given["input"]), tensor(given["kernel"]), stride=stride, padding=padding)[0, 0].long().tolist()
    picture = picture_of(given, {"output": key})
    assert picture is not None and picture.output is not None
    assert picture.output.rows == key
    lit = F.conv_transpose2d(tensor([[1, 0], [0, 0]]), tensor([[1] * 3] * 3), stride=stride, padding=padding)[0, 0]
    top, left, height, width = picture.output.box
    assert lit[top : top + height, left : left + width].all()
    assert lit.sum() == height * width, "the frame is just what the first cell lays down"


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_is_shaded(mode: str) -> None:
    padded = F.pad(tensor(INPUT), (2, 2, 1, 1), mode=mode)[0, 0].long().tolist()
    picture = picture_of({"input": INPUT, "padding": [1, 2], "mode": mode}, {"padded": padded})
    assert picture is not None
    assert (picture.inputs[0].box, len(picture.inputs[0].shaded)) == ((1, 2, 3, 4), 5 * 8 - 12)


@pytest.mark.parametrize("given", [{}, {"input": [], "kernel": []}, {"input": INPUT, "kernel": KERNEL, "padding": "same"}, {"input": KERNEL, "kernel": INPUT}])
def test_what_is_no_window_is_not_drawn(given: dict[str, Any]) -> None:
    assert picture_of(given, {"output": [[1]]}) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_is_well_formed_and_shows_every_number(language: str) -> None:
    given = {"input": INPUT, "kernel": KERNEL}
    picture = picture_of(given, {"output": convolved(given)})
    assert picture is not None
    root = ET.fromstring(picture_drawing(picture, language))
    texts = [found.text for found in root.iter(f"{SVG}text")]
    numbers = [str(cell).replace("-", "−") for row in [*INPUT, *convolved(given)] for cell in row]
    assert [text for text in texts if text and text.lstrip("−").isdigit()] == numbers
    assert root.find(f"{SVG}desc") is not None


# One axis.


@pytest.mark.parametrize("padding", [0, 1, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel_size", [1, 2, 5])
def test_an_axis_has_as_many_places_as_torch_gives(kernel_size: int, stride: int, dilation: int, padding: int) -> None:
    given = {"input_size": 11, "kernel_size": kernel_size, "stride": stride, "dilation": dilation, "padding": padding}
    size = F.conv1d(torch.zeros(1, 1, 11), torch.zeros(1, 1, kernel_size), stride=stride, dilation=dilation, padding=padding).shape[-1]
    axis = axis_of(given, {"output_size": size})
    assert axis is not None
    assert (axis.count, axis.padded) == (size, 11 + 2 * padding)
    assert 0 <= axis.left < stride
    ET.fromstring(axis_drawing(axis, "en"))
    assert axis_of(given, {"output_size": size + 1}) is None
    assert axis_of(given, {"output_size": size - 1}) is None


@pytest.mark.parametrize(
    ("given", "key", "left"),
    [
        pytest.param({"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, {"output_size": 3}, 1, id="left-over"),
        pytest.param({"input_size": 8, "kernel_size": 3, "stride": None}, {"output_size": 2}, 2, id="a-pools-own-stride"),
        pytest.param({"input_size": 8, "kernel_size": 3, "stride": 2, "ceil_mode": True}, {"output_size": 4}, -1, id="sticks-out"),
        pytest.param({"input_size": 8, "kernel_size": 4, "mode": "same"}, {"before": 1, "after": 2, "output_size": 8}, 0, id="padding-from-the-key"),
        pytest.param({"input_size": 9, "kernel_size": 2, "stride": 4, "row": 1}, {"unused": 3}, 3, id="a-row-asked-about"),
    ],
)
def test_what_is_left_over_is_said(given: dict[str, Any], key: dict[str, Any], left: int) -> None:
    axis = axis_of(given, key)
    assert axis is not None
    assert axis.left == left
    said = "".join(sentence.en for sentence in words(axis))
    assert ("left over" in said, "sticks out" in said) == (left > 0, left < 0)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        pytest.param({"input_size": 4, "kernel_size": 3, "padding": 1, "output_padding": 0}, {"output_size": 4}, id="transposed"),
        pytest.param({"input_size": [4, 5], "kernel_size": 3}, {"output_size": (2, 3)}, id="two-axes"),
        pytest.param({"input_size": 200, "kernel_size": 3}, {"output_size": 198}, id="too-long"),
        pytest.param({"input_size": 8, "kernel_size": 3}, {"parameters": 9}, id="asks-for-no-size"),
        pytest.param({"kernel_size": 3, "stride": 1}, {"values": (4,)}, id="size-not-given"),
        pytest.param({"input_size": 8, "kernel_size": 3, "stride": 4}, {"unused": 2}, id="something-else-left-over"),
    ],
)
def test_no_axis_is_drawn(given: dict[str, Any], key: dict[str, Any]) -> None:
    assert axis_of(given, key) is None
