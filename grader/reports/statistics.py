"""Item statistics as text for a terminal, in the language of who reads it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.classroom.statistics import ClassStatistics, MistakeCount, SlotStatistics
from grader.course.points import number
from grader.reports.summary import NOTHING
from grader.reports.table import padded
from grader.text import Text, visible
from grader.variants.given import columns


def statistics_text(found: ClassStatistics, top: int = 10, language: str = "en") -> str:
    """A table of the slots, what its columns mean, and the commonest wrong methods.

    Args:
        top: how many wrong methods to show.
    """
    if not found.students:
        return NOTHING[language]
    head = [words[language] for words in SLOTS]
    lines = [aligned(head, [_slot(slot) for slot in found.slots], left=2), "", _alpha(found)[language], *(line[language] for line in LEGEND)]
    if found.mistakes:
        shown = found.mistakes[:top]
        head = [words[language] for words in MISTAKES]
        lines += ["", COMMONEST[language], "", aligned(head, [_mistake(mistake, found.students) for mistake in shown], left=2)]
        lines += [MORE.fill(count=len(found.mistakes) - top)[language]] if len(found.mistakes) > top else []
        lines += [MISTAKES_LEGEND[language]]
    return "\n".join(lines)


def aligned(head: Sequence[str], body: Sequence[Sequence[str]], left: int) -> str:
    """A table with a line under its head; the first `left` columns start at the left, the others end at the right."""
    widths = [max(columns(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = ["  ".join(padded(cell, w, left=i < left) for i, (cell, w) in enumerate(zip(line, widths, strict=True))).rstrip() for line in (head, *body)]
    return "\n".join([lines[0], "─" * max(map(columns, lines)), *lines[1:]])


def _slot(slot: SlotStatistics) -> list[str]:
    return [
        visible(slot.slot, 40),
        visible(slot.exercise, 40),
        str(slot.students),
        *(_decimal(value) for value in (slot.difficulty, slot.discrimination, slot.deviation)),
        *(_percent(value) for value in (slot.blank, slot.invalid)),
    ]


def _mistake(found: MistakeCount, students: int) -> list[str]:
    share = _percent(float(found.students) / students)
    return [
        visible(found.exercise, 40),
        visible(found.mistake, 40),
        f"{number(found.students):.10g}" if found.students.denominator == 1 else f"{float(found.students):.1f}",
        share,
        str(found.alone),
    ]


def _alpha(found: ClassStatistics) -> Text:
    words = ALPHA if found.complete == found.students else ALPHA_OF_SOME
    return words.fill(students=found.students, complete=found.complete, alpha=_decimal(found.alpha))


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


SLOTS = (
    Text("slot", "题目"),
    Text("exercise", "练习"),
    Text("students", "人数"),
    Text("difficulty", "难度"),
    Text("discrimination", "区分度"),
    Text("deviation", "标准差"),
    Text("blank", "空白"),
    Text("invalid", "无法识别"),
)
MISTAKES = (Text("exercise", "练习"), Text("wrong method", "错误方法"), Text("students", "人数"), Text("share", "比例"), Text("no other", "仅此一种"))
ALPHA = Text("{students} students; Cronbach's alpha {alpha}", "{students} 人；克龙巴赫 α 系数 {alpha}")
ALPHA_OF_SOME = Text(
    "{students} students, {complete} of them with every slot marked; Cronbach's alpha {alpha}",
    "{students} 人，其中 {complete} 人各题均已评分；克龙巴赫 α 系数 {alpha}",
)
LEGEND = (
    Text(
        "difficulty: mean share of the points, 1 is easy. discrimination: correlation with the other slots' points.",
        "难度：平均得分率，1 表示容易。区分度：与其余各题得分的相关系数。",
    ),
    Text(
        "Below 0 the better students do worse there: read the question and its key again. –: undefined, as where all have the same points.",
        "区分度小于 0 表示成绩好的学生在该题反而较差：请重新检查题目和答案。–：无定义，例如所有人得分相同。",
    ),
)
COMMONEST = Text("commonest wrong methods", "最常见的错误方法")
MORE = Text("… and {count} more", "…… 另有 {count} 种")
MISTAKES_LEGEND = Text(
    "students: those whose answers fit several methods equally are shared among them. no other: those whose answers fit this one only.",
    "人数：答案同时符合几种方法的学生平分到各种方法。仅此一种：答案只符合这一种方法的学生。",
)
