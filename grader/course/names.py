"""The names that words and conditions may use: what is given, and the sides of it."""

from __future__ import annotations

from typing import Any

from grader.course.layer import is_layers
from grader.course.values import Given, shape

_ALL_INTS = frozenset({int})
_SHAPES = (3, 4)  # as many axes has the shape of a feature map, without and with a batch


def names_of(given: Given) -> dict[str, Any]:
    """The names that prompts, words and `where` may use: the given, and the sides of its arrays, sizes and shapes.

    An array `input` brings `input_height` and `input_width` (and `input_channels` where it has three axes); a size
    brings `stride_height` and `stride_width`, whether it is one int or [H, W]; a shape `input_shape` brings
    `input_shape_channels`, `input_shape_height`, `input_shape_width`, and `input_shape_batch` where it has four axes;
    its items, counted from 1, are `input_shape_2` as well, and so are those of a list of which only the first are drawn;
    a list of layers brings `layers_count`, and for each of them, counted from 1, its arguments as `layers_2_kernel_size`.
    """
    names: dict[str, Any] = dict(given)
    for name, value in given.items():
        names |= _sides(name, value)
        if isinstance(value, (list, tuple)) and (isinstance(value, tuple) or len(value) in _SHAPES) and _ALL_INTS.issuperset(map(type, value)):
            names |= {f"{name}_{number}": item for number, item in enumerate(value, start=1)}
        if is_layers(value):
            names[f"{name}_count"] = len(value)
            arguments = {f"{name}_{number}_{argument}": own for number, layer in enumerate(value, start=1) for argument, own in layer.items()}
            names |= arguments
            for argument, own in arguments.items():
                names |= _sides(argument, own)
    return names


def _sides(name: str, value: Any) -> dict[str, int]:
    sides = shape(value) if isinstance(value, list) else None
    if sides is not None and len(sides) >= 2:
        return dict(zip((f"{name}_channels", f"{name}_height", f"{name}_width")[-len(sides) :], sides[-3:], strict=False))
    if isinstance(value, list) and len(value) == 2:
        return {f"{name}_height": value[0], f"{name}_width": value[1]}
    if isinstance(value, list) and len(value) in _SHAPES and _ALL_INTS.issuperset(map(type, value)):
        return {f"{name}_{axis}": side for axis, side in zip(("batch", "channels", "height", "width")[-len(value) :], value, strict=True)}
    if type(value) is int:
        return {f"{name}_height": value, f"{name}_width": value}
    return {}
