"""Lateness and attempts: course policy, applied after marking, each on a line of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader.course.policies import Attempts, Late, Policies
from grader.marking.grade import grade
from grader.marking.policy import attempt_adjustment, kept, late_adjustment
from grader.marking.record import Flag, Record, Status
from grader.marking.submission import Submission, from_data

from .sheets import NOW, answered, hand_in, pinned, with_policies

DUE = datetime(2026, 12, 8, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
LATE = Late(grace=timedelta(minutes=15), per_day=Fraction(1, 10), until=timedelta(days=3))
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
TEN = Fraction(10)
WINDOW = {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 2]]}  # 1·1 + 4·2 = 9
SHEET = pinned({"one-window": ("one-window", WINDOW)})


@pytest.mark.parametrize(
    ("after", "points"),
    [
        pytest.param(-timedelta(days=1), None, id="early"),
        pytest.param(timedelta(0), None, id="on-the-minute"),
        pytest.param(timedelta(minutes=15), None, id="last-moment-of-grace"),
        pytest.param(timedelta(minutes=15) + TICK, -1, id="just-after-grace"),
        pytest.param(timedelta(days=1), -1, id="one-day-exactly"),
        pytest.param(timedelta(days=1) + TICK, -2, id="second-day-begun"),
        pytest.param(timedelta(days=2), -2, id="two-days-exactly"),
        pytest.param(timedelta(days=3), -3, id="last-moment-for-late-work"),
        pytest.param(timedelta(days=3) + TICK, -10, id="just-closed"),
        pytest.param(timedelta(days=400), -10, id="a-year-late"),
    ],
)
def test_lateness_counts_days_begun_from_the_due_time(after: timedelta, points: int | None) -> None:
    line = late_adjustment(TEN, LATE, DUE, DUE + after)
    assert (line.points if line else None) == points
    # The same moment told in another time zone.
    line = late_adjustment(TEN, LATE, DUE, (DUE + after).astimezone(UTC))
    assert (line.points if line else None) == points


@pytest.mark.parametrize(
    ("late", "after", "en", "zh"),
    [
        (LATE, timedelta(hours=2), "up to one day late: 10 % off", "迟交不超过 1 天：扣 10%"),
        (LATE, timedelta(hours=30), "2 days late: 20 % off", "迟交 2 天：扣 20%"),
        (Late(per_day=Fraction(1, 8)), timedelta(hours=2), "up to one day late: 12.5 % off", "迟交不超过 1 天：扣 12.5%"),
        (LATE, timedelta(days=4), "handed in more than 3 days after the due time, when late work was closed: no points", "超过迟交期限（截止后 3 天）：不计分"),
        (
            Late(until=timedelta(hours=36)), timedelta(days=4),
            "handed in more than 36 hours after the due time, when late work was closed: no points", "超过迟交期限（截止后 36 小时）：不计分",
        ),
        (
            Late(until=timedelta(minutes=1)), timedelta(days=4),
            "handed in more than 1 minute after the due time, when late work was closed: no points", "超过迟交期限（截止后 1 分钟）：不计分",
        ),
    ],
)  # fmt: skip
def test_lateness_in_words(late: Late, after: timedelta, en: str, zh: str) -> None:
    line = late_adjustment(TEN, late, DUE, DUE + after)
    assert line is not None
    assert (line.words.en, line.words.zh) == (en, zh)


def test_lateness_takes_off_no_more_than_all_and_nothing_where_a_time_is_unknown() -> None:
    endless = Late(per_day=Fraction(1, 4))
    assert [late_adjustment(TEN, endless, DUE, DUE + timedelta(days=d)).points for d in (1, 3, 4, 9)] == [-2.5, -7.5, -10, -10]  # type: ignore[union-attr]
    assert late_adjustment(TEN, LATE, None, DUE) is None
    assert late_adjustment(TEN, LATE, DUE, None) is None
    assert late_adjustment(TEN, Late(), DUE, DUE + timedelta(days=9)) is None


@pytest.mark.parametrize(("attempt", "points"), [(1, None), (2, -2), (3, -4), (6, -10), (99, -10)])
def test_what_attempts_cost(attempt: int, points: int | None) -> None:
    line = attempt_adjustment(TEN, Attempts(9, "best", Fraction(1, 5)), attempt)
    assert (line.points if line else None) == points
    assert attempt_adjustment(TEN, Attempts(), attempt) is None


def test_lateness_first_then_attempts_on_what_is_left() -> None:
    sheet = with_policies(SHEET, Policies(attempts=Attempts(3, "best", Fraction(1, 5)), late=LATE), due=DUE)
    record = answered(sheet, {"one-window": 9}, submitted_at=DUE + timedelta(hours=1), attempt=2)
    assert record.marked == 1
    assert [(line.kind, line.points) for line in record.adjustments] == [("late", Fraction(-1, 10)), ("attempt", Fraction(-18, 100))]
    assert [line.words.en for line in record.adjustments] == ["up to one day late: 10 % off", "attempt 2: 20 % off"]
    assert record.score == Fraction(72, 100)
    assert record.slots[0].parts[0].points == 1, "marks stand as they were; policy has lines of its own"


def test_a_score_is_never_below_nothing() -> None:
    sheet = with_policies(SHEET, Policies(attempts=Attempts(9, "best", Fraction(1)), late=Late(per_day=Fraction(1))), due=DUE)
    for answer in (9, 0):
        assert answered(sheet, {"one-window": answer}, submitted_at=DUE + timedelta(days=9), attempt=5).score == 0


@pytest.mark.parametrize(
    ("submitted_at", "file_time", "flags"),
    [
        pytest.param(DUE - timedelta(hours=1), False, (), id="in-time"),
        pytest.param(DUE + timedelta(hours=1), False, (), id="late"),
        pytest.param(DUE + timedelta(hours=1), True, (Flag.LATE_BY_FILE_TIME,), id="late-by-the-file-only"),
        pytest.param(DUE - timedelta(hours=1), True, (), id="in-time-by-the-file"),
        pytest.param(DUE - timedelta(days=9), False, (Flag.TOO_EARLY,), id="before-it-opened"),
        pytest.param(DUE - timedelta(days=9), True, (), id="before-it-opened-by-an-old-file"),
        pytest.param(None, False, (), id="unknown"),
    ],
)
def test_times_that_a_person_should_look_at(submitted_at: datetime | None, file_time: bool, flags: tuple[Flag, ...]) -> None:
    sheet = with_policies(SHEET, Policies(late=LATE), due=DUE, opens=DUE - timedelta(days=7))
    record = answered(sheet, {"one-window": 9}, submitted_at=submitted_at, file_time=file_time)
    assert record.flags == flags
    assert record.submitted_at == (submitted_at.isoformat() if submitted_at else None)


def test_a_time_without_a_zone_is_the_course_s() -> None:
    sheet = with_policies(SHEET, Policies(late=LATE), due=DUE)
    for time, late in ((datetime(2026, 12, 9, 0, 10), False), (datetime(2026, 12, 9, 0, 20), True)):
        record = answered(sheet, {"one-window": 9}, submitted_at=time)
        assert bool(record.adjustments) is late
        assert record.submitted_at == f"2026-12-09T00:{time.minute}:00+08:00"


@pytest.mark.parametrize(("attempt", "flagged"), [(3, False), (4, True), (1000, True)])
def test_attempts_over_the_count_are_flagged(attempt: int, flagged: bool) -> None:
    sheet = with_policies(SHEET, Policies(attempts=Attempts(count=3)))
    record = answered(sheet, {"one-window": 9}, attempt=attempt)
    assert (Flag.TOO_MANY_ATTEMPTS in record.flags) is flagged
    assert ("only 3 attempts count; this one does not" in [note.en for note in record.notes]) is flagged
    assert record.score == 1


def test_a_student_s_file_does_not_say_which_attempt_it_is() -> None:
    sheet = with_policies(SHEET, Policies(attempts=Attempts(3, "best", Fraction(1, 2))))
    for claim in ("1", "7", "true", '"2"', "-1", "1e3"):
        raw = f'{{"sheet": "{sheet.id}", "student": "ada", "answers": {{"one-window": 9}}, "attempt": {claim}}}'
        assert hand_in(sheet, raw, "json").attempt == 1
        assert hand_in(sheet, raw, "json", attempt=2).score == Fraction(1, 2)


def record(score: int, attempt: int, *, submitted_at: str | None = None, **about: Any) -> Record:
    line = answered(SHEET, {"one-window": 9 if score else 0}, attempt=attempt)
    return replace(line, submitted_at=submitted_at, submission=f"sha256:{score}-{attempt}-{submitted_at}", **about)


def test_the_best_or_the_last_attempt_is_kept() -> None:
    first, second, third = record(1, 1), record(0, 2), record(1, 3)
    for order in ([first, second, third], [third, second, first]):
        assert kept(order, Attempts(keep="best")) is first, "of equals the earlier one"
        assert kept(order[:2], Attempts(keep="best")) in (first, third)
        assert kept(order, Attempts(keep="last")) is third
    assert kept([first, second], Attempts(keep="last")) is second
    assert kept([], Attempts()) is None


def test_a_refused_hand_in_never_displaces_a_grade_and_counts_only_alone() -> None:
    grade, refusal = record(0, 1), record(1, 2, status=Status.REFUSED, slots=())
    for keep in ("best", "last"):
        assert kept([grade, refusal], Attempts(keep=keep)) is grade
        assert kept([refusal], Attempts(keep=keep)) is refusal


def test_an_attempt_too_many_is_never_kept() -> None:
    sheet = with_policies(SHEET, Policies(attempts=Attempts(count=1)))
    inside, beyond = answered(sheet, {"one-window": 0}, attempt=1), answered(sheet, {"one-window": 9}, attempt=2)
    for keep in ("best", "last"):
        assert kept([inside, beyond], Attempts(count=1, keep=keep)) is inside
    assert kept([beyond], Attempts(count=1)) is None


def test_the_last_of_one_attempt_is_told_by_the_moment_not_by_the_text() -> None:
    # 17:30 in Shanghai is before 10:00 in London, though it sorts behind it as text.
    shanghai, london = record(1, 1, submitted_at="2026-12-01T17:30:00+08:00"), record(0, 1, submitted_at="2026-12-01T10:00:00+00:00")
    for order in ([shanghai, london], [london, shanghai]):
        assert kept(order, Attempts(keep="last")) is london
    naive = record(1, 1, submitted_at="2026-12-01T11:00:00")
    assert kept([naive, london], Attempts(keep="last")) is naive


def test_a_line_from_another_program_may_say_which_attempt_it_is() -> None:
    for claim, attempt in ((2, 2), (1000, 1000), (0, 1), (1001, 1), (True, 1), ("2", 1), (None, 1), (2.0, 1)):
        line: Submission = from_data({"answers": {}, "attempt": claim}, digest="sha256:0", student="ada")
        assert grade(SHEET, line, graded_at=NOW).attempt == attempt
