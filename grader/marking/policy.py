"""Lateness and attempts: course policy, applied after marking, each shown as a line of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Protocol, TypeVar

from grader.course.points import number
from grader.course.policies import Attempts, Late
from grader.marking.record import Adjustment, Flag, Status
from grader.text import Text

DAY = timedelta(days=1)
UNITS = [
    (DAY, "day", "天"), (timedelta(hours=1), "hour", "小时"), (timedelta(minutes=1), "minute", "分钟"), (timedelta(microseconds=1), "microsecond", "微秒"),
]  # fmt: skip


def late_adjustment(marked: Fraction, late: Late, due: datetime | None, submitted_at: datetime | None) -> Adjustment | None:
    """What lateness takes off. Counted from the due time in days begun; within `grace` nothing, after `until` everything.

    Where either time is unknown nothing is taken off: a penalty needs evidence.
    """
    if due is None or submitted_at is None or submitted_at <= due + late.grace:
        return None
    behind = submitted_at - due
    days = -(-behind // DAY)  # whole numbers all the way: a day and no more is one day
    if late.until is not None and behind > late.until:
        return Adjustment(kind="late", points=-marked, words=Text(CLOSED.en.format(time=_span(late.until).en), CLOSED.zh.format(time=_span(late.until).zh)))
    share = min(Fraction(1), late.per_day * days)
    if not share:
        return None
    return Adjustment(kind="late", points=-share * marked, words=(LATE if days > 1 else LATE_ONE).fill(days=days, percent=number(share * 100)))


def attempt_adjustment(marked: Fraction, attempts: Attempts, attempt: int) -> Adjustment | None:
    """What an attempt after the first costs."""
    share = min(Fraction(1), attempts.penalty * (attempt - 1))
    if not share:
        return None
    return Adjustment(kind="attempt", points=-share * marked, words=ATTEMPT.fill(attempt=attempt, percent=number(share * 100)))


class Attempt(Protocol):
    """What the choice among attempts looks at, of a record or its outline."""

    @property
    def attempt(self) -> int: ...
    @property
    def submitted_at(self) -> str | None: ...
    @property
    def graded_at(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def flags(self) -> tuple[Flag, ...]: ...
    @property
    def score(self) -> Fraction: ...


A = TypeVar("A", bound=Attempt)


def kept(records: Iterable[A], attempts: Attempts) -> A | None:
    """The record that counts for a student: the best or the last of the attempts that are allowed.

    Refused hand-ins count only where there is nothing else; a refusal never displaces a grade.
    """
    allowed = [record for record in records if Flag.TOO_MANY_ATTEMPTS not in record.flags]
    if len(allowed) < 2:
        return allowed[0] if allowed else None
    counted = sorted(allowed, key=lambda r: (r.attempt, _instant(r.submitted_at), _instant(r.graded_at)))
    graded = [record for record in counted if record.status is not Status.REFUSED]
    if not graded:
        return counted[-1] if counted else None
    if attempts.keep == "last":
        return graded[-1]
    return max(graded, key=lambda record: (record.score, -record.attempt))


def _instant(time: str | None) -> float:
    """A time of a record as seconds: times of several zones do not sort as text."""
    if time is None:
        return 0.0
    found = datetime.fromisoformat(time)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _span(time: timedelta) -> Text:
    """A length of time in the largest unit that divides it."""
    unit, en, zh = next(named for named in UNITS if not time % named[0])
    count = time // unit
    return Text(f"{count} {en}{'' if count == 1 else 's'}", f"{count} {zh}")


LATE = Text("{days} days late: {percent} % off", "迟交 {days} 天：扣 {percent}%")
LATE_ONE = Text("up to one day late: {percent} % off", "迟交不超过 1 天：扣 {percent}%")
CLOSED = Text("handed in more than {time} after the due time, when late work was closed: no points", "超过迟交期限（截止后 {time}）：不计分")
ATTEMPT = Text("attempt {attempt}: {percent} % off", "第 {attempt} 次提交：扣 {percent}%")
