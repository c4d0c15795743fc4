"""A sentence in every language the product speaks.

Everything a student may read is a `Text`: it cannot be made in one language only.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

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

    Newlines go too: no line of a log can then start with what a student wrote (CI systems
    take lines that start with `::` as commands). Longer text is cut at `limit` characters.
    """
    shown = "".join("·" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else c for c in raw[: limit + 1])
    shown = shown.replace("::", ":·:")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
