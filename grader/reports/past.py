"""Records that were replaced, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from grader.classroom.past import Replaced
from grader.course.points import number
from grader.marking.record import Status
from grader.reports.table import STATUS
from grader.text import Text, visible


def history_text(found: Iterable[Replaced], zone: ZoneInfo, language: str = "en") -> str:
    """Each replaced record, and the run that did it, in the course's time zone."""
    return "\n".join(line[language] for one in found for line in (_record(one, zone), _run(one, zone)))


def _record(one: Replaced, zone: ZoneInfo) -> Text:
    record = one.outline
    words = REFUSED if record.status is Status.REFUSED else RECORD
    status = {"status": str(record.status), "status_zh": STATUS[record.status].zh}
    return words.fill(attempt=record.attempt, points=number(record.score), time=_time(record.graded_at, zone), **status)


def _run(one: Replaced, zone: ZoneInfo) -> Text:
    run = one.by
    reason = Text(visible(run.reason, 300), visible(run.reason, 300)) if run.reason else NO_REASON
    made = RUN.fill(
        run=run.id, kind=visible(run.kind, 20), kind_zh=KINDS.get(run.kind, visible(run.kind, 20)), who=visible(run.who, 80), time=_time(run.started_at, zone)
    )
    return Text(f"{made.en}: {reason.en}", f"{made.zh}：{reason.zh}")


def _time(text: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"


RECORD = Text("attempt {attempt}: {status}, {points} points, on {time}", "第 {attempt} 次提交：{status_zh}，{points} 分，{time}")
REFUSED = Text("attempt {attempt}: {status}, on {time}", "第 {attempt} 次提交：{status_zh}，{time}")
RUN = Text("  replaced by run {run}, {kind}, by {who}, on {time}", "  被第 {run} 次运行（{kind_zh}，{who}，{time}）替换")
KINDS = {"grade": "评分", "regrade": "重新评分"}
NO_REASON = Text("no reason given", "未说明原因")
