"""Fingerprints of programs: what of a file's structure stays when names, numbers, comments and layout are changed.

The text is cut into tokens, never parsed or run, so that no file is too broken, too deep or too large for it. Runs of
`LENGTH` tokens are coded, and of each `WINDOW` of runs one is kept: every run of `LENGTH + WINDOW - 1` tokens that two
files share leaves a fingerprint in both, and a file has about two for every five tokens.

Source: S. Schleimer, D. Wilkerson & A. Aiken (2003), Winnowing: local algorithms for document fingerprinting, SIGMOD.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Fingerprints = npt.NDArray[np.uint64]

LENGTH = 9
WINDOW = 4
BYTES = 1 << 18
"""Bytes of a file that are looked at; a longer one would not be run."""
TOKENS = 4000
"""Tokens of a file that are looked at. A program of one exercise has some hundreds."""

# Each alternative takes at least one character and never gives one back, so the time is linear whatever the text is.
_TOKEN = re.compile(
    r"""
    (?P<skip>    [ \t\f\r]++ | \\\n | \#[^\n]*+ )
  | (?P<line>    [\n;] )
  | (?P<text>    [rbfuRBFU]{0,2} (?: '''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z) | \"""(?:[^"\\]|\\.|"(?!""))*+(?:\"""|\\?\Z)
                                   | '(?:[^'\\\n]|\\.)*+'? | "(?:[^"\\\n]|\\.)*+"? ) )
  | (?P<number>  \.?[0-9](?:[eE][-+]|[\w.])*+ )
  | (?P<name>    \w++ )
  | (?P<sign>    \*\*=? | //=? | >>=? | <<=? | -> | := | [<>=!]= | [-+*/%@&|^]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = ("**", "**=", "//", "//=", ">>", ">>=", "<<", "<<=", "->", ":=", "<=", ">=", "==", "!=", *(f"{sign}=" for sign in "+-*/%@&|^"))
_NAME, _NUMBER, _TEXT, _OTHER = 1, 2, 3, 4
_CODES = {token: code for code, token in enumerate((*keyword.kwlist, *_SIGNS, *"()[]{}.,:=+-*/%@&|^~<>"), start=5)}
_BITS = 7
assert max(_CODES.values()) < 1 << _BITS and _BITS * LENGTH <= 64, "a run of tokens fits one number, so that different runs never look the same"


def fingerprints(source: bytes) -> Fingerprints:
    """The fingerprints of a file, each once, in order; none of a file of fewer than `LENGTH` tokens."""
    codes = np.array(tokens(source), dtype=np.uint64)
    if len(codes) < LENGTH:
        return np.zeros(0, dtype=np.uint64)
    count = len(codes) - LENGTH + 1
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(LENGTH):
        runs = (runs << np.uint64(_BITS)) | codes[place : place + count]
    mixed = _mixed(runs)
    windows = np.lib.stride_tricks.sliding_window_view(mixed, min(WINDOW, count))
    return np.unique(windows.min(axis=1))


def tokens(source: bytes) -> list[int]:
    """The tokens of a file as numbers: every name one, every literal of a kind one; comments, docstrings and layout left out."""
    found: list[int] = []
    depth = 0
    fresh, before = True, True  # nothing stands before this token on its line; nor did before the last token
    for match in _TOKEN.finditer(source[:BYTES].decode("utf-8", "replace")):
        kind, token = match.lastgroup, match.group()
        if kind == "skip":
            continue
        if kind == "line":
            if depth == 0:
                if before and found and found[-1] == _TEXT and not fresh:
                    found.pop()  # a string that is a statement: a docstring, or a comment in disguise
                fresh = True
            continue
        if len(found) >= TOKENS:
            break
        before, fresh = fresh, False
        if kind == "sign":
            depth = max(0, depth + (token in "([{") - (token in ")]}"))
            if token in ")]}" and found and found[-1] == _CODES[","]:
                found.pop()  # formatters put a comma there
        found.append(_code(kind, token))
    return found


def _code(kind: str | None, token: str) -> int:
    match kind:
        case "text":
            return _TEXT
        case "number":
            return _NUMBER
        case "name":
            return _CODES.get(token, _NAME)
    return _CODES.get(token, _OTHER)


def _mixed(runs: Fingerprints) -> Fingerprints:
    """The runs in an order that has nothing to do with what they say; still each its own number.

    Source: the finaliser of SplitMix64 (G. Steele, D. Lea & C. Flood 2014, Fast splittable pseudorandom number generators).
    """
    runs = (runs ^ (runs >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    runs = (runs ^ (runs >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return runs ^ (runs >> np.uint64(31))
