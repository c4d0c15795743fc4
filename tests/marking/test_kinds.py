"""Shapes, choices and numbers: how they are read, what they earn, and what is said. The exercises are those of tests/kinds."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.course.fitness import close
from grader.course.part import Option, Part
from grader.documents import NumberText
from grader.marking.answer import Reading
from grader.marking.option import share
from grader.marking.reading import read_part
from grader.marking.record import PartGrade, Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.text import Text
from tests.kinds import kinds_course

AXES = ("N", "C", "H", "W")
SHAPE = Part(id="shape", kind="shape", weight=Fraction(1), axes=(AXES, ("C", "H", "W")))
OPTIONS = (
    Option("vertical-edges", Text("finds vertical edges", "检测竖直边缘")),
    Option("blur", Text("blurs, so that noise is less", "模糊，减少噪声")),
    Option("kernel_size", Text("kernel_size is too large", "卷积核过大")),
    Option("do-nothing", Text("leaves all as it is.", "保持不变。")),
)
CHOICE = Part(id="choice", kind="choice", weight=Fraction(1), options=OPTIONS)
CHOICES = replace(CHOICE, kind="choices")
NUMBER = Part(id="number", kind="number", weight=Fraction(1))

KEY = (1, 8, 6, 6)


def read(part: Part, raw: Any, key: Any = KEY) -> Reading:
    return read_part(part, key, raw)


# Reading


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param([1, 8, 6, 6], KEY, id="list"),
        pytest.param("[1, 8, 6, 6]", KEY, id="brackets"),
        pytest.param("(1, 8, 6, 6)", KEY, id="round"),
        pytest.param("1×8×6×6", KEY, id="times"),
        pytest.param("1x8x6x6", KEY, id="x"),
        pytest.param("1X8 X 6*6", KEY, id="mixed-signs"),
        pytest.param("1 8 6 6", KEY, id="spaces"),
        pytest.param("1，8，6，6", KEY, id="chinese-commas"),
        pytest.param("１、８、６、６", KEY, id="full-width-digits"),
        pytest.param("torch.Size([1, 8, 6, 6])", KEY, id="torch-print"),
        pytest.param("1, 8, 6, 6,", KEY, id="comma-at-the-end"),
        pytest.param(["1", "8", NumberText("6.0"), 6], KEY, id="texts"),
        pytest.param({"N": 1, "C": 8, "H": 6, "W": 6}, KEY, id="by-name"),
        pytest.param({"W": "6", "h": 6, "C": 8, "n": "1"}, KEY, id="by-name-in-any-order-and-case"),
        pytest.param({"N:1": None, "C:8": None, "H:6": None, "W:6": None}, KEY, id="by-name-without-spaces-in-yaml"),
        pytest.param("N=1, C=8, H=6, W=6", KEY, id="by-name-as-text"),
        pytest.param("{N: 1, C: 8, H: 6, W: 6}", KEY, id="mapping-as-text"),
        pytest.param([1, 8, None, 6], (1, 8, None, 6), id="blank-axis"),
        pytest.param("1, 8, _, 6", (1, 8, None, 6), id="blank-axis-as-text"),
        pytest.param({"N": 1, "C": 8, "W": 6}, (1, 8, None, 6), id="axis-left-out"),
        pytest.param(8, (8,), id="one-number"),
        pytest.param("1, 8, 6.5, 6", (1, 8, Decimal("6.5"), 6), id="decimal"),
        pytest.param([8, 6, 6], (8, 6, 6), id="one-axis-fewer"),
    ],
)
def test_an_accepted_shape(raw: Any, value: tuple[Any, ...]) -> None:
    found = read(SHAPE, raw)
    assert found.problem is None
    assert found.value == value


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param("a lot", "'a lot' is not a shape; write one whole number for each axis [N, C, H, W]", id="words"),
        pytest.param("[1, 8, six, 6]", "'[1, 8, six, 6]' is not a shape; write one whole number for each axis [N, C, H, W]", id="word-inside"),
        pytest.param([[1, 8, 6, 6]], "'[… 1 …]' is not a shape; write one whole number for each axis [N, C, H, W]", id="list-in-a-list"),
        pytest.param(True, "'true' is not a shape; write one whole number for each axis [N, C, H, W]", id="truth"),
        pytest.param({"N": 1, "K": 8}, "'K' is no axis here, or is there twice; the axes are N, C, H, W", id="unknown-axis"),
        pytest.param({"N": 1, "n": 8}, "'n' is no axis here, or is there twice; the axes are N, C, H, W", id="axis-twice"),
        pytest.param("N=1, N=2", "'N=1, N=2' is not a shape; write one whole number for each axis [N, C, H, W]", id="axis-twice-as-text"),
        pytest.param({"N": [1]}, "'N: [1]' is not a shape; write one whole number for each axis [N, C, H, W]", id="list-for-an-axis"),
        pytest.param("9 " * 20_000, "the answer has more than 20000 characters; write only what was asked", id="flood"),
    ],
)
def test_no_shape(raw: Any, message: str) -> None:
    found = read(SHAPE, raw)
    assert found.value is None and found.problem is not None
    assert found.problem.en == message


@pytest.mark.parametrize("raw", [None, "", [], "[]", [None, None], {"N": None, "C": None}, "_ _ _ _"])
def test_a_blank_shape(raw: Any) -> None:
    assert read(SHAPE, raw).blank


@pytest.mark.parametrize(
    ("raw", "chosen"),
    [
        pytest.param("blur", "blur", id="id"),
        pytest.param("Vertical Edges", "vertical-edges", id="spaces-for-hyphens"),
        pytest.param("VERTICAL_EDGES", "vertical-edges", id="underscores-for-hyphens"),
        pytest.param("kernel size", "kernel_size", id="space-for-an-underscore"),
        pytest.param("b", "blur", id="letter"),
        pytest.param("B)", "blur", id="capital-with-bracket"),
        pytest.param("(b)", "blur", id="in-brackets"),
        pytest.param("ｂ．", "blur", id="full-width"),
        pytest.param("2", "blur", id="number-as-text"),
        pytest.param(2, "blur", id="number"),
        pytest.param(["b"], "blur", id="list-of-one"),
        pytest.param("blurs, so that noise is less", "blur", id="english-words-with-a-comma"),
        pytest.param("模糊，减少噪声", "blur", id="chinese-words-with-a-comma"),
        pytest.param("leaves all as it is", "do-nothing", id="words-without-their-full-stop"),
    ],
)
def test_an_accepted_choice(raw: Any, chosen: str) -> None:
    found = read(CHOICE, raw, "blur")
    assert (found.value, found.problem) == (chosen, None)
    both = read(CHOICES, raw, frozenset())
    assert (both.value, both.problem) == (frozenset({chosen}), None)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param("e", "'e' is none of the options; write the letter of one: a, b, c, d", id="letter-too-far"),
        pytest.param("5", "'5' is none of the options; write the letter of one: a, b, c, d", id="number-too-far"),
        pytest.param(0, "'0' is none of the options; write the letter of one: a, b, c, d", id="zero"),
        pytest.param("none", "'none' is none of the options; write the letter of one: a, b, c, d", id="none"),
        pytest.param("I do not know", "'I do not know' is none of the options; write the letter of one: a, b, c, d", id="words"),
        pytest.param("a, b", "one option was asked for, and you chose a, b; write one letter", id="two-letters"),
        pytest.param("BA", "one option was asked for, and you chose a, b; write one letter", id="two-letters-in-a-row"),
        pytest.param(["blur", "c"], "one option was asked for, and you chose b, c; write one letter", id="list-of-two"),
        pytest.param(True, "'true' is none of the options; write the letter of one: a, b, c, d", id="truth"),
        pytest.param([["b"]], "'[… 1 …]' is none of the options; write the letter of one: a, b, c, d", id="nested"),
        pytest.param({"b": None}, "names with colons stand where an answer was expected; write the answer itself", id="mapping"),
    ],
)
def test_no_choice(raw: Any, message: str) -> None:
    found = read(CHOICE, raw, "blur")
    assert found.value is None and found.problem is not None
    assert found.problem.en == message


@pytest.mark.parametrize(
    ("raw", "chosen"),
    [
        pytest.param(["a", "c"], {"vertical-edges", "kernel_size"}, id="list"),
        pytest.param("a, c", {"vertical-edges", "kernel_size"}, id="commas"),
        pytest.param("a c", {"vertical-edges", "kernel_size"}, id="spaces"),
        pytest.param("a、c", {"vertical-edges", "kernel_size"}, id="chinese-comma"),
        pytest.param("a；c", {"vertical-edges", "kernel_size"}, id="chinese-semicolon"),
        pytest.param("[a, c]", {"vertical-edges", "kernel_size"}, id="brackets"),
        pytest.param("AC", {"vertical-edges", "kernel_size"}, id="letters-in-a-row"),
        pytest.param("a and c", {"vertical-edges", "kernel_size"}, id="and"),
        pytest.param("1, 3", {"vertical-edges", "kernel_size"}, id="numbers"),
        pytest.param([1, 3], {"vertical-edges", "kernel_size"}, id="list-of-numbers"),
        pytest.param("vertical edges, kernel_size", {"vertical-edges", "kernel_size"}, id="ids-with-spaces"),
        pytest.param("a, a, A", {"vertical-edges"}, id="each-once"),
        pytest.param("a\nc\n", {"vertical-edges", "kernel_size"}, id="lines"),
        pytest.param("none", set(), id="none"),
        pytest.param("None of them", set(), id="none-in-words"),
        pytest.param("无", set(), id="none-in-chinese"),
        pytest.param(["none"], set(), id="list-of-none"),
    ],
)
def test_accepted_choices(raw: Any, chosen: set[str]) -> None:
    found = read(CHOICES, raw, frozenset())
    assert (found.value, found.problem) == (frozenset(chosen), None)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("a, e", "e", id="one-unknown"),
        pytest.param("none, a", "none, a", id="none-and-another"),
        pytest.param("aa", "aa", id="letter-twice-in-a-row"),
        pytest.param("all", "all", id="all"),
        pytest.param(["a", ["b"]], "[… 1 …]", id="nested"),
    ],
)
def test_no_choices(raw: Any, shown: str) -> None:
    found = read(CHOICES, raw, frozenset())
    assert found.value is None and found.problem is not None
    assert found.problem.en == f"'{shown}' is none of the options; write the letters of those you choose, from a, b, c, d, or none"


@pytest.mark.parametrize("part", [CHOICE, CHOICES], ids=["choice", "choices"])
@pytest.mark.parametrize("raw", [None, "", " ", [], "[]", [None], [""]])
def test_nothing_chosen_is_blank_and_not_none(part: Part, raw: Any) -> None:
    assert read(part, raw, frozenset()).blank


def test_a_number_names_no_option_whose_words_are_a_number() -> None:
    sizes = tuple(Option(f"size-{words}", Text(words, words)) for words in ("3", "1", "2"))
    assert read(replace(CHOICE, options=sizes), "1", "size-1").value == "size-1"
    assert read(replace(CHOICE, options=sizes), "b", "size-1").value == "size-1"
    assert read(replace(CHOICE, options=sizes), "4", "size-1").problem is not None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("1/9", Fraction(1, 9), id="fraction"),
        pytest.param("2/18", Fraction(1, 9), id="fraction-not-in-lowest-terms"),
        pytest.param("0.5", Decimal("0.5"), id="decimal"),
        pytest.param("2.50", Decimal("2.5"), id="decimal-with-zero"),
        pytest.param(NumberText("0.1"), Decimal("0.1"), id="json-decimal"),
        pytest.param("-3", -3, id="integer"),
    ],
)
def test_an_accepted_number(raw: Any, value: Any) -> None:
    assert read(NUMBER, raw, Fraction(1, 9)).value == value


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param("50%", "'50%' is a percentage; write it as a decimal or a fraction", id="percent"),
        pytest.param("５０％", "'５０％' is a percentage; write it as a decimal or a fraction", id="percent-full-width"),
        pytest.param("half", "'half' is not one number; write it in digits, as 3, 0.5 or 1/9", id="word"),
        pytest.param("nan", "'nan' is not one number; write it in digits, as 3, 0.5 or 1/9", id="nan"),
        pytest.param("inf", "'inf' is not one number; write it in digits, as 3, 0.5 or 1/9", id="inf"),
        pytest.param([1, 2], "'[… 2 …]' is not one number; write it in digits, as 3, 0.5 or 1/9", id="list"),
        pytest.param({"a": 1}, "names with colons stand where an answer was expected; write the answer itself", id="mapping"),
    ],
)
def test_no_number(raw: Any, message: str) -> None:
    found = read(NUMBER, raw, Fraction(1, 9))
    assert found.value is None and found.problem is not None
    assert found.problem.en == message


# Marking

LAYER = {"input_shape": [2, 4, 8, 9], "out_channels": 6, "kernel_size": 3, "padding": None, "groups": 2}  # (2, 6, 6, 7), (6, 2, 3, 3)
EFFECT = {"options": ["blur", "vertical-edges", "nothing-at-all", "horizontal-edges"], "kernel": [[1, 0, -1], [2, 0, -2], [1, 0, -1]]}  # b
FACTS = {"statements": ["stride-shrinks", "pooling-learns", "padding-grows", "bias-per-weight"]}  # a and c
NO_FACTS = {"statements": ["pooling-learns", "bias-per-weight"]}  # none
MEAN = {"window": [1, 2, 3, 10], "kernel_size": 3}  # 4, 1/9, √12.5 = 3.5355339…


def grade(exercise: str, values: dict[str, Any], part: str, answer: Any) -> PartGrade:
    variant = variant_of(kinds_course().exercises[exercise], values)
    return next(found for found in grade_slot(variant, {part: answer}).parts if found.part == part)


@pytest.mark.parametrize(
    ("answer", "verdict", "credit", "mistakes", "words"),
    [
        pytest.param([2, 6, 6, 7], "correct", 1, (), "Right.", id="right"),
        pytest.param("6×6×7", "partial", Fraction(1, 2), ("batch-lost",), "You got (6, 6, 7): the batch is missing", id="mistake-of-another-length"),
        pytest.param("2 6 7 6", "partial", Fraction(1, 2), ("hw-swapped",), "You got (2, 6, 7, 6): height comes first", id="mistake-before-axes"),
        pytest.param([2, 6, 6, 9], "partial", Fraction(3, 4), (), "N, C and H are right; look at W again.", id="three-of-four"),
        pytest.param([2, 6, 1, 1], "partial", Fraction(1, 2), (), "N and C are right; look at H and W again.", id="half"),
        pytest.param([2, 6, None, None], "partial", Fraction(1, 2), (), "N and C are right; look at H and W again.", id="half-left-blank"),
        pytest.param([2, 1, 1, 1], "incorrect", 0, (), "1 of 4 axes are right, and no known wrong method gives this shape.", id="one-of-four"),
        pytest.param([9, 9, 9, 9], "incorrect", 0, (), "No axis is right, and no known wrong method gives this shape.", id="none-of-four"),
        pytest.param([6, 7], "incorrect", 0, (), "You gave 2 axes, and there are 4: [N, C, H, W].", id="too-few-axes"),
        pytest.param([1, 2, 6, 6, 7], "incorrect", 0, (), "You gave 5 axes, and there are 4: [N, C, H, W].", id="too-many-axes"),
        pytest.param(6, "incorrect", 0, (), "You gave one number, and there are 4 axes: [N, C, H, W].", id="one-number"),
        pytest.param("x?!", "invalid", 0, (), "This cannot be read as an answer: 'x?!' is not a shape", id="no-shape"),
        pytest.param(None, "blank", 0, (), "Nothing was filled in here.", id="blank"),
    ],
)
def test_a_shape(answer: Any, verdict: str, credit: Fraction, mistakes: tuple[str, ...], words: str) -> None:
    found = grade("layer", LAYER, "output_shape", answer)
    assert (str(found.verdict), found.credit, found.mistakes) == (verdict, credit, mistakes)
    assert found.feedback.en.startswith(words)
    assert found.key == [2, 6, 6, 7]


def test_a_shape_without_a_batch_has_other_axes() -> None:
    values = {**LAYER, "input_shape": [4, 8, 9]}
    assert grade("layer", values, "output_shape", {"C": 6, "H": 6, "W": 7}).verdict is Verdict.CORRECT
    assert grade("layer", values, "output_shape", {"N": 1, "C": 6, "H": 6, "W": 7}).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("answer", "verdict", "credit", "mistakes", "words"),
    [
        pytest.param("b", "correct", 1, (), "Right.", id="right"),
        pytest.param("d", "partial", Fraction(1, 4), ("h-v-swapped",), "You chose “finds horizontal edges”. Along which axis", id="mistake"),
        pytest.param("c", "incorrect", 0, ("zero-sum-is-nothing",), "You chose “leaves everything as it is”. A sum of zero", id="mistake-worth-nothing"),
        pytest.param("a", "incorrect", 0, (), "You chose “blurs, so that noise is less”. That is not it", id="unexplained"),
        pytest.param("sharpen", "invalid", 0, (), "This cannot be read as an answer: 'sharpen' is none of the options", id="not-shown-on-this-variant"),
        pytest.param("a b", "invalid", 0, (), "This cannot be read as an answer: one option was asked for", id="two"),
        pytest.param("", "blank", 0, (), "Nothing was filled in here.", id="blank"),
    ],
)
def test_a_choice(answer: Any, verdict: str, credit: Fraction, mistakes: tuple[str, ...], words: str) -> None:
    found = grade("effect", EFFECT, "effect", answer)
    assert (str(found.verdict), found.credit, found.mistakes) == (verdict, credit, mistakes)
    assert found.feedback.en.startswith(words)
    assert found.key == "vertical-edges"


@pytest.mark.parametrize(
    ("values", "answer", "verdict", "credit", "words"),
    [
        pytest.param(FACTS, "a c", "correct", 1, "Right.", id="right"),
        pytest.param(FACTS, ["padding-grows", "a"], "correct", 1, "Right.", id="right-in-any-order"),
        pytest.param(FACTS, "a", "partial", Fraction(1, 2), "1 of the 1 you chose are right. A right one is missing.", id="one-missing"),
        pytest.param(
            FACTS, "abc", "partial", Fraction(1, 2), "2 of the 3 you chose are right. Look again at “A pooling layer learns weights.”", id="one-too-many"
        ),
        pytest.param(FACTS, "ab", "incorrect", 0, "1 of the 2 you chose are right.", id="one-right-one-wrong"),
        pytest.param(FACTS, "bd", "incorrect", 0, "0 of the 2 you chose are right.", id="never-below-nothing"),
        pytest.param(FACTS, "none", "incorrect", 0, "You chose none of them. A right one is missing.", id="none"),
        pytest.param(FACTS, "abcd", "incorrect", 0, "You chose “A larger stride", id="mistake-before-counting"),
        pytest.param(FACTS, [], "blank", 0, "Nothing was filled in here.", id="blank"),
        pytest.param(NO_FACTS, "none", "correct", 1, "Right.", id="none-is-right"),
        pytest.param(NO_FACTS, "a", "incorrect", 0, "0 of the 1 you chose are right.", id="none-was-right"),
        pytest.param(NO_FACTS, "", "blank", 0, "Nothing was filled in here.", id="blank-is-not-none"),
    ],
)
def test_choices(values: dict[str, Any], answer: Any, verdict: str, credit: Fraction, words: str) -> None:
    found = grade("facts", values, "true_ones", answer)
    assert (str(found.verdict), found.credit) == (verdict, credit)
    assert found.feedback.en.startswith(words)


SETS = st.frozensets(st.sampled_from("abcdef"))


@given(SETS, SETS)
def test_the_share_of_a_set(answer: frozenset[str], key: frozenset[str]) -> None:
    # Counted option by option, as a second way beside set arithmetic.
    found = share(answer, key)
    assert (found == 1) == (answer == key)
    if key:
        marks = sum(1 if name in key else -1 for name in answer)
        assert found == max(Fraction(0), Fraction(marks, len(key)))
    for name in key - answer:
        assert share(answer | {name}, key) >= found
    for name in answer - key:
        assert share(answer - {name}, key) >= found


@pytest.mark.parametrize(
    ("part", "answer", "verdict", "words"),
    [
        pytest.param("mean", "4.0", "correct", "Right.", id="whole"),
        pytest.param("mean", 16, "partial", "You got 16: divide", id="mistake"),
        pytest.param("mean", "5", "incorrect", "You got 5. No known wrong method", id="unexplained"),
        pytest.param("weight", "1/9", "correct", "Right.", id="fraction"),
        pytest.param("weight", "2/18", "correct", "Right.", id="fraction-not-in-lowest-terms"),
        pytest.param("weight", "0.111", "incorrect", "0.111 is rounded, and an exact number is asked for.", id="rounded-is-not-exact"),
        pytest.param("weight", "0.333", "partial", "You got 0.333: a kernel of side 3", id="rounded-mistake-is-recognised"),
        pytest.param("weight", "11%", "invalid", "This cannot be read as an answer: '11%' is a percentage", id="percent"),
        pytest.param("deviation", "3.54", "correct", "Right.", id="within-the-tolerance"),
        pytest.param("deviation", "3.5355339059327378", "correct", "Right.", id="many-digits"),
        pytest.param("deviation", "3.5405", "correct", "Right.", id="just-within"),
        pytest.param("deviation", "3.541", "incorrect", "You got 3.541.", id="just-outside"),
        pytest.param("deviation", "3.530", "incorrect", "You got 3.530.", id="just-outside-below"),
        pytest.param("deviation", "7.07", "partial", "You got 7.07: divide", id="mistake-within-the-tolerance"),
        pytest.param("deviation", "nan", "invalid", "This cannot be read as an answer: 'nan' is not one number", id="nan"),
        pytest.param("deviation", None, "blank", "Nothing was filled in here.", id="blank"),
    ],
)
def test_a_number(part: str, answer: Any, verdict: str, words: str) -> None:
    found = grade("mean", MEAN, part, answer)
    assert str(found.verdict) == verdict, found.feedback.en
    assert found.feedback.en.startswith(words)


@pytest.mark.parametrize("strange", [float("nan"), float("inf"), float("-inf"), None, "3", True, [3], Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_close_to_nothing(strange: Any) -> None:
    assert not close(strange, 3, Fraction(10**6))
    assert not close(3, strange, Fraction(10**6))
    assert not close(strange, strange, Fraction(10**6))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6), st.integers(-200, 200))
def test_close_is_a_distance(key: float, steps: int) -> None:
    tolerance = Fraction(1, 200)
    answer = Fraction(key) + Fraction(steps, 20_000)
    assert close(answer, key, tolerance) == (abs(steps) <= 100) == close(key, answer, tolerance)


# Whatever is typed ends in a verdict with words.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["N", "C", "H", "W", "N:1"]), inner, max_size=5),
    max_leaves=12,
)
NEARLY = st.lists(
    st.sampled_from([*"abcdeACD1230９×x*[](){},;，、；：:=/.%_-− \n\t", "none", "无", "N", "W", "torch.Size", "blur", "and", "1e99", "\u200b", "²", "½"]),
    max_size=14,
).map("".join)
PARTS = [
    ("layer", LAYER, "output_shape"),
    ("effect", EFFECT, "effect"),
    ("facts", FACTS, "true_ones"),
    ("facts", NO_FACTS, "true_ones"),
    ("mean", MEAN, "weight"),
    ("mean", MEAN, "deviation"),
]


@pytest.mark.parametrize(("exercise", "values", "part"), PARTS, ids=[f"{part}-{number}" for number, (_, _, part) in enumerate(PARTS)])
@given(answer=JSON | NEARLY)
@example(answer={"N": {"N": 1}})
@example(answer="(" * 300)
@example(answer=["a"] * 5000)
@example(answer=[[[[[[[[1]]]]]]]])
@example(answer="\ud800")
@example(answer=10**400)
@example(answer="none none")
def test_whatever_is_typed_ends_in_a_verdict_with_words(exercise: str, values: dict[str, Any], part: str, answer: Any) -> None:
    found = grade(exercise, values, part, answer)
    assert found.verdict is not Verdict.UNGRADED, (answer, found.feedback.en)
    assert 0 <= found.credit <= 1
    assert (found.credit == 1) == (found.verdict is Verdict.CORRECT)
    assert found.verdict is not Verdict.INVALID or found.credit == 0
    assert found.feedback.en.strip() and any("\u4e00" <= c <= "\u9fff" for c in found.feedback.zh)
    for text in (found.feedback.en, found.feedback.zh, found.read_as or ""):
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text), ascii(text)
