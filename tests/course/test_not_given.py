"""What is drawn for other rules alone, options that are many, the reasons behind them, and the minutes of a level."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from grader.classroom.verify import verified
from grader.course.course import load_exercise
from grader.course.exercise_file import read_exercise
from grader.course.values import GivenError
from grader.marking.slot import grade_slot, variant_of
from grader.reports.verification import verification_text
from grader.variants.separate import draw_single
from grader.variants.stream import stream_key
from tests.conftest import CourseCopy
from tests.kinds import FOLDER

DEBUG = "exercises/debug.yaml"
FACTS = "exercises/facts.yaml"
HIDDEN = "solution: debug\nnot_given: [slip]\n"
DRAWN = "  channels: {from: 3, to: 4}\n  slip: {from: 1, to: 3}\n"


@pytest.fixture
def copy(tmp_path: Path) -> CourseCopy:
    shutil.copytree(FOLDER, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    return CourseCopy(tmp_path / "course")


@pytest.fixture
def hidden(copy: CourseCopy) -> CourseCopy:
    """`debug`, whose code is wrong by a slip that no variant holds."""
    copy.edit(DEBUG, "solution: debug\n", HIDDEN)
    copy.edit(DEBUG, "  channels: {from: 3, to: 4}\n", DRAWN)
    copy.edit(DEBUG, "{from: channels + 1, to: 8}", "{value: channels + slip}")
    return copy


def test_a_name_that_is_not_given_is_drawn_and_in_no_variant(hidden: CourseCopy) -> None:
    exercise = load_exercise(hidden.folder, "debug")
    found = [draw_single(exercise, stream_key(b"hidden", number)).given for number in range(40)]
    assert all(set(given) == {"channels", "wrong", "code", "error"} for given in found)
    assert {given["wrong"] - given["channels"] for given in found} == {1, 2, 3}
    assert hidden.faults() == []


def test_it_decides_what_is_drawn(hidden: CourseCopy) -> None:
    before = read_exercise(hidden.folder, "debug").rules
    hidden.edit(DEBUG, "not_given: [slip]\n", "")
    assert read_exercise(hidden.folder, "debug").rules != before


def test_a_pinned_given_leaves_it_out(hidden: CourseCopy) -> None:
    exercise = load_exercise(hidden.folder, "debug")
    pinned = exercise.complete({"channels": 3, "wrong": 5})
    assert "slip" not in pinned and "expected input[1, 3, 9, 9]" in pinned["error"]
    with pytest.raises(GivenError, match="unknown given 'slip'"):
        exercise.expect({**pinned, "slip": 1})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("[slip]", "[slips]", "not_given[0]: 'slips' is not drawn; did you mean 'slip'?", id="not-drawn"),
        pytest.param("{code}\\nIt", "{code} {slip}\\nIt", "prompt.en: 'slip' is no name of this exercise; ", id="in-the-prompt"),
        pytest.param("The first argument of", "{slip}, the first argument of", "mistakes.swaps-in-out-channels.en: 'slip' is no name", id="in-words"),
        pytest.param("[slip]", "[slip, wrong]", "draw.error: it is computed from wrong, which is not drawn above it", id="needed-by-a-derived-one"),
        pytest.param("[slip]", "slip", "not_given: expected a list, got 'slip'", id="no-list"),
    ],
)
def test_what_is_not_given_cannot_be_used_where_students_read(hidden: CourseCopy, old: str, new: str, message: str) -> None:
    hidden.edit(DEBUG, old, new)
    assert any(message in fault for fault in hidden.faults()), hidden.faults()


def test_what_is_computed_is_given(hidden: CourseCopy) -> None:
    path = hidden.folder / DEBUG
    path.write_text(path.read_text(encoding="utf-8").replace("[slip]", "[slip, error]").replace("{error}", "…"), encoding="utf-8")
    assert any("draw.error: 'error' is computed, so it is given; take it out of `not_given`" in fault for fault in hidden.faults()), hidden.faults()


def many(count: int) -> tuple[str, str]:
    """The rule and the options of that many more statements."""
    names = [f"claim-{'abcdefghij'[n // 10]}{n % 10}" for n in range(count)]
    options = "".join(f"      {name}: {{en: Claim {name}., zh: 说法 {name}。}}\n" for name in names)
    return f"[stride-shrinks, {', '.join(names)}], count: 4}}", options


@pytest.mark.parametrize(
    ("count", "shown", "message"),
    [
        pytest.param(30, 4, None, id="thirty-of-which-four-are-shown"),
        pytest.param(60, 4, "parts.true_ones.options: expected 2 to 64 options, got 65; add or leave out some", id="more-than-a-given-may-name"),
        pytest.param(30, 13, "draw.statements: 13 options cannot be shown; write a count of 2 to 12", id="more-than-there-are-letters"),
        pytest.param(30, 1, "draw.statements: 1 options cannot be shown; write a count of 2 to 12", id="one"),
    ],
)
def test_many_options_of_which_some_are_shown(copy: CourseCopy, count: int, shown: int, message: str | None) -> None:
    drawn, options = many(count)
    copy.edit(FACTS, "[stride-shrinks, padding-grows, bias-per-weight, pooling-learns, groups-split], count: 4}", drawn.replace("count: 4", f"count: {shown}"))
    copy.edit(FACTS, "    options:\n", f"    options:\n{options}")
    faults = copy.faults()
    assert (faults == []) if message is None else any(message in fault for fault in faults), faults


def test_options_that_are_all_shown_are_twelve_at_most(copy: CourseCopy) -> None:
    copy.edit(FACTS, "    options_from: statements\n", "")
    copy.edit(FACTS, "    options:\n", f"    options:\n{many(8)[1]}")
    said = "expected 2 to 12 options, got 13; add or leave out some, or draw those that are shown and name them in `options_from`"
    assert any(said in fault for fault in copy.faults()), copy.faults()


def test_a_pinned_list_longer_than_the_alphabet_of_letters_is_refused(copy: CourseCopy) -> None:
    drawn, options = many(20)
    copy.edit(FACTS, "[stride-shrinks, padding-grows, bias-per-weight, pooling-learns, groups-split], count: 4}", drawn)
    copy.edit(FACTS, "    options:\n", f"    options:\n{options}")
    exercise = load_exercise(copy.folder, "facts")
    with pytest.raises(GivenError, match="statements: there are letters for 12 options, not for 13; list fewer"):
        exercise.expect({"statements": [option.id for option in exercise.parts[0].options][:13]})


def test_reasons_are_given_for_both_kinds_of_wrong_mark_and_stand_on_no_sheet(copy: CourseCopy) -> None:
    copy.edit(FACTS, "zh: 池化层会学习权重。}", "zh: 池化层会学习权重。, why: {en: A maximum has nothing to learn., zh: 取最大值没有可学习的。}}")
    copy.edit(FACTS, "zh: 步幅越大，输出越小。}", "zh: 步幅越大，输出越小。, why: {en: Fewer places., zh: 位置更少。}}")
    assert copy.faults() == []
    exercise = load_exercise(copy.folder, "facts")
    variant = variant_of(exercise, {"statements": ["stride-shrinks", "padding-grows", "pooling-learns"]})

    def words(*chosen: str) -> str:
        return grade_slot(variant, {"true_ones": list(chosen)}).parts[0].feedback.zh

    assert "位置更少。" in words("padding-grows") and "取最大值" not in words("padding-grows")
    assert "这是全部说法" in words("padding-grows", "stride-shrinks", "pooling-learns"), "where a wrong method explains the answer, its words stand"
    assert words("padding-grows", "pooling-learns").endswith("位置更少。取最大值没有可学习的。")
    assert words("stride-shrinks", "padding-grows") == "正确。"


def test_minutes_are_a_level_s_own(copy: CourseCopy) -> None:
    copy.edit(
        FACTS,
        "points: 2\n",
        "points: 2\nminutes: 2.5\nlevels:\n  2:\n    minutes: 4\n    draw: {statements: {sample: [stride-shrinks, padding-grows], count: 2}}\n  3: {work: {}}\n",
    )
    exercise = load_exercise(copy.folder, "facts")
    assert [level.minutes for level in exercise.every_level] == [Fraction(5, 2), 4, None]
    assert "\n      work: 2.5 min, cells" in verification_text(verified(exercise, 20))
    assert verified(exercise.at(2), 20).to_json()["minutes"] == 4
    assert verified(exercise.at(3), 20).to_json()["minutes"] is None and " min" not in verification_text(verified(exercise.at(3), 20))


@pytest.mark.parametrize("wrong", ["long", "-1", "601", "true"])
def test_minutes_are_a_number(copy: CourseCopy, wrong: str) -> None:
    copy.edit(FACTS, "points: 2\n", f"points: 2\nminutes: {wrong}\n")
    assert any("minutes: expected a number from 0 to 600" in fault for fault in copy.faults()), copy.faults()
