"""Lateness and attempts: course policy, applied after marking, each shown as a line of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from grader.course.policies import Attempts, Late
from grader.marking.record import Adjustment, Flag, Record, Status, number
from grader.text import Text

DAY = timedelta(days=1)


def late_adjustment(marked: Fraction, late: Late, due: datetime | None, submitted_at: datetime | None) -> Adjustment | None:
    """What lateness takes off. Counted from the due time in days begun; within `grace` nothing, after `until` everything.

    Where either time is unknown nothing is taken off: a penalty needs evidence.
    """
    if due is None or submitted_at is None or submitted_at <= due + late.grace:
        return None
    behind = submitted_at - due
    days = math.ceil(behind / DAY)
    if late.until is not None and behind > late.until:
        return Adjustment(kind="late", points=-marked, words=CLOSED.fill(days=late.until / DAY))
    share = min(Fraction(1), late.per_day * days)
    if not share:
        return None
    return Adjustment(kind="late", points=-share * marked, words=LATE.fill(days=days, percent=number(share * 100)))


def attempt_adjustment(marked: Fraction, attempts: Attempts, attempt: int) -> Adjustment | None:
    """What an attempt after the first costs."""
    share = min(Fraction(1), attempts.penalty * (attempt - 1))
    if not share:
        return None
    return Adjustment(kind="attempt", points=-share * marked, words=ATTEMPT.fill(attempt=attempt, percent=number(share * 100)))


def kept(records: Iterable[Record], attempts: Attempts) -> Record | None:
    """The record that counts for a student: the best or the last of the attempts that are allowed.

    Refused hand-ins count only where there is nothing else; a refusal never displaces a grade.
    """
    counted = sorted((r for r in records if Flag.TOO_MANY_ATTEMPTS not in r.flags), key=lambda r: (r.attempt, r.submitted_at or "", r.graded_at))
    graded = [record for record in counted if record.status is not Status.REFUSED]
    if not graded:
        return counted[-1] if counted else None
    if attempts.keep == "last":
        return graded[-1]
    return max(graded, key=lambda record: (record.score, -record.attempt))


LATE = Text("{days} day(s) late: {percent} % off", "迟交 {days} 天：扣 {percent}%")
CLOSED = Text("handed in after the last day for late work ({days} days after the due time): no points", "超过迟交期限（截止后 {days} 天）：不计分")
ATTEMPT = Text("attempt {attempt}: {percent} % off", "第 {attempt} 次提交：扣 {percent}%")
