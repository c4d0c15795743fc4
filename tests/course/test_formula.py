"""Formulas as students write them: every equal form is right, nothing else is a formula."""

from __future__ import annotations

import ast
import builtins
import math
import sys
import warnings
from collections.abc import Callable
from fractions import Fraction
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.formula import MAX_LENGTH, Formula, FormulaError, compile_formula, values_at

NAMES = ("i", "k", "s", "p")
ORDER = ("i", "k", "s", "p")
POINTS = tuple((i, k, s, p) for i in range(1, 9) for k in range(1, 5) for s in range(1, 5) for p in range(3) if k <= i + 2 * p)
RIGHT = tuple((i + 2 * p - k) // s + 1 for i, k, s, p in POINTS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("floor((i + 2*p - k) / s) + 1", id="torch"),
        pytest.param("(i+2*p-k)//s+1", id="python"),
        pytest.param("⌊(i+2p-k)/s⌋+1", id="brackets-of-mathematics"),
        pytest.param("⌊(i − k + 2p) ÷ s⌋ + 1", id="minus-and-division-signs"),
        pytest.param("O = ⌊(I − K + 2P)/S⌋ + 1", id="capital-letters"),
        pytest.param("o = floor((i + 2 × p − k) / s) + 1", id="times-sign"),
        pytest.param("output_size = (i + p·2 - k) // s + 1", id="middle-dot"),
        pytest.param("（ｉ＋２ｐ－ｋ）／／ｓ＋１", id="full-width"),
        pytest.param("1 + floor[(i + 2p - k)/s]", id="square-brackets"),
        pytest.param("floor((i - k + 2p + s) / s)", id="d2l"),
        pytest.param("(i - k + p + p + s) // s", id="d2l-python"),
        pytest.param("ceil((i + 2p - k + 1) / s)", id="ceil-form-of-tensorflow"),
        pytest.param("⌈(i + 2p - k + 1) / s⌉", id="ceil-brackets"),
        pytest.param("(k - i - 2p) // -s + 1", id="signs-turned-twice"),
        pytest.param("(i + 2p - k - (i + 2p - k) % s) / s + 1", id="remainder-taken-off"),
        pytest.param("max(1, (i + 2p - k) // s + 1)", id="max-that-never-shows"),
        pytest.param("floor((i+2(p)-k)/s)+1", id="number-before-a-bracket"),
        pytest.param("floor((i + 2p\n - k) / s)\n + 1", id="over-lines"),
        pytest.param("+floor((i + 2 p - k) / s) + 1", id="plus-in-front"),
        pytest.param("\\left\\lfloor \\frac{i + 2p - k}{s} \\right\\rfloor + 1", id="latex"),
        pytest.param("$\\lfloor\\dfrac{i-k+2\\cdot p}{s}\\rfloor+1$", id="latex-in-dollars"),
        pytest.param("输出 = ⌊（i＋2p－k）÷s⌋＋1", id="chinese-left-side"),
        pytest.param("输出边长：(i + 2p - k) // s + 1", id="chinese-colon"),
    ],
)
def test_equal_forms_are_right_everywhere(text: str) -> None:
    assert values_at(text, ORDER, POINTS) == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(i + 2p - k) / s + 1", id="not-rounded"),
        pytest.param("ceil((i + 2p - k) / s) + 1", id="rounded-up"),
        pytest.param("(i + p - k) // s + 1", id="padding-once"),
        pytest.param("(i + 2p - k + 1) // s", id="one-inside"),
        pytest.param("i + 2p - k // s + 1", id="brackets-forgotten"),
    ],
)
def test_other_formulas_differ_somewhere(text: str) -> None:
    assert values_at(text, ORDER, POINTS) != RIGHT


def test_values_are_exact_rationals() -> None:
    assert values_at("i / s + 1 / 3", ORDER, ((7, 1, 2, 0),)) == (Fraction(23, 6),)


def test_a_division_by_zero_has_no_value_at_that_point_only() -> None:
    assert values_at("i / p", ORDER, ((6, 1, 1, 0), (6, 1, 1, 2))) == (None, 3)
    assert values_at("i // p + i % p", ORDER, ((6, 1, 1, 0),)) == (None,)


