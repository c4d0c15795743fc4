"""The share of the points from which a push is green."""

from __future__ import annotations

import re
from fractions import Fraction

_SHARE = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*(%?)\s*")


def read_share(text: str) -> Fraction:
    """`0.6` or `60%` as a share.

    Raises:
        ValueError: it is neither; the message says how to write it.
    """
    found = _SHARE.fullmatch(text)
    share = Fraction(found[1]) / (100 if found[2] else 1) if found else Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError(f"a pass mark is a share of the points, got {text[:40]!r}; write 0.6 or 60%")
    return share
