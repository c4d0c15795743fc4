"""How an answer is read: every accepted form and every refused one."""

from __future__ import annotations

import string
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.course.formula import Formula
from grader.documents import NumberText
from grader.marking.answer import MAX_CELLS, MAX_TEXT, Reading, read, text_of
from grader.marking.number import number

NAMES = ("i", "k", "s", "p")
KINDS = ("integer", "vector", "array", "formula")

ACCEPTED_NUMBERS = [
    pytest.param("3", 3, id="digit"),
    pytest.param("+3", 3, id="plus"),
    pytest.param("-3", -3, id="minus"),
    pytest.param("−3", -3, id="minus-u2212"),
    pytest.param("–3", -3, id="en-dash-as-editors-make-of-minus"),
    pytest.param("‐3", -3, id="hyphen-u2010"),
    pytest.param("－3", -3, id="full-width-minus"),
    pytest.param("  3 \t\n", 3, id="spaces"),
    pytest.param("\u30003\u00a0", 3, id="wide-and-no-break-space"),
    pytest.param("３", 3, id="full-width"),
    pytest.param("１２．５", Decimal("12.5"), id="full-width-decimal"),
    pytest.param("3\u200b", 3, id="zero-width-space-from-a-page"),
    pytest.param("\ufeff3", 3, id="byte-order-mark"),
    pytest.param("007", 7, id="zeros-in-front"),
    pytest.param("-0", 0, id="minus-zero"),
    pytest.param("3.0", 3, id="three-point-zero"),
    pytest.param("3.", 3, id="point-without-digits"),
    pytest.param(".5", Decimal("0.5"), id="digits-after-point-only"),
    pytest.param("3.5", Decimal("3.5"), id="decimal"),
    pytest.param("-3.50", Decimal("-3.5"), id="decimal-with-zero"),
    pytest.param("1.0000e+01", 10, id="torch-float-print"),
    pytest.param("1.5e1", 15, id="exponent"),
    pytest.param("tensor(27)", 27, id="torch-scalar"),
    pytest.param("tensor(27.)", 27, id="torch-float-scalar"),
    pytest.param("tensor(27, dtype=torch.int32)", 27, id="torch-scalar-with-its-dtype"),
    pytest.param("torch.tensor(-2.5000)", Decimal("-2.5"), id="torch-scalar-as-typed"),
    pytest.param("np.float64(5.0)", 5, id="numpy-scalar"),
    pytest.param("np.int64(-3)", -3, id="numpy-whole-scalar"),
    pytest.param("array(27)", 27, id="numpy-array-without-axes"),
    pytest.param("6/2", 3, id="ratio-that-is-whole"),
    pytest.param("7/2", Fraction(7, 2), id="ratio"),
    pytest.param("-7 / 2", Fraction(-7, 2), id="ratio-with-spaces"),
    pytest.param("0/5", 0, id="zero-ratio"),
    pytest.param("9" * 40, 10**40 - 1, id="forty-digits"),
    pytest.param(3, 3, id="json-int"),
    pytest.param(3.0, 3, id="python-float"),
    pytest.param(2.5, Decimal("2.5"), id="python-float-half"),
    pytest.param(NumberText("3.0"), 3, id="json-decimal"),
    pytest.param(NumberText("3e0"), 3, id="json-exponent"),
]
REFUSED_NUMBERS = [
    pytest.param("true", id="true"), pytest.param(True, id="json-true"), pytest.param(False, id="json-false"), pytest.param("yes", id="yes"),
    pytest.param("0x3", id="hexadecimal"), pytest.param("0b11", id="binary"), pytest.param("1_000", id="underscore"), pytest.param("3,0", id="comma"),
    pytest.param("1,000", id="thousands"), pytest.param("1 000", id="space-inside"), pytest.param("nan", id="nan"), pytest.param("NaN", id="NaN"),
    pytest.param("inf", id="inf"), pytest.param("-Infinity", id="minus-infinity"), pytest.param("1e400", id="1e400"), pytest.param("1e99", id="1e99"),
    pytest.param("1" * 50, id="fifty-digits"), pytest.param(10**50, id="fifty-digits-int"), pytest.param("0." + "1" * 50, id="fifty-decimals"),
    pytest.param("3²", id="superscript"), pytest.param("³", id="superscript-alone"), pytest.param("½", id="half-sign"), pytest.param("①", id="circled"),
    pytest.param("٣", id="arabic-digit"), pytest.param("三", id="chinese-digit"), pytest.param("three", id="word"), pytest.param("1+2", id="sum"),
    pytest.param("2*3", id="product"), pytest.param("(3)", id="brackets"), pytest.param("--3", id="two-signs"), pytest.param("+-3", id="both-signs"),
    pytest.param("3-", id="sign-behind"), pytest.param("- 3", id="sign-apart"), pytest.param("3.5.1", id="two-points"), pytest.param("1/0", id="by-zero"),
    pytest.param("1/2/3", id="two-bars"), pytest.param("1.5/2", id="decimal-ratio"), pytest.param("3 px", id="unit"), pytest.param("=3", id="spreadsheet"),
    pytest.param("3×3", id="three-by-three"), pytest.param("e5", id="exponent-alone"), pytest.param("j", id="imaginary"), pytest.param("3j", id="complex"),
    pytest.param(float("nan"), id="python-nan"), pytest.param(float("inf"), id="python-inf"), pytest.param([3], id="list-of-one"),
    pytest.param([3, 3], id="list"), pytest.param("[3]", id="list-text"), pytest.param([[3]], id="table-of-one"), pytest.param({"a": 3}, id="mapping"),
    pytest.param("3\n4", id="two-lines"), pytest.param("3\x00", id="nul"), pytest.param("__import__('os')", id="python"),
    pytest.param("tensor(nan)", id="torch-nan"), pytest.param("tensor(1+2)", id="torch-sum"), pytest.param("tensor(tensor(3))", id="torch-in-torch"),
    pytest.param("print(3)", id="call"), pytest.param("tensor(3", id="torch-cut-off"), pytest.param("tensor()", id="torch-empty"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), ACCEPTED_NUMBERS)
