"""Numbers as people write them, read exactly: the digits that were typed are kept, nothing passes through floating point."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Any

DIGITS = 40
LIMIT = 10**DIGITS
_PRINTED = re.compile(r"(?:(?:torch|np|numpy)\.)?(?:tensor|array|u?int(?:8|16|32|64)|float(?:16|32|64)) ?\( ?([-+.0-9eE]+) ?(?:, ?dtype ?= ?[\w.]{1,20} ?)?\)")


def number(raw: Any) -> int | Fraction | Decimal | None:
    """A number as people write it, exactly; None where it is none, or has more than 40 digits.

    Accepted: `3`, `+3`, `-3` (also U+2212 and a dash), `3.0`, `.5`, `6/2`, full-width digits, spaces around, and a number as
    torch and NumPy print it (`tensor(3)`, `np.float64(3.0)`). Not accepted: `true`, `0x3`, `1_000`, `3,0`, `nan`, `inf`, expressions.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw if -LIMIT < raw < LIMIT else None
    if not isinstance(raw, (str, float)):
        return None
    text = raw.strip() if isinstance(raw, str) else repr(raw)
    if len(text) > 3 * DIGITS:
        return None
    text = folded(text)
    if re.fullmatch(r"[+-]?[0-9]{1,40}", text):
        return int(text)
    if re.fullmatch(r"[+-]?([0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?|[+-]?[0-9]{1,40}[eE][+-]?[0-9]{1,2}", text):
        typed = Decimal(text)
        if abs(typed) >= LIMIT:
            return None
        return int(typed) if typed == typed.to_integral_value() else typed
    if found := re.fullmatch(r"([+-]?[0-9]{1,40}) ?/ ?([0-9]{1,40})", text):
        top, bottom = int(found[1]), int(found[2])
        if bottom:
            ratio = Fraction(top, bottom)
            return ratio.numerator if ratio.denominator == 1 else ratio
    if found := _PRINTED.fullmatch(text):
        return number(found[1])
    return None


def folded(text: str, *, lines: bool = False) -> str:
    """Full-width digits and signs as ASCII, U+2212 and dashes as minus, marks that nobody sees (they come along when a
    page is copied) left out; superscripts stay as they are, `3²` is not 32.
    """
    if not text.isascii():
        text = "".join(map(_fold, text))
    return text if lines else text.strip()


def _fold(character: str) -> str:
    match unicodedata.category(character):
        case "No":
            return character
        case "Cf":
            return ""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) > 4:
        return character  # some characters stand for whole phrases; no number is among them
    return "-" if plain in "−–‐" else "," if plain == "、" else plain
