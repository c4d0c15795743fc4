"""A layer of a network as people write it in torch: `Conv2d(3, 8, kernel_size=5, padding=2)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# torch's modules that lower case alone would misspell.
_CLASSES = {"relu": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "gelu": "GELU", "conv_transpose2d": "ConvTranspose2d"}
_IN_ORDER = (("in_channels", "out_channels"), ("in_features", "out_features"), ("num_features",))  # arguments written without their names


def layer_line(layer: Mapping[str, Any]) -> str:
    """One layer: torch's class with its arguments where the type is given, else the arguments alone."""
    arguments = {name: value for name, value in layer.items() if name != "type"}
    positional = next((names for names in _IN_ORDER if all(name in arguments for name in names)), ())
    written = [_argument(arguments[name]) for name in positional]
    written += [f"{name}={_argument(value)}" for name, value in arguments.items() if name not in positional]
    inside = ", ".join(written)
    return f"{class_name(str(layer['type']))}({inside})" if "type" in layer else inside


def layer_lines(layers: Sequence[Mapping[str, Any]]) -> list[str]:
    """A network, one numbered line for each layer."""
    return [f"{number}. {layer_line(layer)}" for number, layer in enumerate(layers, start=1)]


def is_layers(value: Any) -> bool:
    """Whether a value of given is a list of layers."""
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, Mapping) for item in value)


def class_name(kind: str) -> str:
    """`max_pool2d` as torch names the class: `MaxPool2d`. A name with a capital stands as it is."""
    if kind in _CLASSES or not kind.islower():
        return _CLASSES.get(kind, kind)
    return "".join(word[0].upper() + word[1:] for word in kind.split("_") if word)


def _argument(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(_argument, value))})"
    return repr(value) if isinstance(value, str) else str(value)