def test_capitals_are_told_apart_where_the_names_are() -> None:
    step = compile_formula("I + i", frozenset({"I", "i"}))
    assert step({"I": 10, "i": 1}) == 11


def test_the_points_of_a_key_do_not_make_two_formulas_differ() -> None:
    assert Formula("i", ORDER, ((1, 1, 1, 0),), (1,)) == Formula("i")
    assert Formula("i") != Formula("k")


NOT_A_FORMULA = "this is not a formula in i, k, s, p with + - * / // % floor ceil min max and brackets"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", NOT_A_FORMULA, id="empty"),
        pytest.param("o =", NOT_A_FORMULA, id="nothing-after-equals"),
        pytest.param("I do not know", NOT_A_FORMULA, id="words"),
        pytest.param("n + 1", "'n' is no name of this question; use i, k, s, p", id="other-letter"),
        pytest.param("w" * 30, f"'{'w' * 20}' is no name of this question; use i, k, s, p", id="long-name-is-cut"),
        pytest.param("i²", NOT_A_FORMULA, id="square"),
        pytest.param("i ** 2", NOT_A_FORMULA, id="power"),
        pytest.param("9 ** 9 ** 9 ** 9", NOT_A_FORMULA, id="tower-of-powers"),
        pytest.param("i ^ 2", NOT_A_FORMULA, id="caret"),
        pytest.param("i << 9999", NOT_A_FORMULA, id="shift"),
        pytest.param("i.real", NOT_A_FORMULA, id="attribute"),
        pytest.param("().__class__.__bases__", NOT_A_FORMULA, id="dunder"),
        pytest.param("__import__('os').system('true')", NOT_A_FORMULA, id="import"),
        pytest.param("print(i)", NOT_A_FORMULA, id="call"),
        pytest.param("i(k)", NOT_A_FORMULA, id="name-as-a-function"),
        pytest.param("floor(i, k)", NOT_A_FORMULA, id="floor-of-two"),
        pytest.param("min(i)", NOT_A_FORMULA, id="min-of-one"),
        pytest.param("min(*i, k)", NOT_A_FORMULA, id="star"),
        pytest.param("max(i, k, key=s)", NOT_A_FORMULA, id="keyword"),
        pytest.param("floor", "'floor' is no name of this question; use i, k, s, p", id="function-as-a-name"),
        pytest.param("lambda: i", NOT_A_FORMULA, id="lambda"),
        pytest.param("i if k else s", NOT_A_FORMULA, id="conditional"),
        pytest.param("i and k", NOT_A_FORMULA, id="and"),
        pytest.param("i < k", NOT_A_FORMULA, id="comparison"),
        pytest.param("o == i", NOT_A_FORMULA, id="double-equals"),
        pytest.param("i, k", NOT_A_FORMULA, id="two-values"),
        pytest.param("'i'", NOT_A_FORMULA, id="string"),
        pytest.param("'\\d'", NOT_A_FORMULA, id="string-python-warns-of"),
        pytest.param("i # because", NOT_A_FORMULA, id="comment"),
        pytest.param("i + 0.5", NOT_A_FORMULA, id="decimal"),
        pytest.param("1e9", "'e9' is no name of this question; use i, k, s, p", id="exponent"),
        pytest.param("\x00", NOT_A_FORMULA, id="nul"),
        pytest.param("\ud800", NOT_A_FORMULA, id="surrogate"),
        pytest.param("(" * 200, NOT_A_FORMULA, id="brackets-left-open"),
        pytest.param("⑴" * 200, NOT_A_FORMULA, id="brackets-that-grow"),
        pytest.param("1000000000", "a number in the formula is too large", id="ten-digits"),
        pytest.param("9" * 200, "a number in the formula is too large", id="200-digits"),
        pytest.param("i" * 201, "a formula has at most 200 characters here", id="too-long"),
    ],
)
def test_what_is_no_formula(text: str, message: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FormulaError) as caught:
            compile_formula(text, NAMES)
    assert caught.value.text.en == message
    assert caught.value.text.zh


@pytest.mark.parametrize(
    "text", [pytest.param("-" * 199 + "i", id="minus"), pytest.param("i" + "+1" * 99, id="plus"), pytest.param("⌊" * 99 + "i" + "⌋" * 99, id="floor")]
)
def test_the_deepest_formulas_within_the_length_compute(text: str) -> None:
    assert values_at(text, ORDER, ((7, 1, 1, 0),)) == (eval(text.replace("⌊", "(").replace("⌋", ")"), {"i": 7}),)  # noqa: S307