def test_an_accepted_number(raw: Any, value: Any) -> None:
    found = read("integer", raw)
    assert found.problem is None
    assert found.value == value
    assert type(found.value) is type(value)
    assert found.shown == text_of(found.value)


@pytest.mark.parametrize("raw", REFUSED_NUMBERS)
def test_a_refused_number(raw: Any) -> None:
    assert number(raw) is None
    found = read("integer", raw)
    # A table of several numbers is kept as one: "the products, not added" is recognised in it. It never equals a number.
    assert found.problem is not None or isinstance(found.value, list)
    assert not found.blank


@pytest.mark.parametrize("raw", [None, "", "   ", "\t\n", "\u3000", "\u200b", "\ufeff", []])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_blank_in_every_kind(kind: str, raw: Any) -> None:
    assert read(kind, raw, NAMES).blank


VECTORS = [
    pytest.param([3, 4], (3, 4), id="list"), pytest.param("3 4", (3, 4), id="spaces"), pytest.param("3,4", (3, 4), id="comma"),
    pytest.param("3，4", (3, 4), id="chinese-comma"), pytest.param("[3, 4]", (3, 4), id="brackets"), pytest.param("(3, 4)", (3, 4), id="round"),
    pytest.param("［3，4］", (3, 4), id="full-width-brackets"), pytest.param("3×4", (3, 4), id="times"), pytest.param("3 x 4", (3, 4), id="x"),
    pytest.param("torch.Size([3, 4])", (3, 4), id="torch-size"), pytest.param(["3", " 4.0"], (3, 4), id="texts"), pytest.param(3, (3,), id="one-number"),
    pytest.param("3\n4", (3, 4), id="lines"), pytest.param([3, "7/2"], (3, Fraction(7, 2)), id="ratio"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), VECTORS)
def test_an_accepted_vector(raw: Any, value: tuple[Any, ...]) -> None:
    assert read("vector", raw).value == value


@pytest.mark.parametrize("raw", ["3 and 4", [3, None], [3, True], [[3, 4]], True, "3, nan", {"h": 3}, ["3 4"], "a"])
def test_a_refused_vector(raw: Any) -> None:
    found = read("vector", raw)
    assert found.value is None
    assert found.problem is not None


