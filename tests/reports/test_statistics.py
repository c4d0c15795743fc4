"""Item statistics as printed, word for word; nothing in a record reaches the terminal as control characters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.classroom.statistics import ClassStatistics, MistakeCount, SlotStatistics
from grader.reports.statistics import aligned, statistics_text

FOUND = ClassStatistics(
    students=40,
    complete=39,
    alpha=0.6149,
    slots=(
        SlotStatistics(slot="one-window", exercise="one-window", students=40, difficulty=0.7, discrimination=0.318, deviation=0.4, blank=0.025, invalid=0.0),
        SlotStatistics(slot="size-1", exercise="output-size", students=39, difficulty=1.0, discrimination=None, deviation=0.0, blank=0.0, invalid=0.0),
    ),
    mistakes=(
        MistakeCount(exercise="output-size", mistake="pad-once", students=Fraction(15, 2), alone=5),
        MistakeCount(exercise="one-window", mistake="flip180", students=Fraction(3), alone=3),
    ),
)


def test_word_for_word() -> None:
    assert statistics_text(FOUND) == (
        """\
slot        exercise     students  difficulty  discrimination  deviation  blank  invalid
────────────────────────────────────────────────────────────────────────────────────────
one-window  one-window         40        0.70            0.32       0.40   2.5%     0.0%
size-1      output-size        39        1.00               –       0.00   0.0%     0.0%

40 students, 39 of them with every slot marked; Cronbach's alpha 0.61
difficulty: mean share of the points, 1 is easy. discrimination: correlation with the other slots' points.
Below 0 the better students do worse there: read the question and its key again. –: undefined, as where all have the same points.

commonest wrong methods

exercise     wrong method  students  share  no other
────────────────────────────────────────────────────
output-size  pad-once           7.5  18.8%         5
one-window   flip180              3   7.5%         3
students: those whose answers fit several methods equally are shared among them. no other: those whose answers fit this one only."""
    )


def test_what_there_is_not_is_not_shown() -> None:
    assert statistics_text(ClassStatistics(students=0, complete=0, alpha=None, slots=(), mistakes=())) == "nothing is graded yet"
    bare = statistics_text(replace(FOUND, mistakes=(), complete=40, alpha=None))
    assert "wrong methods" not in bare
    assert "40 students; Cronbach's alpha –" in bare.splitlines()
    top = statistics_text(FOUND, top=1)
    assert "pad-once" in top
    assert "flip180" not in top
    assert "… and 1 more" in top.splitlines()


def test_hostile_names_are_made_visible() -> None:
    evil = "a\n::set-output\x1b[31m\u202e" + "x" * 500
    slot = replace(FOUND.slots[0], slot=evil, exercise=evil)
    text = statistics_text(replace(FOUND, slots=(slot,), mistakes=(replace(FOUND.mistakes[0], exercise=evil, mistake=evil),)))
    assert not {"\x1b", "\u202e"} & set(text)
    assert not any(line.startswith("::") for line in text.splitlines())
    assert len(text.splitlines()) == len(statistics_text(replace(FOUND, slots=FOUND.slots[:1], mistakes=FOUND.mistakes[:1])).splitlines())
    assert max(map(len, text.splitlines())) < 200


def test_aligned() -> None:
    assert aligned(("name", "n"), [["ab", "10"], ["c", "5"]], left=1) == "name   n\n────────\nab    10\nc      5"
    assert aligned(("name", "n"), [], left=1) == "name  n\n───────"
