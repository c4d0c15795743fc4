"""The file that students begin with: the function's head, its contract as docstring, and nothing that it computes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from grader.course.part import Code
from grader.text import LANGUAGES

INDENT = "    "


def starter(code: Code, languages: Sequence[str]) -> str:
    """The starter file, its contract in each of the languages."""
    contract = "\n\n".join(code.contract[language].strip() for language in languages)
    lines = [f"{INDENT}{line}".rstrip() for line in f'"""{contract}\n"""'.splitlines()]
    return "\n".join(["import numpy as np", "", "", f"def {code.function}({code.signature}):", *lines, f"{INDENT}raise NotImplementedError", ""])


def untouched(code: Code, source: bytes) -> bool:
    """Whether a file is empty, or the starter as it was handed out: nothing was answered."""
    own = b" ".join(source.removeprefix(b"\xef\xbb\xbf").split())
    return not own or any(own == b" ".join(text.encode().split()) for text in starters(code))


def starters(code: Code) -> Iterator[str]:
    """Every starter file that students may have been given: in one language or several, in any order."""
    for count in range(1, len(LANGUAGES) + 1):
        for languages in permutations(LANGUAGES, count):
            yield starter(code, languages)
