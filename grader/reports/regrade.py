"""What a regrade changes, as text for a terminal: per student and part, and how the grades move. In the language of who reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.classroom.regrading import Change, PartChange, Regraded, Seen
from grader.course.points import number
from grader.marking.outline import Outline
from grader.marking.record import Status, Verdict
from grader.reports.show import COLON, VERDICTS
from grader.reports.table import ADJUSTED, STATUS
from grader.text import Text, both, visible


@dataclass(slots=True)
class Totals:
    """How the grades of an assignment move: a few sums, whatever the number of students."""

    students: int = 0
    hand_ins: int = 0  # … whose record changes
    changed: int = 0  # students with such a hand-in
    up: int = 0
    down: int = 0
    failed: int = 0  # hand-ins on which the grader failed now; their old records stand
    graded: tuple[int, int] = (0, 0)  # students with a grade, before and after
    points: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))

    def add(self, student: Regraded) -> None:
        self.students += 1
        self.hand_ins += sum(not change.stands for change in student.changes)
        self.failed += sum(change.stands for change in student.changes)
        self.changed += any(not change.stands for change in student.changes)
        old, new = student.old or Fraction(0), student.new or Fraction(0)
        self.up += new > old
        self.down += new < old
        self.graded = (self.graded[0] + (student.old is not None), self.graded[1] + (student.new is not None))
        self.points = (self.points[0] + old, self.points[1] + new)

    @property
    def mean(self) -> tuple[float | None, float | None]:
        """Of those who have a grade."""
        old, new = (float(points / count) if count else None for points, count in zip(self.points, self.graded, strict=True))
        return old, new

    def to_json(self) -> dict[str, Any]:
        old, new = (None if mean is None else round(mean, 6) for mean in self.mean)
        counts = {"students": self.students, "changed": self.changed, "hand_ins": self.hand_ins, "up": self.up, "down": self.down, "failed": self.failed}
        return {**counts, "mean": {"old": old, "new": new}}


def student_text(student: Regraded, language: str = "en") -> str:
    """One student: the grade that counts, and below it each hand-in that changes."""
    moved = student.old != student.new
    grade = _arrow(_points(student.old), _points(student.new)) if moved else STAYS.fill(points=_points(student.new)[language])
    lines = (line[language] for change in student.changes for line in _change(change))
    return "\n".join([f"{visible(student.student)}{COLON[language]}{grade[language]}", *lines])


def totals_text(totals: Totals, language: str = "en") -> str:
    if not totals.changed:
        return (SAME_ONE if totals.students == 1 else SAME).fill(students=totals.students)[language]
    old, new = (both("–" if mean is None else f"{mean:.2f}") for mean in totals.mean)
    words = TOTALS.fill(
        changed=totals.changed, students=_count(totals.students, "student"), count=totals.students,
        records=_count(totals.hand_ins, "record"), hand_ins=totals.hand_ins,
        up=totals.up, down=totals.down, same=totals.changed - totals.up - totals.down, mean=_arrow(old, new).en,
    )  # fmt: skip
    return words[language]


def _change(change: Change) -> Iterator[Text]:
    old, new = change.old, change.new
    if change.stands:
        why = Text(visible(new.notes[0].en, 300), visible(new.notes[0].zh, 300)) if new.notes else SEE_VERIFY
        yield _filled(STANDS, attempt=both(str(old.attempt if old else new.attempt)), why=why)
        return
    heads = list(_heads(old, new)) or ([] if change.parts else [ONLY_WORDS])
    attempt = ATTEMPT.fill(attempt=new.attempt)
    yield _filled(HEADED, attempt=attempt, heads=_listed(heads)) if heads else attempt
    for part in change.parts:
        yield _filled(PART, name=both(f"{visible(part.slot, 40)}.{visible(part.part, 40)}"), what=_listed(list(_part(part))))


def _heads(old: Outline | None, new: Outline) -> Iterator[Text]:
    """What differs around the answers."""
    if old is None:
        yield _filled(NEW_RECORD, status=_status(new.status), points=both(str(number(new.score))))
        return
    if old.status is not new.status:
        yield _arrow(_status(old.status), _status(new.status))
    if old.attempt != new.attempt:
        yield COUNTED_AS.fill(attempts=_arrow(both(str(old.attempt)), both(str(new.attempt))).en)
    if old.score != new.score:
        yield _filled(POINTS, points=_arrow(_points(old.score), _points(new.score)))
    before, after = dict(old.adjustments), dict(new.adjustments)
    for kind in dict.fromkeys([*before, *after]):
        if before.get(kind) != after.get(kind):
            moved = _arrow(_points(before.get(kind, Fraction(0))), _points(after.get(kind, Fraction(0))))
            yield _filled(ADJUSTMENT, kind=ADJUSTED.get(kind, both(kind)), moved=moved)
    if old.flags != new.flags:
        yield _filled(FLAGS, moved=_arrow(_words(" ".join(old.flags)), _words(" ".join(new.flags))))
    if new.status is not Status.GRADED and old.notes != new.notes and new.notes:
        yield Text(visible(new.notes[0].en, 200), visible(new.notes[0].zh, 200))


def _part(part: PartChange) -> Iterator[Text]:
    old, new = part.old, part.new
    if old is None or new is None:
        if seen := old or new:
            yield _filled(WAS if new is None else IS_NEW, seen=_seen(seen))
        return
    if old.points != new.points:
        yield _filled(POINTS, points=_arrow(_points(old.points), _points(new.points)))
    if old.verdict != new.verdict:
        yield _arrow(_verdict(old.verdict), _verdict(new.verdict))
    if old.mistakes != new.mistakes:
        yield _filled(MISTAKES, moved=_arrow(_names(old.mistakes), _names(new.mistakes)))
    if old.key != new.key:
        yield _filled(KEY, moved=_arrow(both(_value(old.key)), both(_value(new.key))))


def _seen(seen: Seen) -> Text:
    found = _filled(SEEN, points=_points(seen.points), verdict=_verdict(seen.verdict))
    return _filled(AND_NAMES, found=found, names=_names(seen.mistakes)) if seen.mistakes else found


def _names(mistakes: tuple[str, ...]) -> Text:
    return _words(visible(", ".join(mistakes), 100))


def _words(names: str) -> Text:
    return both(names) if names else NONE


def _value(key: Any) -> str:
    return visible(key if isinstance(key, str) else json.dumps(key, separators=(",", ":")), 60)


def _points(points: Fraction | None) -> Text:
    return NO_GRADE if points is None else both(str(number(points)))


def _status(status: Status) -> Text:
    """In English its name, which is what records and `grades.csv` have."""
    return Text(str(status), STATUS[status].zh)


def _verdict(verdict: str) -> Text:
    return Text(verdict, VERDICTS[Verdict(verdict)].zh)


def _arrow(old: Text, new: Text) -> Text:
    return Text(f"{old.en} → {new.en}", f"{old.zh} → {new.zh}")


def _listed(words: list[Text]) -> Text:
    return Text("; ".join(one.en for one in words), "；".join(one.zh for one in words))


def _filled(words: Text, **values: Text) -> Text:
    """Words filled in with others of the same language."""
    return Text(words.en.format(**{name: value.en for name, value in values.items()}), words.zh.format(**{name: value.zh for name, value in values.items()}))


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


STAYS = Text("stays at {points}", "仍为 {points}")
SAME = Text("nothing changes: {students} students graded again", "没有变化：重新评分 {students} 人")
SAME_ONE = Text("nothing changes: {students} student graded again", SAME.zh)
TOTALS = Text(
    "{changed} of {students} change ({records}): {up} up, {down} down, {same} with the same grade; mean {mean}",
    "{count} 人中有 {changed} 人变化（{hand_ins} 条记录）：{up} 人升高，{down} 人降低，{same} 人成绩不变；平均分 {mean}",
)
STANDS = Text(
    "  attempt {attempt}: the grader failed on it now, so the record stands as it is: {why}", "  第 {attempt} 次提交：这次评分程序出错，原记录保持不变：{why}"
)
SEE_VERIFY = Text("see `grader verify`", "请运行 `grader verify`")
ONLY_WORDS = Text("only words differ", "只有文字不同")
ATTEMPT = Text("  attempt {attempt}", "  第 {attempt} 次提交")
HEADED = Text("{attempt}: {heads}", "{attempt}：{heads}")
PART = Text("    {name}: {what}", "    {name}：{what}")
NEW_RECORD = Text("new record, {status}, {points}", "新记录，{status}，{points} 分")
COUNTED_AS = Text("counted as attempt {attempts}", "计为第几次提交：{attempts}")
POINTS = Text("{points} points", "{points} 分")
ADJUSTMENT = Text("{kind} {moved}", "{kind} {moved}")
FLAGS = Text("flags {moved}", "标记 {moved}")
WAS = Text("was {seen}", "原为 {seen}")
IS_NEW = Text("new: {seen}", "新增：{seen}")
MISTAKES = Text("mistakes {moved}", "错误方法 {moved}")
KEY = Text("key {moved}", "正确答案 {moved}")
SEEN = Text("{points} points, {verdict}", "{points} 分，{verdict}")
AND_NAMES = Text("{found}, {names}", "{found}，{names}")
NONE = Text("none", "无")
NO_GRADE = Text("no grade", "无成绩")
