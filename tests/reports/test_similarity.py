"""Programs that are alike, as printed, word for word: how much they share, how unusual that is, and that it is only a hint."""

from __future__ import annotations

import pytest

from grader.classroom.similarity import ProgramPair, Similarity
from grader.reports.similarity import pair_words, percent, similarity_text

PAIR = ProgramPair(student="ada", other="alan", shared=52, own=55, share=52 / 55, as_alike=1)
FOUND = Similarity(slot="code-conv2d", students=31, compared=30, pairs=1435, usual=0.217, alike=(PAIR,))
SMALL = Similarity(slot="code-im2col", students=3, compared=3, pairs=3, usual=None, alike=(PAIR,))
NONE = Similarity(slot="code-im2col", students=3, compared=2, pairs=1, usual=None, alike=())


def test_word_for_word() -> None:
    assert similarity_text([FOUND, NONE]) == (
        """\
slot         student  other  shared  of  share  usual  so alike  of pairs
─────────────────────────────────────────────────────────────────────────
code-conv2d  ada      alan       52  55   94 %   21 %         1     1,435

ada and alan, code-conv2d: 52 of 55 fingerprints of the shorter program (94 %) are in the other too; nine of ten pairs of the class keep to 21 %, and so alike are 1 of 1,435.

code-conv2d: 30 of 31 programs compared, code-im2col: 2 of 3 programs compared; a pair of programs is shown from 80% on. \
Names, numbers, comments and layout do not count, nor does what the starter has or many students wrote. \
A hint: read both programs and ask. Nothing is taken off for it."""
    )
    assert pair_words(FOUND, PAIR).zh == (
        "ada 与 alan，code-conv2d：较短程序的 55 个指纹中有 52 个（94 %）也出现在另一程序中；全班十分之九的组合不超过 21 %，1,435 对中有 1 对如此相似。"
    )


def test_in_chinese() -> None:
    lines = similarity_text([FOUND, NONE], "zh").splitlines()
    assert lines[0].split() == ["题目", "学生", "另一人", "相同指纹", "共", "占比", "通常", "同样相似", "总对数"]
    assert lines[4] == pair_words(FOUND, PAIR).zh
    assert lines[-1].startswith("code-conv2d：31 份程序中比较了 30 份；code-im2col：3 份程序中比较了 2 份。相似度达到 80%")
    assert similarity_text([NONE], "zh") == "没有相似的程序（code-im2col：3 份程序中比较了 2 份）"


def test_in_a_small_class_nothing_is_called_usual() -> None:
    assert pair_words(SMALL, PAIR).en.endswith("(94 %) are in the other too; so alike are 1 of 3 pairs of the class.")
    assert pair_words(SMALL, PAIR).zh.endswith("（94 %）也出现在另一程序中；全班 3 对中有 1 对如此相似。")
    assert "  –  " in similarity_text([SMALL])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param([NONE], "no programs that are alike (code-im2col: 2 of 3 programs compared)", id="none"),
        pytest.param(
            [Similarity(slot="s", students=20, compared=20, pairs=190, usual=0.9, alike=())],
            "no programs that are alike (s: 20 of 20 programs compared, no pair shown since 90 % is usual)",
            id="all-alike",
        ),
    ],
)
def test_no_pair(found: list[Similarity], said: str) -> None:
    assert similarity_text(found) == said


@pytest.mark.parametrize(("share", "shown"), [(1.0, "100 %"), (0.999, "99 %"), (0.29, "29 %"), (0.0, "0 %")])
def test_a_share_is_never_said_to_be_greater_than_it_is(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_hostile_names_are_made_visible() -> None:
    evil = "a\n::set-output\x1b[31m\u202e{0}" + "x" * 500
    pair = ProgramPair(student=evil, other=evil, shared=1, own=1, share=1.0, as_alike=1)
    found = Similarity(slot=evil, students=2, compared=2, pairs=1, usual=0.1, alike=(pair,))
    for text, lines in ((similarity_text([found]), 7), (pair_words(found, pair).zh, 1)):
        assert not {"\x1b", "\u202e"} & set(text)
        assert not any(line.startswith("::") for line in text.splitlines())
        assert len(text.splitlines()) == lines
