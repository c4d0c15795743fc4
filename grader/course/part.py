"""One thing that is asked: of which kind, what it is worth, and what its answer may be."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.course.values import Answer, GivenError
from grader.text import Text

LAYER = "{layer}"
"""What stands for the number in the title of a part with `each`."""

LETTERS = "abcdefghijkl"
"""The letters of the options in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers of a choice."""

    id: str
    words: Text
    why: Text | None = None  # what a student who is wrong about it reads


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases that show one feature. `title` completes "it works where …"."""

    id: str
    title: Text
    weight: Fraction
    hidden: bool  # students see whether it passes, never a case of it


@dataclass(frozen=True, slots=True)
class Code:
    """The function that a part of kind `code` asks for."""

    function: str
    signature: str  # its parameters, as they stand between the brackets
    contract: Text  # what it takes and returns: the docstring of the starter file
    groups: tuple[CaseGroup, ...]  # easiest first: what works "until" is told in this order


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing asked. `weight` is its share of the slot's points, relative to the other parts'."""

    id: str
    kind: str  # "integer" | "number" | "vector" | "shape" | "array" | "choice" | "choices" | "formula" | "code"
    weight: Fraction
    title: Text | None = None
    follows: tuple[str, ...] = ()
    follow_credit: Fraction = Fraction(3, 4)
    names: tuple[str, ...] = ()  # of a formula
    each: str | None = None  # the given that is a list: the part stands for ID_1 … ID_n, one for each of its items
    layer: tuple[str, int] | None = None  # of one of those ID_1 … ID_n: the ID they share, and its number
    axes: tuple[tuple[str, ...], ...] = ()  # of a shape: the names of its axes, for each number of axes it may have
    options: tuple[Option, ...] = ()  # of a choice: all of them, or (in `Exercise.parts_of`) those that a variant shows
    options_from: str | None = None  # the given that lists which options are shown, in order
    tolerance: Fraction | None = None  # of a number, or of what a function returns: how far an answer may be off
    code: Code | None = None  # of a part of kind `code`


def kind_of(part: Part, key: Answer) -> str:
    """The kind of answer a part takes on a variant: an integer part takes two numbers where sizes are [H, W]."""
    return "vector" if part.kind == "integer" and isinstance(key, tuple) else part.kind


def axes_of(part: Part, key: Answer) -> tuple[str, ...]:
    """The names of a shape's axes on a variant: those for as many axes as its key has."""
    count = len(key) if isinstance(key, tuple) else 0
    return next((axes for axes in part.axes if len(axes) == count), ())


def folded_option(text: str) -> str:
    """An option as it is compared with what a student wrote: case, full width, what stands between words and a full stop make no difference."""
    return re.sub(r"[\s_-]+", "-", unicodedata.normalize("NFKC", text).strip(" \t\n.。;,").casefold())


def numbered(part: Part, number: int) -> Part:
    """One of the parts that a part with `each` stands for; `{layer}` in its title is the number, counted from 1."""
    title = part.title and Text(*(words.replace(LAYER, str(number)) for words in (part.title.en, part.title.zh)))
    return replace(part, id=f"{part.id}_{number}", title=title, each=None, layer=(part.id, number))


def followed(part: Part, asked: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What a part follows from on a variant: for each name of its `follows`, the parts that it stands for.

    Of a part per layer that follows itself, this is the layer before (none, for the first); where another part follows
    such a one, all of its layers; else the part of this name.

    Args:
        asked: the ids of the parts of the variant.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in part.follows:
        if part.layer is not None and part.layer[0] == name:
            found[name] = (f"{name}_{part.layer[1] - 1}",) if part.layer[1] > 1 else ()
        else:
            layers = itertools.takewhile(lambda own: own in asked, (f"{name}_{number}" for number in itertools.count(1)))
            found[name] = (name,) if name in asked else tuple(layers)
    return found


def with_options(part: Part, shown: Sequence[str]) -> Part:
    """A choice with only the options that a variant shows, in its order.

    Raises:
        GivenError: there are fewer than two or more than there are letters, or one of them is no option.
    """
    known = {option.id: option for option in part.options}
    unknown = [name for name in shown if name not in known]
    if unknown:
        raise GivenError(f"{part.options_from}: '{unknown[0]}' is no option of {part.id}; use {', '.join(known)}")
    if len(shown) < 2:
        raise GivenError(f"{part.options_from}: {len(shown)} options are no choice; list two or more")
    if len(shown) > len(LETTERS):
        raise GivenError(f"{part.options_from}: there are letters for {len(LETTERS)} options, not for {len(shown)}; list fewer")
    return replace(part, options=tuple(known[name] for name in shown))
