"""Copy signals, and whose numbers a question has, as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.classroom.copies import CHANCE, Copies, CopySignal
from grader.classroom.whose import Owner
from grader.reports.statistics import aligned
from grader.text import Text, visible

_HEAD = ("student", "numbers of", "slots", "of", "chance below", "which")


def copies_text(found: Copies) -> str:
    """A table of the signals, each in a sentence, and how to take them."""
    compared = f"students {found.students}, unexplained wrong answers {found.answers}, pairs compared {found.pairs}"
    if not found.signals:
        return f"no copy signals ({compared})"
    table = aligned(_HEAD, [_cells(signal) for signal in found.signals], left=2)
    return "\n".join([table, "", *(sentence(signal).en for signal in found.signals), "", f"{compared}; {HOW.en}"])


def sentence(signal: CopySignal) -> Text:
    """What was seen, in one sentence: which slots, whose numbers, and the chance."""
    slots = [visible(answer.slot, 40) for answer in signal.answers]
    return SIGNAL.fill(
        student=visible(signal.student, 40),
        source=visible(signal.source, 40),
        slots_en=", ".join(slots),
        slots_zh="、".join(slots),
        shared=len(slots),
        wrong=signal.unexplained,
        odds=odds(signal.log10_chance),
    )


def odds(log10_chance: float) -> str:
    """One in how many: `25,118`, or `10^14` where nobody could read the number; rounded so that it never says less likely than it is."""
    return f"10^{math.floor(-log10_chance)}" if log10_chance < -6 else f"{math.floor(10**-log10_chance):,}"


def whose_text(owners: Sequence[Owner]) -> str:
    """Whose question it is; `part` where the values are not all that the variant has."""
    if not owners:
        return "nobody was given these values"
    body = [[visible(own.student, 40), visible(own.slot, 40), str(own.attempt), "exact" if own.exact else "part"] for own in owners]
    return aligned(("student", "slot", "attempt", "fits"), body, left=2)


def _cells(signal: CopySignal) -> list[str]:
    slots = visible(", ".join(answer.slot for answer in signal.answers), 100)
    return [
        visible(signal.student, 40),
        visible(signal.source, 40),
        str(len(signal.answers)),
        str(signal.unexplained),
        f"1 in {odds(signal.log10_chance)}",
        slots,
    ]


SIGNAL = Text(
    "{student}: the answers to {slots_en} ({shared} of {wrong} slots with wrong answers that the student's own numbers do not explain) are what {source}'s numbers lead to; in a class that does not copy, the chance of any such pair is below 1 in {odds}.",
    "{student}：{slots_zh} 的答案（自己的数据无法解释其错误的 {wrong} 题中的 {shared} 题）恰是由 {source} 的数据得出的；在没有抄袭的班级中，出现任何这样一对的概率低于 {odds} 分之一。",
)
HOW = Text(
    f"a pair is shown where the chance of any such pair is below {CHANCE:g}. A signal is a hint: look at both sheets and ask. Nothing is taken off for it.",
    f"当出现任何这样一对的概率低于 {CHANCE:g} 时才列出。这只是提示：请查看两份答题纸并询问；不会因此扣分。",
)
