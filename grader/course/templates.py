"""Words with `{expressions}` in them: prompts and feedback in a student's numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.course.expressions import Expression, ExpressionError, parse
from grader.course.layer import is_layers, layer_lines
from grader.text import LANGUAGES, Text

_HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence in one language: plain pieces and expressions in turn."""

    pieces: tuple[str | Expression, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(piece.names for piece in self.pieces if isinstance(piece, Expression)))

    def render(self, names: Mapping[str, Any]) -> str:
        """The sentence for these values.

        Raises:
            ExpressionError: a name has no value here.
        """
        return "".join(piece if isinstance(piece, str) else shown(piece(names)) for piece in self.pieces)


@dataclass(frozen=True)
class Words:
    """One template in both languages."""

    en: Template
    zh: Template

    @cached_property
    def names(self) -> frozenset[str]:
        return self.en.names | self.zh.names

    def render(self, names: Mapping[str, Any]) -> Text:
        """The sentence in both languages; a name that stands for words (a `Text`) reads in the language of the sentence."""
        if not any(isinstance(value, Text) for value in names.values()):
            return Text(self.en.render(names), self.zh.render(names))
        own = {language: {name: value[language] if isinstance(value, Text) else value for name, value in names.items()} for language in LANGUAGES}
        return Text(self.en.render(own["en"]), self.zh.render(own["zh"]))


def template(text: str) -> Template:
    """Splits a sentence at its `{…}`.

    Raises:
        ExpressionError: what stands between braces is not in the expression language, or a brace is alone.
    """
    pieces: list[str | Expression] = []
    end = 0
    for hole in _HOLE.finditer(text):
        pieces += [_plain(text[end : hole.start()]), parse(hole[1])]
        end = hole.end()
    pieces.append(_plain(text[end:]))
    return Template(tuple(piece for piece in pieces if piece != ""))


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise ExpressionError(f"a brace stands alone in '{text.strip()}'; write {{name}} or no brace")
    return text


def shown(value: Any) -> str:
    """A value as a student reads it: fractions as decimals where they end within four places, lists as `2×3`, layers one a line."""
    if type(value) is int or type(value) is str:  # as nearly all are
        return str(value)
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        scaled = value * 10_000
        if scaled.denominator == 1:
            return f"{float(value):.4f}".rstrip("0")
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, (list, tuple)) and all(isinstance(item, (int, Fraction)) for item in value):
        return "×".join(shown(item) for item in value)
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return "\n".join(layer_lines(value)) if is_layers(value) else str(value)
