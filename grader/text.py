"""A sentence in every language the product speaks.

Everything a student may read is a `Text`: it cannot be made in one language only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, said in English and in Chinese."""

    en: str
    zh: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def fill(self, **values: object) -> Text:
        """The same sentence with its `{names}` replaced; values are put in as they are, never formatted again."""
        return Text(self.en.format(**values), self.zh.format(**values))

    def __add__(self, other: Text) -> Text:
        """Two sentences in a row; Chinese sets no space between them."""
        return Text(f"{self.en} {other.en}".strip(), f"{self.zh}{other.zh}")

    def to_json(self) -> dict[str, str]:
        return {"en": self.en, "zh": self.zh}


def both(words: str) -> Text:
    """Words that are the same in both languages (numbers, names)."""
    return Text(words, words)


def visible(raw: str, limit: int = 120) -> str:
    """Text from outside made fit for a terminal, a log and a page: control and format characters become `·`.

    Newlines go too, and `::` and `##` are broken up: CI systems take text with these for commands, some of them
    anywhere in a line. Longer text is cut at `limit` characters.
    """
    shown = raw[: limit + 1]
    if not shown.isprintable():  # of what is not, only spaces of other widths are not hidden
        shown = "".join("·" if unicodedata.category(c) in _HIDDEN else c for c in shown)
    if "::" in shown or "##" in shown:
        shown = re.sub(r"(?<=:)(?=:)|(?<=#)(?=#)", "·", shown)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
