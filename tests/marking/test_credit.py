"""Comparing and crediting: the order of evidence, cells, coinciding wrong methods, answers carried on, formulas."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from grader.course.expected import Expected
from grader.course.values import cells
from grader.marking.answer import read
from grader.marking.compare import equal, mask, right_share
from grader.marking.credit import mark_part
from grader.marking.record import PartGrade, Verdict

from . import wrong_methods
from .sheets import exercise, mark, mark_one, told

KEY = [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("answer", "expected", "same"),
    [
        pytest.param(3, 3, True, id="integer"),
        pytest.param(4, 3, False, id="other-integer"),
        pytest.param(Fraction(7, 2), Fraction(7, 2), True, id="ratio"),
        pytest.param(Decimal("3.5"), Fraction(7, 2), True, id="decimal-for-a-ratio"),
        pytest.param(Decimal("3.33"), Fraction(10, 3), False, id="rounded-decimal-is-not-equal"),
        pytest.param(True, 1, False, id="true-is-not-1"),
        pytest.param(1, True, False, id="1-is-not-true"),
        pytest.param("3", 3, False, id="text"),
        pytest.param(None, 0, False, id="blank-is-not-0"),
        pytest.param((2, 3), (2, 3), True, id="vector"),
        pytest.param((3, 2), (2, 3), False, id="vector-swapped"),
        pytest.param((2,), (2, 3), False, id="short-vector"),
        pytest.param([2, 3], (2, 3), False, id="list-for-a-vector"),
        pytest.param(KEY, KEY, True, id="table"),
        pytest.param([1, 2, 3, 4], KEY, False, id="flat-table"),
        pytest.param([KEY], KEY, False, id="extra-axis"),
        pytest.param(4, [[4, 4], [4, 4]], False, id="nothing-is-broadcast"),
        pytest.param([[4]], [[4, 4], [4, 4]], False, id="nothing-is-broadcast-from-one-cell"),
        pytest.param([[1, 2], [3, "4"]], KEY, False, id="text-cell"),
        pytest.param([[1, 2], [3]], KEY, False, id="ragged"),
        pytest.param([], KEY, False, id="empty"),
    ],
)
def test_equal(answer: Any, expected: Any, same: bool) -> None:
    assert equal(answer, expected, expected) is same


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("3.3", True),
        ("3.33", True),
        ("3.333", True),
        ("3.34", True),
        ("3.4", True),
        ("3.5", False),
        ("3.35", False),
        ("3", False),
        ("3.32", False),
        ("-3.33", False),
    ],
)
def test_a_decimal_is_taken_for_the_fraction_it_is_written_down_from_only_for_wrong_methods(written: str, same: bool) -> None:
    # Cut off or rounded up in its last place: within one unit of that place.
    value = read("integer", written).value
    assert value is not None
    assert equal(value, Fraction(10, 3), 3, rounded=True) is same
    assert equal(value, Fraction(10, 3), 3) is False
    assert equal(value, 3, 3, rounded=True) is (written == "3")


@pytest.mark.parametrize("written", ["3.33", "3.3", "10/3", "3.3333"])
def test_a_division_left_open_is_recognised_however_it_is_written(written: str) -> None:
    # (5 + 2·2 − 2) / 3 + 1
    grade = mark_one("output-size", {"input_size": 5, "kernel_size": 2, "stride": 3, "padding": 2}, written, "output_size")
    assert grade.mistakes == ("fraction",)
    assert grade.feedback.en.startswith(f"You got {written}.")


def test_means_are_recognised_as_decimals_and_ratios() -> None:
    # The sums 5 4 2 / 0 8 5 divided by the four cells of the kernel, then by nine.
    for answer in ("1.25 1 0.5\n0 2 1.25", "5/4 1 1/2\n0 2 5/4", [["1.25", 1, ".5"], [0, "2.0", 1.25]], "1.2 1.0 .5\n0 2.0 1.3"):
        assert mark_one("conv-array", SMALL, answer).mistakes == ("mean-not-sum",)
    assert mark_one("conv-array", SMALL, "1 1 1\n0 2 1").mistakes == ()


@pytest.mark.parametrize(
    ("written", "verdict"), [("10/3", "correct"), ("20/6", "correct"), ("3.33", "incorrect"), ("3.333333333", "incorrect"), ("3", "incorrect")]
)
def test_a_key_that_is_a_ratio_is_never_rounded_to(written: str, verdict: str) -> None:
    found = exercise("one-window")
    given = {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 2]]}
    expected = Expected(found, given, {"value": Fraction(10, 3)})
    grade = mark_part(found, found.parts[0], given, expected, read("integer", written), written, {}, Fraction(1))
    assert grade.verdict == verdict


def test_cells_are_compared_only_in_the_right_shape() -> None:
    assert mask([[1, 9], [None, 4]], KEY) == [[True, False], [False, True]]
    assert mask([[1, "2"], [True, Decimal("4.5")]], KEY) == [[True, False], [False, False]]
    for other in ([1, 2, 3, 4], [[1, 2]], [[1, 2, 3], [4, 5, 6]], [[[1, 2], [3, 4]]], 1, (1, 2), [[1], [2, 3]]):
        assert mask(other, KEY) is None
    assert mask(3, 3) is None
    assert right_share([True, False, True]) == Fraction(2, 3)


# One variant for the arrays, small enough to check by hand:
#   1 2 0 3        kernel 1 0     key: 1·1 + 0·0 + 0·0 + 2·2 …
#   0 2 1 1               0 2
#   4 0 3 2
SMALL = {"input": [[1, 2, 0, 3], [0, 2, 1, 1], [4, 0, 3, 2]], "kernel": [[1, 0], [0, 2]]}
SMALL_KEY = [[5, 4, 2], [0, 8, 5]]


def cell_answer(wrong: int) -> list[list[int]]:
    """The key with this many cells wrong, from the end."""
    flat = [cell + (100 if index >= 6 - wrong else 0) for index, cell in enumerate(cells(SMALL_KEY))]
    return [flat[:3], flat[3:]]


@pytest.mark.parametrize(
    ("wrong", "verdict", "credit"),
    [
        (0, Verdict.CORRECT, Fraction(1)),
        (1, Verdict.PARTIAL, Fraction(5, 6)),
        (2, Verdict.PARTIAL, Fraction(2, 3)),
        pytest.param(3, Verdict.PARTIAL, Fraction(1, 2), id="exactly-half"),
        pytest.param(4, Verdict.INCORRECT, Fraction(0), id="just-under-half"),
        (6, Verdict.INCORRECT, Fraction(0)),
    ],
)
def test_the_share_of_right_cells_counts_from_half(wrong: int, verdict: Verdict, credit: Fraction) -> None:
    grade = mark_one("conv-array", SMALL, cell_answer(wrong))
    assert told(grade.verdict, grade.credit) == (verdict, credit)
    assert sum(cells(grade.cells)) == 6 - wrong


def test_blank_cells_cost_only_themselves() -> None:
    grade = mark_one("conv-array", SMALL, "5 4 _\n0 8 x")
    assert told(grade.verdict, grade.credit, grade.mistakes) == (Verdict.PARTIAL, Fraction(2, 3), ())
    assert grade.answer == [[5, 4, None], [0, 8, "x"]]
    assert grade.feedback.en == "4 of 6 cells are right. Wrong: row 1, column 3 (left blank), row 2, column 3 ('x' is no number). Redo just these windows."
    assert grade.feedback.zh == "6 个格中 4 个正确。错误：第 1 行第 3 列（未填写）、第 2 行第 3 列（“x”不是数字）。只需重算这些窗口。"


def test_a_map_of_one_cell_is_right_or_wrong() -> None:
    one = {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 2]]}
    assert [mark_one("conv-array", one, answer).credit for answer in (9, "9", [[9]], "tensor([[[[9]]]])")] == [1, 1, 1, 1]
    grade = mark_one("conv-array", one, 77)
    assert told(grade.verdict, grade.credit) == (Verdict.INCORRECT, 0)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param([[5, 4]], "Your answer is 1×2, and the output has more rows and more columns.", id="smaller"),
        pytest.param([[5, 4, 2, 0]] * 4, "Your answer is 4×4, and the output has fewer rows and fewer columns.", id="larger"),
        pytest.param([[5, 4], [2, 0], [8, 5]], "Your answer is 3×2, and the output has fewer rows and more columns.", id="transposed"),
        pytest.param([[5, 4, 2]], "Your answer is 1×3, and the output has more rows.", id="one-row"),
        pytest.param([5, 4, 2, 0, 8, 5], "Your answer is one single list of 6 numbers, and the output has rows and columns.", id="flat"),
        pytest.param([[[5, 4, 2], [0, 8, 5]]], "Your answer is 1×2×3, and the output has two axes, rows and columns.", id="nested-once-more"),
    ],
)
def test_a_wrong_shape_earns_nothing_and_is_told_which_way_it_is_off(answer: Any, sentence: str) -> None:
    grade = mark_one("conv-array", SMALL, answer)
    assert told(grade.verdict, grade.credit, grade.cells, grade.mistakes) == (Verdict.INCORRECT, 0, None, ())
    assert grade.feedback.en.startswith(sentence)
    assert grade.feedback.en.isascii() or "×" in grade.feedback.en
    assert "输出" in grade.feedback.zh


def test_a_wrong_method_is_recognised_before_cells_are_counted() -> None:
    # The kernel is its own mirror image but for one number; turned, it leaves five of six cells right.
    given = {"input": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]], "kernel": [[1, 1], [1, 2]]}
    answer = wrong_methods.wrong("conv-array", "flip180", given)["output"]
    grade = mark_one("conv-array", given, answer)
    assert sum(cells(grade.cells)) == 5
    assert grade.mistakes[0] == "flip180"
    assert grade.credit <= Fraction(1, 2)
    assert grade.feedback.en.endswith("The first wrong cell is row 2, column 3 (you: 1).")


def test_a_right_answer_is_right_though_a_wrong_method_gives_it_too() -> None:
    # The page's own (6, 3, 2, 1): padding one side, and others, also give 3.
    slot = mark("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, {"padded_size": 8, "output_size": 3})
    assert [told(part.verdict, part.credit, part.mistakes) for part in slot.parts] == [(Verdict.CORRECT, 1, ())] * 2


def test_of_wrong_methods_that_coincide_the_lowest_credit_counts_and_each_is_named() -> None:
    grade = mark_one("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, 4, "output_size")
    assert grade.mistakes == ("ceil", "nearest", "pad-after", "kernel-ignored")
    assert grade.credit == Fraction(1, 4)
    assert grade.feedback.en == (
        "Several wrong methods lead to this answer here: "
        "(1) You got 4: (6 + 2·1 − 3) / 2 + 1 = 3.5 is rounded down, not up: a last step that does not fit is left out. "
        "(2) You got 4: (6 + 2·1 − 3) / 2 + 1 = 3.5 is rounded down, not to nearest: a part of a step is no step. "
        "(3) You got 4: that comes out when 2·1 is added to the output. Padding is put round the input, before the division by the stride. "
        "(4) You got 4: (6 + 2·1) / 2, without the kernel. It must lie inside with all its 3 cells."
    )
    assert grade.feedback.zh.startswith("有几种错误方法在这里都会得到这个答案：（1）你的答案是 4：")
    assert "（4）你的答案是 4：" in grade.feedback.zh


@pytest.mark.parametrize("answer", ["3,0", "1,000", "3 3", [3, 3], "[3, 3]"])
def test_a_list_for_a_number_is_shown_as_the_student_wrote_it(answer: Any) -> None:
    grade = mark_one("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}, answer, "output_size")
    assert told(grade.verdict, grade.credit) == (Verdict.INVALID, 0)
    assert (answer if isinstance(answer, str) else "[… 2 …]") in grade.feedback.en


# Follow-through. Given (10, 3, 3, 1): padded 12, (12 − 3) / 3 + 1 = 4. Given (11, 4, 2, 2): padded 15, output 6, 11 / 2 left over.
EVEN = {"input_size": 10, "kernel_size": 3, "stride": 3, "padding": 1}
ODD = {"input_size": 11, "kernel_size": 4, "stride": 2, "padding": 2}


@pytest.mark.parametrize(
    ("given", "padded", "output", "credit", "follows"),
    [
        pytest.param(EVEN, 11, 3, Fraction(3, 4), True, id="carried-on"),  # (11 − 3) // 3 + 1
        pytest.param(EVEN, "11.0", "6/2", Fraction(3, 4), True, id="carried-on-in-another-form"),
        pytest.param(EVEN, 12, 4, Fraction(1), False, id="both-right"),
        pytest.param(EVEN, 11, 4, Fraction(1), False, id="right-in-spite-of-a-wrong-one"),
        pytest.param(EVEN, 12, 3, Fraction(1, 4), False, id="earlier-is-right-so-nothing-is-carried"),
        pytest.param(EVEN, None, 3, Fraction(1, 4), False, id="earlier-is-blank"),
        pytest.param(EVEN, "x", 3, Fraction(1, 4), False, id="earlier-cannot-be-read"),
        pytest.param(EVEN, "11.5", 3, Fraction(1, 4), False, id="earlier-is-no-whole-number"),
        pytest.param(EVEN, [11, 11], 3, Fraction(1, 4), False, id="earlier-is-a-table"),
        pytest.param(EVEN, 13, 4, Fraction(1), False, id="too-large-but-output-right"),
        pytest.param(EVEN, 100, 33, Fraction(0), False, id="larger-than-the-padded-input"),
        pytest.param(EVEN, -5, -2, Fraction(0), False, id="negative"),
        pytest.param(EVEN, 9, 3, Fraction(1, 4), False, id="smaller-than-the-input"),
        pytest.param(EVEN, "9" * 39, 3, Fraction(1, 4), False, id="absurd"),
        pytest.param(ODD, 13, 5, Fraction(3, 4), True, id="carried-on-with-a-remainder"),  # (13 − 4) // 2 + 1
        pytest.param(ODD, 14, 6, Fraction(1), False, id="easier-but-right"),
        pytest.param(ODD, 12, 5, Fraction(1, 2), False, id="made-easier-so-only-the-wrong-method-counts"),  # (12 − 4) / 2 leaves nothing to round
    ],
)
def test_an_answer_carried_on_from_an_earlier_one(given: dict[str, int], padded: Any, output: Any, credit: Fraction, follows: bool) -> None:
    grade = mark("output-size", given, {"padded_size": padded, "output_size": output}).parts[1]
    assert grade.credit == credit
    assert ("follows rightly" in grade.feedback.en) is follows
    assert ("正确推出" in grade.feedback.zh) is follows
    if follows:
        assert grade.verdict is Verdict.PARTIAL
        assert "keeps 75 % of its points" in grade.feedback.en


# Sizes as [H, W]: padded (9, 14), spans (6, 12), output (4, 7).
RECTANGLE = {"input_size": [7, 10], "kernel_size": [3, 2], "stride": 2, "padding": [1, 2]}


@pytest.mark.parametrize(
    ("answer", "verdict", "mistakes", "words"),
    [
        pytest.param([4, 7], Verdict.CORRECT, set(), "Right.", id="right"),
        pytest.param("4×7", Verdict.CORRECT, set(), "Right.", id="right-as-text"),
        pytest.param([7, 4], Verdict.PARTIAL, {"hw-swapped"}, "The two numbers are in the wrong order: height (rows) first, then width (columns).", id="swapped"),
        pytest.param(
            [3, 6], Verdict.PARTIAL, {"no-plus1"}, "Height: You got 3: (7 + 2·1 − 3) / 2 counts the steps.", id="both-axes-by-one-method"
        ),
        pytest.param([4, 6], Verdict.INCORRECT, set(), "You got (4, 6). No known wrong method", id="one-axis-wrong"),
        pytest.param(4, Verdict.INVALID, set(), "2 numbers were asked for; write them as [3, 4]", id="one-number"),
        pytest.param([4, 7, 1], Verdict.INVALID, set(), "2 numbers were asked for; write them as [3, 4]", id="three-numbers"),
        pytest.param([4, None], Verdict.INVALID, set(), "is not a row of numbers; write them as [3, 4]", id="half-blank"),
    ],
)  # fmt: skip
def test_sizes_as_height_and_width(answer: Any, verdict: Verdict, mistakes: set[str], words: str) -> None:
    grade = mark_one("output-size", RECTANGLE, answer, "output_size")
    assert grade.verdict is verdict
    assert mistakes <= set(grade.mistakes)
    assert bool(mistakes) == bool(grade.mistakes)
    assert words in grade.feedback.en
    assert grade.key == [4, 7]


def test_words_for_two_axes_are_in_the_numbers_of_the_first_axis_that_is_wrong() -> None:
    # Height needs no rounding: only the width is rounded up, (10 + 2·1 − 3) / 2 + 1 = 5.5.
    given = {"input_size": [7, 10], "kernel_size": 3, "stride": 2, "padding": 1}
    grade = mark_one("output-size", given, [4, 6], "output_size")
    assert grade.mistakes[:2] == ("ceil", "nearest")
    assert "(1) Width: You got 6: (10 + 2·1 − 3) / 2 + 1 = 5.5 is rounded down, not up" in grade.feedback.en
    assert "（1）宽：你的答案是 6：(10 + 2·1 − 3) / 2 + 1 = 5.5 应向下取整" in grade.feedback.zh


def test_height_and_width_are_carried_on_together() -> None:
    grade = mark("output-size", RECTANGLE, {"padded_size": [8, 12], "output_size": [3, 6]}).parts[1]
    assert grade.credit == Fraction(3, 4)
    assert "(side of the padded input = (8, 12))" in grade.feedback.en
    swapped = mark("output-size", RECTANGLE, {"padded_size": [12, 8], "output_size": [5, 4]}).parts[1]
    assert told(swapped.verdict, swapped.credit) == (Verdict.INCORRECT, 0)


RIGHT_FORMULAS = [
    "floor((i + 2p - k) / s) + 1", "(i+2*p-k)//s+1", "⌊(i+2p−k)/s⌋+1", "⌊ (i − k + 2·p) ÷ s ⌋ + 1", "o = floor((i+2p-k)/s)+1", "floor((i - k + 2p + s) / s)",
    "(i - k + p + p + s) // s", "1 + (2p + i - k - (2p + i - k) % s) / s", "ceil((i + 2p - k + 1) / s)",
    "O = FLOOR((I + 2P - K) / S) + 1", "（i＋2p－k）// s ＋ 1", "floor((i+2p-k)/s + 1)", "max((i+2p-k)//s + 1, 0)", "floor((i+2(p)-k)/s)+1",
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT_FORMULAS)
def test_any_equal_form_of_the_formula_is_right(text: str) -> None:
    grade = mark_one("size-formula", {}, text)
    assert told(grade.verdict, grade.credit, grade.mistakes) == (Verdict.CORRECT, 1, ())


@pytest.mark.parametrize("name", sorted(wrong_methods.FORMULAS))
def test_the_formula_of_every_wrong_method_is_named(name: str) -> None:
    grade = mark_one("size-formula", {}, wrong_methods.FORMULAS[name])
    assert grade.mistakes == (name,)
    assert grade.credit == exercise("size-formula").mistakes[name].credit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("(i-k+p)/s+1", "pad-once"), ("(i-k+p)//s+1", "pad-once"), ("floor((i+p-k)/s)+1", "pad-once"), ("⌊(p+i−k)÷s⌋+1", "pad-once"),
        ("(i-k)/s+1", "pad-ignored"), ("(i-k)//s+1+2p", "pad-after"), ("(i+2p-k)/s", "no-plus1"), ("(i+2p-k+1)/s", "plus1-inside"),
        ("(i+2p-k)/(s+1)+1", "stride-is-gap"), ("(i+2p)/s", "kernel-ignored"), ("1+i-k+2p", "stride-ignored"), ("-((k-i-2p)//s)+1", "ceil"),
    ],
)  # fmt: skip
def test_a_wrong_formula_is_named_whether_it_rounds_or_not(text: str, name: str) -> None:
    assert mark_one("size-formula", {}, text).mistakes == (name,)


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        pytest.param("floor((i + 2p - k) / s) + 2", "i = 1, k = 1, s = 1, p = 0", "2", id="one-too-many"),
        pytest.param("i", "i = 1, k = 1, s = 1, p = 1", "1", id="one-name"),
        pytest.param("3", "i = 1, k = 1, s = 1, p = 0", "3", id="a-number"),
        pytest.param("i / (s - 1)", "i = 1, k = 1, s = 1, p = 0", "no number (it divides by zero)", id="divides-by-zero"),
        pytest.param("i / (i - i)", "i = 1, k = 1, s = 1, p = 0", "no number (it divides by zero)", id="always-divides-by-zero"),
    ],
)
def test_an_unknown_formula_is_shown_a_point_where_it_is_wrong(text: str, point: str, value: str) -> None:
    grade = mark_one("size-formula", {}, text)
    assert told(grade.verdict, grade.credit, grade.mistakes) == (Verdict.INCORRECT, 0, ())
    assert f"with {point} it gives {value}, and the layer does not." in grade.feedback.en
    assert point.replace(", ", "，") in grade.feedback.zh


@pytest.mark.parametrize(
    "text", ["__import__('os')", "9" * 12, "i**i", "(" * 90 + "i" + ")" * 90, "i" + "*999999999" * 19, "i%0", "min(i,k" * 20, "floor(" * 28 + "i" + ")" * 28]
)
def test_a_hostile_formula_is_graded_like_any_other(text: str) -> None:
    grade = mark_one("size-formula", {}, text)
    assert grade.verdict in (Verdict.INCORRECT, Verdict.INVALID)
    assert grade.credit == 0


def test_a_formula_that_is_right_at_the_usual_points_only_is_wrong() -> None:
    # Right wherever the padded input is longer than the kernel by a stride; wrong at the edges.
    for text in ("floor((i + 2p - k) / s) + min(1, i - 1)", "max(floor((i + 2p - k) / s) + 1, 2)"):
        assert mark_one("size-formula", {}, text).verdict is Verdict.INCORRECT


def test_the_key_never_stands_in_the_words() -> None:
    for answer in range(90, 120):
        grade: PartGrade = mark_one("one-window", {"input": [[9, 0], [0, 9]], "kernel": [[3, 0], [0, 4]]}, answer)
        assert "63" not in grade.feedback.en + grade.feedback.zh
