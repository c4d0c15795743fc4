"""Programs that are alike, as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.classroom.similarity import SHARE, ProgramPair, Similarity
from grader.reports.statistics import aligned
from grader.text import Text, visible

HEAD = (
    Text("slot", "题目"),
    Text("student", "学生"),
    Text("other", "另一人"),
    Text("shared", "相同指纹"),
    Text("of", "共"),
    Text("share", "占比"),
    Text("usual", "通常"),
    Text("so alike", "同样相似"),
    Text("of pairs", "总对数"),
)


def similarity_text(found: Sequence[Similarity], language: str = "en") -> str:
    """A table of the pairs, each in a sentence, and how to take them."""
    compared = [COMPARED.fill(slot=visible(one.slot, 40), compared=one.compared, students=one.students) for one in found]
    usual = [USUAL.fill(usual=percent(one.usual)) if one.usual is not None and one.usual >= SHARE else Text("", "") for one in found]
    said = Text(
        ", ".join(one.en + why.en for one, why in zip(compared, usual, strict=True)),
        "；".join(one.zh + why.zh for one, why in zip(compared, usual, strict=True)),
    )
    rows = [(one, pair) for one in found for pair in one.alike]
    if not rows:
        return NONE_ALIKE.fill(en=said.en, zh=said.zh)[language]
    table = aligned([words[language] for words in HEAD], [_cells(one, pair) for one, pair in rows], left=3)
    how = Text(f"{said.en}; {HOW.en}", f"{said.zh}。{HOW.zh}")
    return "\n".join([table, "", *(pair_words(one, pair)[language] for one, pair in rows), "", how[language]])


def pair_words(found: Similarity, pair: ProgramPair) -> Text:
    """What was seen, in one sentence: how much two programs share, and how unusual that is in the class."""
    return (PAIR if found.usual is None else UNUSUAL).fill(
        student=visible(pair.student, 40),
        other=visible(pair.other, 40),
        slot=visible(found.slot, 40),
        shared=pair.shared,
        own=pair.own,
        share=percent(pair.share),
        usual="" if found.usual is None else percent(found.usual),
        as_alike=f"{pair.as_alike:,}",
        pairs=f"{found.pairs:,}",
    )


def percent(share: float) -> str:
    """Rounded down: a share is never said to be greater than it is."""
    return f"{math.floor(100 * share + 1e-9)} %"


def _cells(found: Similarity, pair: ProgramPair) -> list[str]:
    return [
        visible(found.slot, 40),
        visible(pair.student, 40),
        visible(pair.other, 40),
        str(pair.shared),
        str(pair.own),
        percent(pair.share),
        "–" if found.usual is None else percent(found.usual),
        f"{pair.as_alike:,}",
        f"{found.pairs:,}",
    ]


COMPARED = Text("{slot}: {compared} of {students} programs compared", "{slot}：{students} 份程序中比较了 {compared} 份")
USUAL = Text(", no pair shown since {usual} is usual", "，因通常的相似度已达 {usual}，不列出任何一对")
NONE_ALIKE = Text("no programs that are alike ({en})", "没有相似的程序（{zh}）")
PAIR = Text(
    "{student} and {other}, {slot}: {shared} of {own} fingerprints of the shorter program ({share}) are in the other too; so alike are {as_alike} of {pairs} pairs of the class.",
    "{student} 与 {other}，{slot}：较短程序的 {own} 个指纹中有 {shared} 个（{share}）也出现在另一程序中；全班 {pairs} 对中有 {as_alike} 对如此相似。",
)
UNUSUAL = Text(
    "{student} and {other}, {slot}: {shared} of {own} fingerprints of the shorter program ({share}) are in the other too; nine of ten pairs of the class keep to {usual}, and so alike are {as_alike} of {pairs}.",
    "{student} 与 {other}，{slot}：较短程序的 {own} 个指纹中有 {shared} 个（{share}）也出现在另一程序中；全班十分之九的组合不超过 {usual}，{pairs} 对中有 {as_alike} 对如此相似。",
)
HOW = Text(
    f"a pair of programs is shown from {SHARE:.0%} on. Names, numbers, comments and layout do not count, nor does what the starter has or many students wrote. A hint: read both programs and ask. Nothing is taken off for it.",
    f"相似度达到 {SHARE:.0%} 的程序才会列出。名称、数字、注释和排版不计，起始文件中已有的和许多学生都写的内容也不计。这只是提示：请阅读两份程序并询问；不会因此扣分。",
)
COUNT = Text(
    "pairs of programs that are alike: {count}; `grader copies {assignment}` names them",
    "相似程序：{count} 对；运行 `grader copies {assignment}` 查看",
)
