"""The language of `where`, bounds and prompts: what it computes, and that nothing else gets in."""

from __future__ import annotations

import ast
import warnings
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.course.expressions import MAX_LENGTH, ExpressionError, parse

NAMES = {"i": 7, "k": 3, "s": 2, "p": 0}
ALLOWED = "use names, integers, + - * / // %, min, max, comparisons, and, or, not"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("i", 7, id="name"),
        pytest.param("42", 42, id="integer"),
        pytest.param("i + 2 * p - k", 4, id="precedence"),
        pytest.param("(i + 1) * -k", -24, id="brackets-and-minus"),
        pytest.param("-i // s", -4, id="floor-of-a-negative"),
        pytest.param("-i % s", 1, id="remainder-of-a-negative"),
        pytest.param("i / s", Fraction(7, 2), id="exact-division"),
        pytest.param("6 / k", Fraction(2), id="exact-whole-division"),
        pytest.param("min(i, k, s)", 2, id="min"),
        pytest.param("max(i, max(k, 9))", 9, id="max-in-max"),
        pytest.param("k < i", True, id="less"),
        pytest.param("p <= s < k <= 3", True, id="chain"),
        pytest.param("s < k > 5", False, id="chain-broken"),
        pytest.param("i == 7 and k != 3", False, id="and"),
        pytest.param("i == 8 or k == 3", True, id="or"),
        pytest.param("not k > i", True, id="not"),
        pytest.param("p > 0 and i / p > 1", False, id="and-stops-early"),
        pytest.param("p == 0 or i / p > 1", True, id="or-stops-early"),
        pytest.param("  i+1  ", 8, id="spaces-around"),
    ],
)
def test_value(text: str, expected: Any) -> None:
    value = parse(text)(NAMES)
    assert value == expected
    assert type(value) is type(expected)


def test_the_names_it_uses_are_known() -> None:
    assert parse("min(i, 2 * k) < s + s").names == {"i", "k", "s"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("i.real", id="attribute"),
        pytest.param("i.__class__.__mro__", id="dunder"),
        pytest.param("i[0]", id="index"),
        pytest.param("i()", id="call"),
        pytest.param("abs(i)", id="builtin"),
        pytest.param("__import__('os')", id="import"),
        pytest.param("min(i)", id="min-of-one"),
        pytest.param("min(*i, k)", id="star"),
        pytest.param("min(i, k, key=s)", id="keyword"),
        pytest.param("min.x(i, k)", id="method"),
        pytest.param("'text'", id="string"),
        pytest.param('f"{i}"', id="f-string"),
        pytest.param("b'x'", id="bytes"),
        pytest.param("1.5", id="decimal"),
        pytest.param("1e3", id="exponent"),
        pytest.param("1j", id="imaginary"),
        pytest.param("0x10", id="hexadecimal"),
        pytest.param("1_000", id="underscore-in-a-number"),
        pytest.param("True", id="true"),
        pytest.param("None", id="none"),
        pytest.param("...", id="ellipsis"),
        pytest.param("i ** 2", id="power"),
        pytest.param("i @ k", id="matmul"),
        pytest.param("i << 2", id="shift"),
        pytest.param("i & k", id="bit-and"),
        pytest.param("~i", id="bit-not"),
        pytest.param("+i", id="unary-plus"),
        pytest.param("i is k", id="is"),
        pytest.param("i in k", id="in"),
        pytest.param("(n := 3)", id="walrus"),
        pytest.param("lambda: i", id="lambda"),
        pytest.param("i if k else s", id="conditional"),
        pytest.param("[i]", id="list"),
        pytest.param("(i, k)", id="tuple"),
        pytest.param("{i}", id="set"),
        pytest.param("[n for n in i]", id="comprehension"),
        pytest.param("await i", id="await"),
        pytest.param("i = 3", id="assignment"),
        pytest.param("i; k", id="two-statements"),
        pytest.param("i\nk", id="two-lines"),
        pytest.param("i # why", id="comment"),
        pytest.param("i +", id="unfinished"),
        pytest.param("", id="empty"),
        pytest.param("\x00", id="nul"),
        pytest.param("\ud800", id="surrogate"),
        pytest.param("(" * 150 + "i" + ")" * 150 + ".x", id="deep-brackets"),
        pytest.param("(" * 199, id="brackets-left-open"),
        pytest.param("i" + ".a" * 199, id="deep-attributes"),
        pytest.param("f(" * 99 + "i" + ")" * 99, id="deep-calls"),
        pytest.param("'\\d'", id="string-python-warns-of"),
        pytest.param("1if i else 2", id="number-python-warns-of"),
    ],
)
def test_refused(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing of ours writes to standard error
        with pytest.raises(ExpressionError, match="use names, integers"):
            parse(text)


def test_refusals_say_what_and_how() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("i + k ** 2")
    assert str(caught.value) == f"'k ** 2' is not allowed in 'i + k ** 2'; {ALLOWED}"
    with pytest.raises(ExpressionError) as caught:
        parse("i +")
    assert str(caught.value) == f"'i +' is not an expression; {ALLOWED}"


def test_length_is_bounded() -> None:
    assert parse("i".ljust(MAX_LENGTH))(NAMES) == 7
    with pytest.raises(ExpressionError, match="an expression has at most 400 characters"):
        parse("i".ljust(MAX_LENGTH + 1))


@pytest.mark.parametrize(
    "text", [pytest.param("-" * 399 + "1", id="minus"), pytest.param("1" + "+1" * 199, id="plus"), pytest.param("not " * 99 + "1", id="not")]
)
def test_the_deepest_expressions_within_the_length_compute(text: str) -> None:
    assert parse(text)({}) == eval(text)  # noqa: S307


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("i + q", "'i + q' uses 'q', which has no value here", id="missing-name"),
        pytest.param("i / p", "'i / p' divides by zero", id="division"),
        pytest.param("i % p", "'i % p' divides by zero", id="remainder"),
        pytest.param("i + array", "'i + array' calculates with something that is no number", id="list"),
        pytest.param("i < array", "'i < array' calculates with something that is no number", id="compared-with-a-list"),
    ],
)
def test_what_cannot_be_computed(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)({**NAMES, "array": [[1]]})
    assert str(caught.value) == message


