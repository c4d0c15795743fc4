"""Records that were replaced, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from grader.classroom.past import Replaced
from grader.course.points import number
from grader.marking.record import Status
from grader.text import visible


def history_text(found: Iterable[Replaced], zone: ZoneInfo) -> str:
    """Each replaced record, and the run that did it, in the course's time zone."""
    return "\n".join(line for one in found for line in (_record(one, zone), _run(one, zone)))


def _record(one: Replaced, zone: ZoneInfo) -> str:
    record = one.outline
    points = "" if record.status is Status.REFUSED else f", {number(record.score)} points"
    return f"attempt {record.attempt}: {record.status}{points}, on {_time(record.graded_at, zone)}"


def _run(one: Replaced, zone: ZoneInfo) -> str:
    run = one.by
    made = f"  replaced by run {run.id}, {visible(run.kind, 20)}, by {visible(run.who, 80)}, on {_time(run.started_at, zone)}"
    return f"{made}: {visible(run.reason, 300) if run.reason else 'no reason given'}"


def _time(text: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"
