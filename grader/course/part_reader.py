"""Reads what a part says of its kind: the axes of a shape, the options of a choice, the tolerance of a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grader.course.faults import nearest
from grader.course.part import LAYER, LETTERS, Option, folded_option
from grader.course.rule_reader import Reader
from grader.course.rules import Choice, Constant, Derived, ListRule, Range, Rule, Sample
from grader.course.schema import PartModel, TextModel
from grader.documents import Place
from grader.text import LANGUAGES, Text

MAX_AXES = 8
MAX_OPTIONS = 64  # as many as a list of given may name
_AXIS = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
_OPTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,39}")
_NONE = frozenset({"none", "null", "无"})


def read_axes(reader: Reader, place: Place, model: PartModel) -> tuple[tuple[str, ...], ...]:
    """The names of a shape's axes: one list, or one for each number of axes it may have."""
    if (model.kind == "shape") != (model.axes is not None):
        reader.fault(place, "a shape needs `axes`, and only a shape has them", "write axes: [N, C, H, W]")
        return ()
    if model.axes is None:
        return ()
    listed = model.axes if isinstance(model.axes, list) and model.axes and all(isinstance(axes, list) for axes in model.axes) else [model.axes]
    good = all(
        isinstance(axes, list)
        and 1 <= len(axes) <= MAX_AXES
        and all(isinstance(axis, str) and _AXIS.fullmatch(axis) for axis in axes)
        and len({axis.casefold() for axis in axes}) == len(axes)
        for axes in listed
    )
    if not good or len({len(axes) for axes in listed}) != len(listed):
        reader.fault((*place, "axes"), "expected the names of the axes, each once", "write axes: [N, C, H, W], or [[N, C, H, W], [C, H, W]]")
        return ()
    return tuple(tuple(axes) for axes in listed)


def read_options(reader: Reader, place: Place, model: PartModel) -> tuple[Option, ...]:
    """The options of a choice, checked so that every answer a student may write means one of them."""
    if (model.kind in ("choice", "choices")) != bool(model.options):
        reader.fault(place, "a choice needs `options`, and only a choice has them", "write options: {name: {en: …, zh: …}, …}")
        return ()
    most = len(LETTERS) if model.options_from is None else MAX_OPTIONS
    if model.options and not 2 <= len(model.options) <= most:
        cure = "add or leave out some" if most == MAX_OPTIONS else "add or leave out some, or draw those that are shown and name them in `options_from`"
        reader.fault((*place, "options"), f"expected 2 to {most} options, got {len(model.options)}", cure)
    said: dict[str, str] = {}
    for name, words in model.options.items():
        at = (*place, "options", name)
        if not _OPTION.fullmatch(name) or folded_option(name) in _NONE:
            reader.fault(at, f"'{name}' is no name of an option", "use two or more letters, digits, _ and -, and no `none`")
        for text in dict.fromkeys((folded_option(name), *(folded_option(getattr(words, language)) for language in LANGUAGES))):
            if said.setdefault(text, name) != name:
                reader.fault(at, f"'{name}' and '{said[text]}' cannot be told apart by '{text}'", "give one of them another name or other words")
            elif text in LETTERS or text in _NONE:
                reader.fault(at, f"'{text}' may mean another option, or none of them", "write more words")
    whys = {name: Text(words.why.en, words.why.zh) if words.why else None for name, words in model.options.items()}
    return tuple(Option(name, Text(words.en, words.zh), whys[name]) for name, words in model.options.items())


def check_options_from(reader: Reader, place: Place, model: PartModel, draw: Mapping[str, Rule]) -> None:
    """Checks the given that says which options are shown, as far as the rules of drawing tell."""
    if model.options_from is None:
        return
    at = (*place, "options_from")
    if not model.options:
        reader.fault(at, "only a choice takes its options from a given", "leave it out")
        return
    if model.options_from not in draw:
        reader.fault(at, f"'{model.options_from}' is not drawn", nearest(model.options_from, draw))
        return
    rule = draw[model.options_from]
    if isinstance(rule, Sample) and not 2 <= rule.count <= len(LETTERS):
        reader.fault(("draw", model.options_from), f"{rule.count} options cannot be shown", f"write a count of 2 to {len(LETTERS)}")
    for shown in _lists(rule):
        if not isinstance(shown, (list, tuple)):
            reader.fault(at, f"'{model.options_from}' is no list of options", f"draw it as {{sample: [{', '.join(model.options)}], count: 2}}")
            return
        for name in shown:
            if name not in model.options:
                reader.fault(("draw", model.options_from), f"'{name}' is no option of {place[-1]}", nearest(str(name), model.options))


def check_each(reader: Reader, models: Mapping[str, PartModel], draw: Mapping[str, Rule]) -> None:
    """Checks the parts that are asked for each item of a list, `layer_1` … for `layer`."""
    for name, model in models.items():
        if model.each is None:
            continue
        place: Place = ("parts", name)
        if model.each not in draw:
            reader.fault((*place, "each"), f"'{model.each}' is not drawn", nearest(model.each, draw))
        elif isinstance(draw[model.each], Range) or not all(isinstance(value, (list, tuple)) for value in _lists(draw[model.each])):
            reader.fault((*place, "each"), f"'{model.each}' is no list", "name a given that is one: the part is asked for each of its items")
        for language in LANGUAGES if model.title else ():
            plain = getattr(model.title, language).replace(LAYER, "")
            if "{" in plain or "}" in plain:
                reader.fault((*place, "title", language), f"only {LAYER} stands in braces in the title of a part with `each`", f"write {LAYER}, or no braces")
        for other in models:
            stem, _, number = other.rpartition("_")
            if stem == name and number.isdecimal():
                reader.fault(("parts", other), f"'{name}' is asked for each of a list, and gives a part of this name too", "give one of them another name")
        if any(earlier != name for earlier in model.follows):
            reader.fault((*place, "follows"), "a part with `each` follows only itself: each layer the one before", f"write follows: [{name}], or leave it out")


def check_tolerance(reader: Reader, place: Place, model: PartModel, prompt: TextModel, title: TextModel | None) -> None:
    """Checks that a tolerance is a number's, and that students are told of it in each language."""
    if model.tolerance is None:
        return
    at = (*place, "tolerance")
    if model.kind not in ("number", "code"):
        reader.fault(at, "only a number has a tolerance", "leave it out; other answers are compared exactly")
        return
    for language in LANGUAGES:
        said = getattr(prompt, language) + (getattr(title, language) if title else "")
        if "{tolerance}" not in getattr(prompt, language) and not re.search(rf"(?<![0-9.]){re.escape(str(model.tolerance))}(?![0-9])", said):
            reader.fault(
                at, f"the {language} prompt does not say it, and students have to know", f"write {{tolerance}} or {model.tolerance} in prompt.{language}"
            )


def _lists(rule: Rule) -> tuple[Any, ...]:
    match rule:
        case Constant(value=value):
            return (value,)
        case Choice(options=options):
            return options
        case Sample(ids=ids):
            return (ids,)
        case Derived() | ListRule():
            return ()  # what they give is known only when it is drawn, and checked then
        case _:
            return (None,)
