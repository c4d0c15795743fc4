"""The shape of a tensor as an answer: `[1, 8, 6, 6]`, `1×8×6×6`, `torch.Size([1, 8, 6, 6])`, or each axis by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader.marking.answer import BLANK, Reading, quoted, text_of
from grader.marking.number import folded, number
from grader.text import Text, visible

HALF = Fraction(1, 2)
_BLANK = ("", "_", "?", "-", "…", "...", "null", "none", "~")
_BETWEEN = re.compile(r"[\s,;×*]+|(?<=[0-9\s_?])[xX](?=[0-9\s_?])")  # what parts two sides; the x of a word does not
_NAMED = re.compile(r"([A-Za-z]\w{0,19})\s*[:=]\s*([^\s,;]+)")


def read_shape(raw: Any, axes: Sequence[str]) -> Reading:
    """Reads a shape as a tuple. An axis that is left blank is None: it is wrong, and the others are marked."""
    if isinstance(raw, Mapping):
        return _by_name(raw, axes)
    if isinstance(raw, str):
        text = re.sub(r"^(?:torch\.)?[Ss]ize(?=\()", "", folded(raw)).strip("()[]{} ,;")
        if (named := _NAMED.findall(text)) and not _NAMED.sub("", text).strip(" ,;"):
            return _by_name(dict(named), axes) if len(dict(named)) == len(named) else _no_shape(quoted(raw), axes)
        return _sides([item for item in _BETWEEN.split(text) if item], quoted(raw), axes)
    items = raw if isinstance(raw, list) else [raw]
    plain = isinstance(raw, list) and not any(isinstance(item, (list, dict)) for item in raw)
    return _sides(items, quoted(", ".join(map(str, items)) if plain else raw), axes)


def _by_name(raw: Mapping[str, Any], axes: Sequence[str]) -> Reading:
    own = {axis.casefold(): axis for axis in axes}
    found: dict[str, Any] = {}
    for written, value in raw.items():
        name, _, rest = str(written).partition(":")  # `{N:1}` without its space is one name to YAML, with nothing behind it
        axis = own.get(folded(name).casefold())
        if axis is None or axis in found:
            return Reading(None, None, UNKNOWN_AXIS.fill(name=visible(name, 24), axes=", ".join(axes)))
        found[axis] = rest if rest and value is None else value
    return _sides([found.get(axis) for axis in axes], quoted(", ".join(f"{axis}: {value}" for axis, value in found.items())), axes)


def _sides(items: Sequence[Any], shown: str, axes: Sequence[str]) -> Reading:
    sides: list[Any] = []
    for item in items:
        side = number(item)
        if side is None and not (item is None or (isinstance(item, str) and folded(item).casefold() in _BLANK)):
            return _no_shape(shown, axes)
        sides.append(side)
    if all(side is None for side in sides):
        return BLANK
    return Reading(tuple(sides), text_of(tuple(sides)))


def _no_shape(shown: str, axes: Sequence[str]) -> Reading:
    return Reading(None, None, NOT_A_SHAPE.fill(answer=shown, axes=", ".join(axes)))


def right_axes(answer: Sequence[Any], key: Sequence[int]) -> list[bool]:
    """Which axes of a shape are right; of as many as the key has."""
    return [own is not None and own == side for own, side in zip(answer, key, strict=True)]


def unexplained(answer: tuple[Any, ...], key: tuple[int, ...], axes: Sequence[str]) -> tuple[Fraction, Text]:
    """What a shape that no wrong method explains earns, and the words for it: the axes that are right, and those to look at."""
    if len(answer) != len(key):
        words = ONE_AXIS if len(answer) == 1 else AXES
        return Fraction(0), words.fill(count=len(answer), wanted=len(key), axes=", ".join(axes))
    right = right_axes(answer, key)
    share = Fraction(sum(right), len(right))
    wrong = [axis for axis, good in zip(axes, right, strict=True) if not good]
    if share < HALF:
        few = FEW if any(right) else NONE
        return Fraction(0), few.fill(right=sum(right), count=len(right), axis=wrong[0])
    good = _listed([axis for axis, own in zip(axes, right, strict=True) if own])
    bad = _listed(wrong)
    filled = SOME if sum(right) > 1 else SOME_ONE
    return share, Text(filled.en.format(right=good.en, wrong=bad.en), filled.zh.format(right=good.zh, wrong=bad.zh))


def _listed(names: Sequence[str]) -> Text:
    en = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return Text(en, "、".join(names))


NOT_A_SHAPE = Text(
    "'{answer}' is not a shape; write one whole number for each axis [{axes}]",
    "“{answer}” 不是形状；请按 [{axes}] 的顺序为每个维度写一个整数",
)
UNKNOWN_AXIS = Text("'{name}' is no axis here, or is there twice; the axes are {axes}", "此处没有维度“{name}”，或重复填写；各维度为 {axes}")
AXES = Text(
    "You gave {count} axes, and there are {wanted}: [{axes}]. Write one number for each of them, in this order.",
    "你写了 {count} 个维度，而这里应有 {wanted} 个：[{axes}]。请按此顺序每个维度写一个数。",
)
ONE_AXIS = Text(
    "You gave one number, and there are {wanted} axes: [{axes}]. Write one number for each of them, in this order.",
    "你只写了一个数，而这里应有 {wanted} 个维度：[{axes}]。请按此顺序每个维度写一个数。",
)
SOME = Text("{right} are right; look at {wrong} again.", "{right} 正确；请再检查 {wrong}。")
SOME_ONE = Text("{right} is right; look at {wrong} again.", "{right} 正确；请再检查 {wrong}。")
FEW = Text(
    "{right} of {count} axes are right, and no known wrong method gives this shape. Go through the axes one at a time, starting with {axis}.",
    "{count} 个维度中 {right} 个正确；没有已知的错误方法会得到这个形状。请从 {axis} 开始逐个维度检查。",
)
NONE = Text(
    "No axis is right, and no known wrong method gives this shape. Go through the axes one at a time, starting with {axis}.",
    "没有一个维度正确；没有已知的错误方法会得到这个形状。请从 {axis} 开始逐个维度检查。",
)
