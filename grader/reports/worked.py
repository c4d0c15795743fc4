"""The answers to an example, as a lesson page shows them: the right ones with how one gets there, and wrong ones beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.course.expressions import ExpressionError
from grader.course.names import names_of
from grader.course.part import Part, kind_of
from grader.course.templates import Words
from grader.course.values import Answer, to_json
from grader.marking.compare import mask
from grader.marking.option import option_words
from grader.reports import show
from grader.reports.example import Example
from grader.reports.markdown import code, escaped, fenced
from grader.text import Text, both
from grader.variants.given import Plane, grid, is_array, planes

IN_PLACE = Text("{wrong} (right: {key})", "{wrong}（正确：{key}）")
OR = Text(" or ", " 或 ")
WRONG_CELLS = Text("[ ] marks a wrong cell.", "[ ] 表示错误的格。")


def explanation(example: Example) -> Text | None:
    """How one gets to the key of an example; None where the exercise does not say it, or not for numbers such as these."""
    words = example.exercise.explanation
    if words is None:
        return None
    parts = example.exercise.parts_of(example.given)
    answers = {part.id: _named(part, example.expected.key[part.id]) for part in parts}
    return _rendered(words, {**names_of(answers), **example.exercise.names(example.given)})


def answer_lines(readings: Sequence[Answer], part: Part, language: str, key: Answer | None = None) -> Iterator[str]:
    """An answer to a part: the right one, or (where `key` is given) what a wrong method leads to in its place."""
    if any(is_array(reading) for reading in readings):
        yield f"- {escaped(part_title(part)[language])}"
        yield ""
        found = [_marked(plane) for reading in readings for plane in planes("output", reading, None if key is None else mask(reading, key))]
        yield from fenced([line for number, plane in enumerate(found) for line in ([""] if number else []) + grid(plane)[1:]])
        yield ""
        if any(plane.wrong for plane in found):
            yield WRONG_CELLS[language]
            yield ""
        return
    written = OR[language].join(dict.fromkeys(_written(part, reading, language) for reading in readings))
    written = f"**{written}**" if key is None else IN_PLACE[language].format(wrong=f"**{written}**", key=_written(part, key, language))
    yield f"- {escaped(part_title(part)[language])}{show.COLON[language]}{written}"


def part_title(part: Part) -> Text:
    return part.title or both(part.id)


def _written(part: Part, answer: Answer, language: str) -> str:
    if part.options:
        return escaped(option_words(answer, part.options)[language])
    if part.kind == "formula":
        return code(str(to_json(answer)))
    return escaped(show.value_text(to_json(answer)).replace("-", "−"))


def _named(part: Part, answer: Answer) -> Any:
    """A right answer as a name of `explanation` stands for it."""
    if part.options:
        return option_words(answer, part.options)
    if part.kind == "vector":
        return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)
    if kind_of(part, answer) == "vector" and isinstance(answer, tuple):
        return list(answer)  # [H, W], so that its height and width have names
    return to_json(answer) if part.kind == "formula" else answer


def _rendered(words: Words, names: Mapping[str, Any]) -> Text | None:
    try:
        return words.render(names)
    except ExpressionError:  # the words were not written for such numbers, as where sizes are [H, W]
        return None


def _marked(plane: Plane) -> Plane:
    return plane if plane.wrong else Plane(plane.heading, plane.rows)
