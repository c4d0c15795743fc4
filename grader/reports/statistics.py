"""Item statistics as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from grader.classroom.statistics import ClassStatistics, MistakeCount, SlotStatistics
from grader.course.points import number
from grader.text import visible

_SLOTS = ("slot", "exercise", "students", "difficulty", "discrimination", "deviation", "blank", "invalid")
_MISTAKES = ("exercise", "wrong method", "students", "share", "no other")


def statistics_text(found: ClassStatistics, top: int = 10) -> str:
    """A table of the slots, what its columns mean, and the commonest wrong methods.

    Args:
        top: how many wrong methods to show.
    """
    if not found.students:
        return "nothing is graded yet"
    lines = [aligned(_SLOTS, [_slot(slot) for slot in found.slots], left=2), "", _alpha(found), *LEGEND]
    if found.mistakes:
        shown = found.mistakes[:top]
        lines += ["", "commonest wrong methods", "", aligned(_MISTAKES, [_mistake(mistake, found.students) for mistake in shown], left=2)]
        lines += [f"… and {len(found.mistakes) - top} more"] if len(found.mistakes) > top else []
        lines += MISTAKES_LEGEND
    return "\n".join(lines)


def aligned(head: Sequence[str], body: Sequence[Sequence[str]], left: int) -> str:
    """A table with a line under its head; the first `left` columns start at the left, the others end at the right."""
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))).rstrip() for line in (head, *body)
    ]
    return "\n".join([lines[0], "─" * max(map(len, lines)), *lines[1:]])


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


def _alpha(found: ClassStatistics) -> str:
    whole = "" if found.complete == found.students else f", {found.complete} of them with every slot marked"
    return f"{found.students} students{whole}; Cronbach's alpha {_decimal(found.alpha)}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


LEGEND = (
    "difficulty: mean share of the points, 1 is easy. discrimination: correlation with the other slots' points.",
    "Below 0 the better students do worse there: read the question and its key again. –: undefined, as where all have the same points.",
)
MISTAKES_LEGEND = ("students: those whose answers fit several methods equally are shared among them. no other: those whose answers fit this one only.",)
