"""Copy signals, and whose numbers a question has, as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.classroom.copies import CHANCE, Copies, CopySignal
from grader.classroom.whose import Owner
from grader.reports.statistics import aligned
from grader.text import Text, visible


def copies_text(found: Copies, language: str = "en") -> str:
    """A table of the signals, each in a sentence, and how to take them."""
    compared = COMPARED.fill(students=found.students, answers=found.answers, pairs=found.pairs)
    if not found.signals:
        return NO_SIGNALS.fill(compared_en=compared.en, compared_zh=compared.zh)[language]
    table = aligned([words[language] for words in HEAD], [_cells(signal, language) for signal in found.signals], left=2)
    how = Text(f"{compared.en}; {HOW.en}", f"{compared.zh}；{HOW.zh}")
    return "\n".join([table, "", *(sentence(signal)[language] for signal in found.signals), "", how[language]])


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


def whose_text(owners: Sequence[Owner], language: str = "en") -> str:
    """Whose question it is; `part` where the values are not all that the variant has."""
    if not owners:
        return NOBODY[language]
    body = [[visible(own.student, 40), visible(own.slot, 40), str(own.attempt), (EXACT if own.exact else IN_PART)[language]] for own in owners]
    return aligned([words[language] for words in OWNERS], body, left=2)


def _cells(signal: CopySignal, language: str) -> list[str]:
    slots = visible(", ".join(answer.slot for answer in signal.answers), 100)
    return [
        visible(signal.student, 40),
        visible(signal.source, 40),
        str(len(signal.answers)),
        str(signal.unexplained),
        ONE_IN.fill(odds=odds(signal.log10_chance))[language],
        slots,
    ]


HEAD = (
    Text("student", "学号"),
    Text("numbers of", "数据属于"),
    Text("slots", "题数"),
    Text("of", "共"),
    Text("chance below", "概率低于"),
    Text("which", "题目"),
)
OWNERS = (Text("student", "学号"), Text("slot", "题目"), Text("attempt", "第几次"), Text("fits", "符合"))
EXACT, IN_PART = Text("exact", "完全"), Text("part", "部分")
ONE_IN = Text("1 in {odds}", "{odds} 分之一")
COMPARED = Text(
    "students {students}, unexplained wrong answers {answers}, pairs compared {pairs}", "学生 {students} 人，无法解释的错误答案 {answers} 个，比较了 {pairs} 对"
)
NO_SIGNALS = Text("no copy signals ({compared_en})", "没有抄袭迹象（{compared_zh}）")
NOBODY = Text("nobody was given these values", "没有人得到这些数据")
SIGNAL = Text(
    "{student}: the answers to {slots_en} ({shared} of {wrong} slots with wrong answers that the student's own numbers do not explain) are what {source}'s numbers lead to; in a class that does not copy, the chance of any such pair is below 1 in {odds}.",
    "{student}：{slots_zh} 的答案（自己的数据无法解释其错误的 {wrong} 题中的 {shared} 题）恰是由 {source} 的数据得出的；在没有抄袭的班级中，出现任何这样一对的概率低于 {odds} 分之一。",
)
HOW = Text(
    f"a pair is shown where the chance of any such pair is below {CHANCE:g}. A signal is a hint: look at both sheets and ask. Nothing is taken off for it.",
    f"当出现任何这样一对的概率低于 {CHANCE:g} 时才列出。这只是提示：请查看两份答题纸并询问；不会因此扣分。",
)