# The forms of a whole table stand in test_laws.py, where each is also marked; here stand the odd ones.
TABLES = [
    pytest.param("1 2\n3 4", [[1, 2], [3, 4]], id="rows"),
    pytest.param("1 _\n3 4", [[1, None], [3, 4]], id="blank-underscore"),
    pytest.param("1 ?\n- …", [[1, None], [None, None]], id="blank-other-signs"),
    pytest.param("1,,3\n,5,6", [[1, None, 3], [None, 5, 6]], id="blank-between-commas"),
    pytest.param("1, 2, \n3, 4, 5", [[1, 2, None], [3, 4, 5]], id="blank-after-the-last-comma"),
    pytest.param("1, 2,\n3, 4,", [[1, 2], [3, 4]], id="commas-that-only-end-rows"),
    pytest.param("[[1, 2, ], [3, 4, 5]]", [[1, 2, None], [3, 4, 5]], id="blank-before-a-bracket"),
    pytest.param("[[1, , 3], [4, 5, 6]]", [[1, None, 3], [4, 5, 6]], id="blank-in-brackets"),
    pytest.param("[[1, 2], [3, 4],]", [[1, 2], [3, 4]], id="comma-after-the-last-row"),
    pytest.param([[1, None], ["", 4]], [[1, None], [None, 4]], id="null-cells"),
    pytest.param("1 x\n3 4", [[1, "x"], [3, 4]], id="unreadable-cell"),
    pytest.param([[1, True], [3, "0x4"]], [[1, "true"], [3, "0x4"]], id="unreadable-typed-cells"),
    pytest.param([[1, {"a": 2}], [3, 4]], [[1, "dict"], [3, 4]], id="mapping-as-a-cell"),
    pytest.param("1/2 .5\n-1 +2", [[Fraction(1, 2), Decimal("0.5")], [-1, 2]], id="ratios-and-signs"),
    pytest.param("[1 2 3]\n[4 5 6]", [[1, 2, 3], [4, 5, 6]], id="printed-row-by-row"),
    pytest.param("[1 2 3\n 4 5 6]", [[1, 2, 3], [4, 5, 6]], id="one-bracket-round-rows"),
    pytest.param("[1, 2; 3, 4]", [[1, 2], [3, 4]], id="matlab"),
    pytest.param([["1 2"], ["3 4"]], [[1, 2], [3, 4]], id="yaml-without-commas"),
    pytest.param(["1 2", "3 4"], [[1, 2], [3, 4]], id="list-of-rows"),
    pytest.param(["1,2", "3,_"], [[1, 2], [3, None]], id="list-of-comma-rows"),
    pytest.param("Out[12]: array([[1, 2],\n       [3, 4]])", [[1, 2], [3, 4]], id="ipython"),
    pytest.param("tensor([[[[1.]]]])", [[1]], id="torch-4d-of-one"),
    pytest.param("tensor([[[1, 2]], [[3, 4]]])", [[[1, 2]], [[3, 4]]], id="torch-3d-kept-where-an-axis-is-longer-than-1"),
    pytest.param("[[[1, 2], [3, 4]]]", [[[1, 2], [3, 4]]], id="nested-3d-kept"),
    pytest.param("[1, 2]", [1, 2], id="one-axis"),
    pytest.param([1, 2], [1, 2], id="one-axis-list"),
    pytest.param(5, [[5]], id="scalar"),
    pytest.param("5", [[5]], id="scalar-text"),
]
NO_TABLES = [
    pytest.param(
        "[[1, 2], [3]]", "row 1 is 2 long and row 2 is 1; give every row the same number of cells, and write _ for a cell you leave blank", id="ragged"
    ),
    pytest.param(
        [[1], [2], [3, 4]], "row 1 is 1 long and row 3 is 2; give every row the same number of cells, and write _ for a cell you leave blank", id="ragged-list"
    ),
    pytest.param([[[1], [2]], [[3], [4, 5]]], "rows differ in length; give every row the same number of cells", id="ragged-deep"),
    pytest.param("[1, [2, 3]]", "numbers and lists stand side by side; put every row in brackets of its own", id="mixed"),
    pytest.param([[1, 2], 3], "numbers and lists stand side by side; put every row in brackets of its own", id="mixed-list"),
    pytest.param("[[1, 2], [3, 4]", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="unclosed"),
    pytest.param("[1, 2]]", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="closed-twice"),
    pytest.param("][", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="wrong-way-round"),
    pytest.param("see [1, 2]", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="words-before"),
    pytest.param("[1, 2].T", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="code-behind"),
    pytest.param("[1] + [2]", "the brackets do not pair up, or something stands beside them; write rows on lines, or [[…], […]]", id="expression"),
    pytest.param("[" * 9 + "1" + "]" * 9, "brackets are nested more than 6 deep; write rows of numbers", id="deep"),
    pytest.param([[[[[[[1]]]]]]], "brackets are nested more than 6 deep; write rows of numbers", id="deep-list"),
    pytest.param("the picture", "'the picture' holds no numbers; write rows of numbers", id="words"),
    pytest.param(True, "'true' holds no numbers; write rows of numbers", id="true"),
    pytest.param({"row": [1]}, "names with colons stand where an answer was expected; write the answer itself", id="mapping"),
    pytest.param("1 " * 4001, "the answer has more than 4000 numbers; write only what was asked", id="too-many"),
    pytest.param([[1] * 4001], "the answer has more than 4000 numbers; write only what was asked", id="too-many-in-a-list"),
    pytest.param("1" * 20_001, "the answer has more than 20000 characters; write only what was asked", id="too-long"),
    pytest.param([["1" * 10_001] * 2], "the answer has more than 20000 characters; write only what was asked", id="too-long-in-cells"),
]