def test_the_largest_product_within_the_length_is_computed() -> None:
    text = "*".join(["999999999"] * 20)
    assert len(text) <= MAX_LENGTH
    assert values_at(text, ORDER, ((1, 1, 1, 0),)) == (999_999_999**20,)


# What a text may cost, counted in lines of Python that run, which no busy machine changes.

MAX_STEPS = 60_000  # a formula of 200 characters at one point takes far less
MAX_BITS = 30 * MAX_LENGTH  # nine digits are 30 bits; no operation makes more bits than those of its operands together


class _Budget(Exception):
    """More lines ran than a text may cost."""


def _steps(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs; stops it beyond twice the budget, so that a text that never ends fails too."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count > 2 * MAX_STEPS:
                raise _Budget
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except FormulaError:
        pass
    finally:
        sys.settrace(before)
    return count


COSTLY = [
    pytest.param("9" * MAX_LENGTH, id="digits"),
    pytest.param("*".join(["999999999"] * 20), id="products"),
    pytest.param("9**" * 66 + "9", id="powers"),
    pytest.param("(" * 100 + "i" + ")" * 99, id="brackets"),
    pytest.param("((i*i)*(i*i))" + "*((i*i)*(i*i))" * 13, id="squares-of-squares"),
    pytest.param("max(" * 39 + "i" + ",i)" * 14, id="nested-calls"),
    pytest.param("1/" * 99 + "i", id="fractions"),
    pytest.param("/".join(["999999999", "999999998"] * 10), id="fractions-that-grow"),
    pytest.param("⑴" * MAX_LENGTH, id="characters-that-grow"),
    pytest.param("ﷺ" * MAX_LENGTH, id="one-character-that-is-eighteen"),
    pytest.param("[" * 100 + "i" + "]" * 99, id="gauss-brackets"),
    pytest.param("=" * MAX_LENGTH, id="equals"),
    pytest.param("o=" * 100, id="names-and-equals"),
    pytest.param("2" + " " * 198 + "p", id="spaces"),
    pytest.param("math." * 40, id="prefixes"),
    pytest.param("-" * 199 + "i", id="signs"),
]


@pytest.mark.parametrize("text", COSTLY)
def test_no_text_costs_more_than_its_length_allows(text: str) -> None:
    assert _steps(lambda: values_at.__wrapped__(text, ORDER, ((9, 5, 3, 1),))) < MAX_STEPS


def test_the_count_sees_work() -> None:
    assert _steps(lambda: [values_at.__wrapped__("(i+2p-k)//s+1", ORDER, POINTS) for _ in range(2)]) > 1000
    with pytest.raises(_Budget):
        _steps(lambda: [None for _ in iter(lambda: [0 for _ in range(9)], None)])


PIECES = [
    *"iksp 0123456789+-*/%()[],=⌊⌋⌈⌉×÷−",
    "floor(",
    "ceil(",
    "max(",
    "min(",
    "//",
    "999999999",
    "**",
    "math.",
    "\\lfloor",
    "\\frac{",
    "}{",
    "}",
    "输出 =",
    "⑴",
    "ﷺ",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=150).map(lambda pieces: "".join(pieces)[:MAX_LENGTH]))
def test_fuzzed_texts_stay_within_the_budget_and_their_values_small(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _steps(lambda: values_at.__wrapped__(text, ORDER, ((9, 5, 3, 1),))) < MAX_STEPS
        try:
            (value,) = values_at.__wrapped__(text, ORDER, ((9, 5, 3, 1),))
        except FormulaError:
            return
    if value is not None:
        assert max(Fraction(value).numerator.bit_length(), Fraction(value).denominator.bit_length()) <= MAX_BITS


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["i", "k", "s", "p", "9", "999999999"]),
        lambda inner: st.tuples(inner, st.sampled_from("*/+-%"), inner).map("({0[0]}{0[1]}{0[2]})".format),
    )
)
def test_deep_formulas_stay_small(text: str) -> None:
    if len(text) <= MAX_LENGTH:
        (value,) = values_at(text, ORDER, ((9, 5, 3, 1),))
        assert value is None or max(Fraction(value).numerator.bit_length(), Fraction(value).denominator.bit_length()) <= MAX_BITS


