"""What a course decides beside marking: when keys are shown, how attempts count, what lateness costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many attempts count, which one is kept, and what each one after the first costs (a share of the score)."""

    count: int = 3
    keep: str = "best"  # "best" | "last"
    penalty: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Late:
    """No loss within `grace` after the due time; then `per_day` of the score for each day begun; nothing after `until`."""

    grace: timedelta = timedelta()
    per_day: Fraction = Fraction(0)
    until: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    feedback: str = "now"  # "now" | "after_due" | "never": when a student may see the key
    attempts: Attempts = Attempts()
    late: Late = Late()

    def shows_key(self, now: datetime, due: datetime | None) -> bool:
        """Whether a student may see the key at this time."""
        if self.feedback == "after_due":
            return due is not None and now > due + (self.late.until or self.late.grace)
        return self.feedback == "now"


def duration(raw: Any) -> timedelta | None:
    """`15m`, `2h`, `3d`, `90s` as a length of time; None where it is none."""
    found = re.fullmatch(r"([0-9]{1,6})\s*([smhd])", str(raw).strip())
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else None


def moment(raw: str, timezone: ZoneInfo) -> datetime | None:
    """`2026-12-08 23:59`, with seconds or an offset of its own if given, as a time; None where it is none.

    A day alone is none: it would mean its first minute, and people mean its last.
    """
    if ":" not in raw:
        return None
    try:
        found = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone)
