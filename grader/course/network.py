"""A list of layers as torch runs it: for each layer the shape that comes in, the shape that goes out, and what it learns.

What is found here becomes part of keys: raise `EXPECTED_FORM` in exercise.py when it changes.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.course.layer import class_name

if TYPE_CHECKING:
    import torch

KINDS = ("conv2d", "max_pool2d", "avg_pool2d", "batch_norm2d", "relu", "flatten", "linear")
WINDOWED = ("conv2d", "max_pool2d", "avg_pool2d")
INFERRED = {"conv2d": "in_channels", "batch_norm2d": "num_features", "linear": "in_features"}
"""What a layer may leave out, because it is what comes out of the layer before."""

BATCH = 2  # images that go through; given and found shapes leave this axis out
_NOT_GIVEN = frozenset({"self", "device", "dtype", "return_indices"})
_AXES = 3  # channels, height, width
_TEXTS = frozenset({"padding", "padding_mode"})

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer laid over what comes into it. A layer without windows has a kernel of 1 and a stride of 1."""

    kind: str  # torch's module in snake case
    before: tuple[int, ...]
    after: tuple[int, ...]
    weights: int  # numbers it learns, without biases
    biases: int
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    margin: Pair = (0, 0)  # rows and columns of padding in all: twice what torch calls `padding`
    same: bool = False  # the padding is 'same': as much as the kernel takes
    dilation: Pair = (1, 1)
    groups: int = 1
    ceil_mode: bool = False
    own_stride: bool = True  # False: pooling that is given no stride, and moves by its kernel
    flattens: Pair | None = None  # the first and the last axis that become one, counted without the batch


def walk(input_shape: Sequence[int], layers: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Sends an input through the layers, on torch's meta device: no number is computed.

    Args:
        input_shape: [C, H, W], without a batch.
        layers: each a mapping of `type` and torch's names. `in_channels`, `num_features` and `in_features` may be left out.

    Raises:
        ValueError: torch does not take a layer; the message names it and gives torch's reason.
    """
    shape = tuple(input_shape)
    if len(shape) != _AXES:
        raise ValueError(f"the input has {len(shape)} axes; give [C, H, W], without a batch")
    if min(shape) < 1:
        raise ValueError("an input has at least one channel, one row and one column; give numbers from 1")
    found = []
    for number, layer in enumerate(layers):
        arguments = {name: tuple(value) if isinstance(value, list) else value for name, value in layer.items()}
        try:
            # A type stands beside each value: to a cache True is 1.
            step = _step(shape, tuple((name, value, type(value)) for name, value in arguments.items()))
        except (RuntimeError, ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError) as error:
            raise ValueError(f"layers[{number}]: {error}") from error
        found.append(step)
        shape = step.after
    return tuple(found)


@lru_cache(maxsize=65_536)
def _step(before: tuple[int, ...], frozen: tuple[tuple[str, Any, type], ...]) -> Step:
    import torch

    given = {name: value for name, value, _ in frozen}
    kind = given.pop("type", None)
    if kind not in KINDS:
        what = "a layer has no type" if kind is None else f"there is no layer {kind!r}"
        raise ValueError(f"{what}; give one of {', '.join(KINDS)}")
    module_class = getattr(torch.nn, class_name(kind))
    if kind in WINDOWED and len(before) != _AXES:  # torch would take two images of [L, F] for one of [C, H, W]
        raise ValueError(f"{module_class.__name__} takes [C, H, W], and {list(before)} comes in; put it before the layer that flattens")
    _check_names(module_class, given)
    if kind in INFERRED:
        name, comes_in = INFERRED[kind], before[-1] if kind == "linear" else before[0]
        given = {name: comes_in, **given}
        if given[name] != comes_in:  # the meta device says less than this
            raise ValueError(
                f"{module_class.__name__} expects {given[name]} {name.removeprefix('in_').removeprefix('num_')}, and {list(before)} comes in; give {name}={comes_in}"
            )
    for name in ("in_channels", "out_channels", "in_features", "out_features", "num_features"):
        if given.get(name, 1) < 1:
            raise ValueError(f"{name} is {given[name]}; give a number from 1")
    if kind == "conv2d":
        _check_sides(given)
    module = module_class(**given, **({"device": "meta"} if kind in INFERRED else {})).eval()
    flattens = None
    if kind == "flatten":
        first, last = module.start_dim % (len(before) + 1), module.end_dim % (len(before) + 1)
        if first == 0 and last > 0:
            raise ValueError("it flattens axis 0, which is the batch; give start_dim 1, the first axis of an image")
        flattens = (first - 1, last - 1)
    with warnings.catch_warnings():
        # torch warns of padding="same" with even kernels; nothing of ours may write to a terminal or notebook.
        warnings.simplefilter("ignore")
        output = module(torch.empty((BATCH, *before), device="meta"))
    biases = 0 if getattr(module, "bias", None) is None else module.bias.numel()
    return Step(
        kind=kind,
        before=before,
        after=tuple(output.shape[1:]),
        weights=sum(parameter.numel() for parameter in module.parameters()) - biases,
        biases=biases,
        flattens=flattens,
        **(_window(module, given) if kind in WINDOWED else {}),
    )


def _check_names(module_class: type[torch.nn.Module], given: Mapping[str, Any]) -> None:
    """Names and kinds of values, which torch checks late or not at all: to it any text is a true `bias`."""
    known = {name: parameter.default for name, parameter in inspect.signature(module_class).parameters.items() if name not in _NOT_GIVEN}
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"{module_class.__name__} has no '{name}'; give {', '.join(known) or 'nothing'}")
        switch = isinstance(known[name], bool)
        if (isinstance(value, bool) and not switch) or (isinstance(value, str) and name not in _TEXTS):
            raise ValueError(f"{name} is {value!r}; give {'true or false' if switch else 'a number'}")
    for name, default in known.items():
        if default is inspect.Parameter.empty and name not in given and name not in INFERRED.values():
            raise ValueError(f"{module_class.__name__} has no {name}; give one")


def _check_sides(given: Mapping[str, Any]) -> None:
    """Sizes that the meta device lets through; the real one says what is wrong."""
    import torch

    names = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
    sizes = {name: given.get(name, default) for name, default in names.items()}
    named = sizes.pop("padding") if isinstance(sizes["padding"], str) else None  # 'same' and 'valid' are no numbers
    for axis in zip(*map(_pair, sizes.values()), strict=True):
        own = dict(zip(sizes, axis, strict=True))
        kernel = own.pop("kernel_size")
        if min(kernel, *(size + (name == "padding") for name, size in own.items())) < 1:
            padding = {} if named is None else {"padding": named}
            torch.nn.functional.conv1d(torch.zeros(1, 1, 1), torch.zeros(1, 1, kernel), **own, **padding)


def _window(module: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    kernel, dilation = _pair(module.kernel_size), _pair(getattr(module, "dilation", 1))
    padding = module.padding
    if isinstance(padding, str):
        margin = tuple(d * (k - 1) if padding == "same" else 0 for k, d in zip(kernel, dilation, strict=True))
    else:
        margin = tuple(2 * side for side in _pair(padding))
    return {
        "kernel": kernel,
        "stride": _pair(module.stride),
        "margin": margin,
        "same": padding == "same",
        "dilation": dilation,
        "groups": getattr(module, "groups", 1),
        "ceil_mode": getattr(module, "ceil_mode", False),
        "own_stride": "stride" in given or hasattr(module, "groups"),  # a convolution's is 1
    }


def _pair(size: Any) -> Pair:
    return (size[0], size[1]) if isinstance(size, (tuple, list)) else (size, size)
