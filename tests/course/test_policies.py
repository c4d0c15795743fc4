"""Lengths of time, moments in time zones, and when a key may be seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader.course.policies import Late, Policies, duration, moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("90s", timedelta(seconds=90), id="seconds"),
        pytest.param("15m", timedelta(minutes=15), id="minutes"),
        pytest.param("2h", timedelta(hours=2), id="hours"),
        pytest.param("3d", timedelta(days=3), id="days"),
        pytest.param(" 3 d ", timedelta(days=3), id="spaces"),
        pytest.param("0m", timedelta(), id="none-at-all"),
        pytest.param("999999d", timedelta(days=999_999), id="six-digits"),
        pytest.param(15, None, id="no-unit"),
        pytest.param("15min", None, id="other-unit"),
        pytest.param("-3d", None, id="negative"),
        pytest.param("1.5h", None, id="decimal"),
        pytest.param("1000000d", None, id="seven-digits"),
        pytest.param("１５m", None, id="full-width-digits"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="nothing"),
        pytest.param([], None, id="list"),
    ],
)
def test_duration(raw: Any, expected: timedelta | None) -> None:
    assert duration(raw) == expected


@pytest.mark.parametrize(
    ("raw", "timezone", "expected"),
    [
        pytest.param("2026-12-08 23:59", SHANGHAI, datetime(2026, 12, 8, 15, 59, tzinfo=UTC), id="shanghai"),
        pytest.param("2026-12-08 23:59", BERLIN, datetime(2026, 12, 8, 22, 59, tzinfo=UTC), id="berlin-in-winter"),
        pytest.param("2026-07-08 23:59", BERLIN, datetime(2026, 7, 8, 21, 59, tzinfo=UTC), id="berlin-in-summer"),
        pytest.param("2026-12-08T23:59:30", SHANGHAI, datetime(2026, 12, 8, 15, 59, 30, tzinfo=UTC), id="seconds"),
        pytest.param("2026-12-08 23:59+00:00", SHANGHAI, datetime(2026, 12, 8, 23, 59, tzinfo=UTC), id="an-offset-of-its-own"),
        pytest.param("2026-12-08T23:59Z", SHANGHAI, datetime(2026, 12, 8, 23, 59, tzinfo=UTC), id="zulu"),
        pytest.param(" 2026-12-08 23:59 ", SHANGHAI, datetime(2026, 12, 8, 15, 59, tzinfo=UTC), id="spaces"),
        pytest.param("2026-12-08", SHANGHAI, None, id="a-day-alone"),
        pytest.param("2026-02-29 10:00", SHANGHAI, None, id="no-such-day"),
        pytest.param("2026-12-08 24:00", SHANGHAI, None, id="no-such-hour"),
        pytest.param("tomorrow", SHANGHAI, None, id="words"),
        pytest.param("", SHANGHAI, None, id="empty"),
    ],
)
def test_moment(raw: str, timezone: ZoneInfo, expected: datetime | None) -> None:
    found = moment(raw, timezone)
    assert found == expected
    assert found is None or found.tzinfo is not None


DUE = datetime(2026, 12, 8, 23, 59, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("policies", "after", "shown"),
    [
        pytest.param(Policies("now"), timedelta(days=-1), True, id="now"),
        pytest.param(Policies("never"), timedelta(days=99), False, id="never"),
        pytest.param(Policies("after_due"), timedelta(), False, id="at-the-due-time"),
        pytest.param(Policies("after_due"), timedelta(seconds=1), True, id="after-it"),
        pytest.param(Policies("after_due", late=Late(grace=timedelta(minutes=15))), timedelta(minutes=15), False, id="within-grace"),
        pytest.param(Policies("after_due", late=Late(grace=timedelta(minutes=15))), timedelta(minutes=16), True, id="after-grace"),
        # While late work is still taken, the key would be handed to whoever waits.
        pytest.param(Policies("after_due", late=Late(until=timedelta(days=3))), timedelta(days=3), False, id="while-late-work-is-taken"),
        pytest.param(Policies("after_due", late=Late(until=timedelta(days=3))), timedelta(days=3, seconds=1), True, id="after-late-work"),
    ],
)
def test_when_the_key_is_shown(policies: Policies, after: timedelta, shown: bool) -> None:
    assert policies.shows_key(DUE + after, DUE) is shown


def test_without_a_due_time_after_due_never_comes() -> None:
    assert not Policies("after_due").shows_key(DUE, None)
    assert Policies("now").shows_key(DUE, None)