def test_nothing_a_student_types_reaches_an_evaluator(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ast.parse` compiles to a tree only: with `eval` and `exec` gone, formulas are read as before."""

    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("a formula was run")

    for name in ("eval", "exec"):
        monkeypatch.setattr(builtins, name, never)
    try:
        assert values_at.__wrapped__("floor((i + 2p - k) / s) + 1", ORDER, POINTS) == RIGHT
        for text in ("__import__('os').system('true')", "exec('i')", "eval('i')", "(lambda: i)()", "[i for i in (1,)]", "i.__class__", "f'{i}'", "(i := 2)"):
            with pytest.raises(FormulaError):
                compile_formula(text, NAMES)
    finally:
        monkeypatch.undo()


# Every equal form is right: the right formula, rewritten by laws of arithmetic.

_REWRITES = [
    lambda f, t: f"({f}) + ({t}) - ({t})",
    lambda f, t: f"({t}) + ({f}) - ({t})",
    lambda f, t: f"1 * ({f})",
    lambda f, t: f"-(-({f}))",
    lambda f, t: f"({f}) / 1",
    lambda f, t: f"floor({f})",
    lambda f, t: f"ceil({f})",
    lambda f, t: f"max({f}, {f})",
    lambda f, t: f"min({f}, {f} + 1)",
    lambda f, t: f"({f}) * 6 / 6",
    lambda f, t: f"({f}) * s // s",
]
_CORES = ["(i+2p-k)//s+1", "floor((i-k+2*p+s)/s)", "⌊(i+2p−k)÷s⌋+1", "ceil((i+2p-k+1)/s)", "1-(k-i-2p)/s-((i+2p-k)%s)/s"]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(_CORES), st.lists(st.tuples(st.sampled_from(_REWRITES), st.sampled_from(["i", "k", "2p", "s", "7"])), max_size=4))
def test_every_rewriting_of_the_right_formula_is_right(core: str, steps: list[tuple[Callable[[str, str], str], str]]) -> None:
    text = core
    for rewrite, term in steps:
        text = rewrite(text, term)
    if len(text) <= MAX_LENGTH:
        assert values_at(text, ORDER, POINTS) == RIGHT, text


# A second opinion: Python with `fractions`, over generated formulas.


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(lambda t: f"({' '.join(t)})"),
        st.tuples(st.sampled_from(["floor", "ceil", "-", "+"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    )


FORMULAS = st.recursive(st.sampled_from(["i", "k", "s", "p", "1", "2", "13"]), _joined, max_leaves=8)


@settings(max_examples=500)
@given(FORMULAS, st.tuples(*[st.integers(0, 30)] * 4))
def test_agrees_with_python(text: str, point: tuple[int, ...]) -> None:
    if len(text) > MAX_LENGTH:
        return
    names = {name: Fraction(value) for name, value in zip(ORDER, point, strict=True)}
    functions = {"floor": lambda x: Fraction(math.floor(x)), "ceil": lambda x: Fraction(math.ceil(x)), "min": min, "max": max, "Fraction": Fraction}
    exact = ast.unparse(_Exact().visit(ast.parse(text, mode="eval")))
    try:
        expected = eval(exact, {"__builtins__": {}, **functions}, names)  # noqa: S307
    except ZeroDivisionError:
        expected = None
    assert values_at(text, ORDER, (point,)) == (expected,)


class _Exact(ast.NodeTransformer):
    """Every integer as a Fraction, so that Python divides exactly."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Call(ast.Name("Fraction"), [node], [])


@settings(max_examples=1000)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=60),
        st.lists(st.sampled_from([*"iksp 0123456789+-*/%()[]⌊⌋⌈⌉×÷−=.,'\"\\#\n⑴½²", "floor(", "max(", "**", "lambda", "if ", "__"]), max_size=40).map("".join),
    )
)
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = values_at(text, ORDER, POINTS[:3])
        except FormulaError as error:
            assert error.text.en and error.text.zh
        else:
            assert all(value is None or isinstance(value, (int, Fraction)) for value in found)