@pytest.mark.parametrize(("raw", "value"), TABLES)
def test_an_accepted_table(raw: Any, value: Any) -> None:
    found = read("array", raw)
    assert found.problem is None
    assert found.value == value


@pytest.mark.parametrize(("raw", "why"), NO_TABLES)
def test_a_refused_table_says_why(raw: Any, why: str) -> None:
    found = read("array", raw)
    assert found.value is None
    assert found.problem is not None
    assert found.problem.en == why


@pytest.mark.parametrize("raw", ["_ _\n_ _", [[None]], [[]], "[]", "[[], []]", "[[,],[,]]", ["_", ""], "tensor([])"])
def test_a_table_of_blanks_is_blank(raw: Any) -> None:
    assert read("array", raw).blank


@pytest.mark.parametrize(
    "raw",
    ["i + 2p", "⌊(i+2p-k)/s⌋+1", "o = (i - k)//s + 1", "I+P", "[i+2·p−k]÷s", 3, "ceil(i/s)", "min(i, k) % s", "（i＋2p）／s", "floor( (i+2*p-k)/s ) + 1\n"],
)
def test_a_formula(raw: Any) -> None:
    found = read("formula", raw, NAMES)
    assert found.problem is None
    assert found.value == Formula(str(raw).strip())


@pytest.mark.parametrize(
    "raw",
    [
        "i.real", "__import__('os').system('x')", "i if k else s", "lambda: 1", "x + 1", "i ** k", "i + ", "(" * 150, "1e9", "i < k", "'i'",
        "[i for i in s]", "floor()", "floor(i, k)", "min(i)", "max(*[1])", "i; k", "9999999999", "i" * 201, "0x10", True, ["i"], {"i": 1}, "\ud800", "i\x00",
        "floor(i, ndigits=1)", "print(1)", "(i := 3)", "f'{i}'", "i[0]", "i.__class__", "await i", "...", "None", "1_000_000_000_000",
    ],
)  # fmt: skip
def test_a_hostile_formula_is_refused(raw: Any) -> None:
    found = read("formula", raw, NAMES)
    assert found.value is None
    assert found.problem is not None


def test_what_cannot_be_seen_never_reaches_a_sentence() -> None:
    for kind in KINDS:
        found = read(kind, "a\x1b[31m\n::error::b\u202e", NAMES)
        assert found.problem is not None
        for words in (found.problem.en, found.problem.zh):
            assert not set(words) & {"\x1b", "\n", "\u202e"}
            assert "::" not in words


def test_no_reader_is_asked_for_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="no reader for the kind 'picture'"):
        read("picture", "3")


NUMBERISH = st.text(alphabet="0123456789+-−./eE_, ;\t\n[]()xX×²½٣３，；｜…？_nainfruetb", max_size=60)
ANY_TEXT = st.one_of(NUMBERISH, st.text(max_size=40), st.text(alphabet=string.printable, max_size=60))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT, ANY_TEXT.map(NumberText))
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=20)


@given(raw=ANYTHING, kind=st.sampled_from(KINDS))
@example(raw="﷽" * 1000, kind="array")
@example(raw="[," * 5000, kind="array")
@example(raw="\ud800", kind="array")
@example(raw=[["\ud800"]], kind="array")
@example(raw="'\\d'", kind="formula")
def test_nothing_that_json_or_yaml_can_hold_makes_a_reader_fail(raw: Any, kind: str) -> None:
    found = read(kind, raw, NAMES)
    assert isinstance(found, Reading)
    assert (found.value is None) or (found.problem is None)
    if found.value is not None:
        assert found.shown is not None
        found.shown.encode()  # no half of a surrogate pair


@given(st.integers(min_value=-(10**39), max_value=10**39), st.integers(min_value=1, max_value=10**9))
def test_a_number_is_read_exactly(top: int, bottom: int) -> None:
    assert number(str(top)) == top
    assert number(f"{top}/{bottom}") == Fraction(top, bottom)
    tenths = number(f"{top}.7")
    assert isinstance(tenths, Decimal)
    assert Fraction(tenths) == top + (Fraction(7, 10) if not str(top).startswith("-") else Fraction(-7, 10))


def test_limits_are_far_above_what_an_exercise_asks() -> None:
    table = [[1234567] * 30 for _ in range(30)]
    assert read("array", "\n".join(" ".join(map(str, row)) for row in table)).value == table
    assert MAX_CELLS >= 30 * 30
    assert MAX_TEXT >= 30 * 30 * 8