# A second opinion: Python itself, over generated expressions of the language. (Python's `and` and `or` give one of
# their sides; ours a truth value. Between conditions, where exercises use them, that is the same.)


def _numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(lambda t: f"({' '.join(t)})"),
        st.tuples(st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        inner.map(lambda t: f"-{t}"),
    )


NUMBERS = st.recursive(st.sampled_from(["a", "b", "c"]) | st.integers(0, 12).map(str), _numbers, max_leaves=6)
COMPARISONS = st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS), min_size=1, max_size=3)
CONDITIONS = st.recursive(
    st.tuples(NUMBERS, COMPARISONS).map(lambda t: f"({t[0]} {' '.join(f'{sign} {number}' for sign, number in t[1])})"),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from([" and ", " or "]), st.lists(inner, min_size=2, max_size=3)).map(lambda t: f"({t[0].join(t[1])})"),
        inner.map(lambda t: f"(not {t})"),
    ),
    max_leaves=4,
)


@settings(max_examples=500)
@given(NUMBERS | CONDITIONS, st.fixed_dictionaries({name: st.integers(-9, 9) for name in "abc"}))
def test_agrees_with_python(text: str, names: dict[str, int]) -> None:
    assume(len(text) <= MAX_LENGTH)
    try:
        expected = eval(text, {"__builtins__": {}, "min": min, "max": max}, dict(names))  # noqa: S307
    except ZeroDivisionError:
        # Ours looks at every side of a chained comparison, Python's stops at the first that fails: never the other way round.
        with pytest.raises(ExpressionError, match="divides by zero"):
            parse(text)(names)
        return
    try:
        value = parse(text)(names)
    except ExpressionError as error:
        assert str(error) == f"'{text}' divides by zero"
        assert text.count("<") + text.count(">") + text.count("=") > 1
    else:
        assert value == expected
        assert type(value) is type(expected)


@settings(max_examples=500)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from([*"abi01+-*/%()[]{}<>=!.,:'\"\\#\n ", "and ", "not ", "min(", "lambda", "if "]), max_size=25).map("".join),
    )
)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            expression = parse(text)
        except ExpressionError:
            return
    assert expression.names <= {node.id for node in ast.walk(ast.parse(text.strip())) if isinstance(node, ast.Name)}
