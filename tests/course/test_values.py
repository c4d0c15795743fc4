"""Given and answers on their way between YAML, Python and torch."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
import torch
from torch import Tensor

from grader.course.formula import Formula
from grader.course.parameter import ANNOTATIONS, Parameter, parameters
from grader.course.values import MAX_CELLS, MAX_SIZE, MAX_VALUE, GivenError, Size, cells, describe, pair, plain, shape, to_json
from grader.documents import NumberText


def reference(array: Tensor, size: Size, number: int = 3, mode: str = "zeros") -> None: ...


ARRAY, SIZE, NUMBER, MODE = parameters(reference)


def test_parameters_are_read_off_the_annotations() -> None:
    assert (Parameter("array", "array", True), Parameter("size", "size", True)) == (ARRAY, SIZE)
    assert (Parameter("number", "integer", False, 3), Parameter("mode", "text", False, "zeros")) == (NUMBER, MODE)


def test_an_argument_without_a_known_annotation_is_refused() -> None:
    def unannotated(stride): ...  # type: ignore[no-untyped-def]

    def floating(stride: float) -> None: ...

    for function in (unannotated, floating):
        with pytest.raises(GivenError, match=re.escape(f"argument 'stride' has no known annotation; {ANNOTATIONS}")):
            parameters(function)


@pytest.mark.parametrize(
    ("parameter", "raw", "expected"),
    [
        pytest.param(SIZE, 3, 3, id="one-size"),
        pytest.param(SIZE, [2, 3], (2, 3), id="size-per-axis"),
        pytest.param(SIZE, -1, -1, id="negative-is-for-torch-to-refuse"),
        pytest.param(NUMBER, MAX_SIZE, MAX_SIZE, id="largest-size"),
        pytest.param(MODE, "reflect", "reflect", id="text"),
    ],
)
def test_read(parameter: Parameter, raw: Any, expected: Any) -> None:
    assert parameter.read(raw) == expected


def test_arrays_become_int64_tensors() -> None:
    tensor = ARRAY.read([[1, -2], [MAX_VALUE, 0]])
    assert tensor.dtype == torch.int64
    assert tensor.tolist() == [[1, -2], [MAX_VALUE, 0]]


@pytest.mark.parametrize(
    ("parameter", "raw", "message"),
    [
        pytest.param(SIZE, "3", "size: expected an int, got '3'; remove the quotes", id="quoted"),
        pytest.param(SIZE, "three", "size: expected an int, got 'three'; write a whole number", id="word"),
        pytest.param(SIZE, NumberText("3.0"), "size: expected an int, got 3.0; write a whole number", id="decimal"),
        pytest.param(SIZE, True, "size: expected an int, got True; write a whole number", id="bool"),
        pytest.param(SIZE, None, "size: expected an int, got nothing; write a whole number", id="nothing"),
        pytest.param(SIZE, {"h": 1}, "size: expected an int, got a mapping of 1; write a whole number", id="mapping"),
        pytest.param(SIZE, [1], "size: expected an int or [H, W], got a list of 1; give two ints", id="one-axis"),
        pytest.param(SIZE, [1, 2, 3], "size: expected an int or [H, W], got a list of 3; give two ints", id="three-axes"),
        pytest.param(SIZE, [1, "2"], "size[1]: expected an int, got '2'; remove the quotes", id="quoted-in-a-pair"),
        pytest.param(SIZE, MAX_SIZE + 1, "size: 1000001 is beyond ±1000000; give a smaller number", id="too-large"),
        pytest.param(SIZE, -(10**60), f"size: -1{'0' * 28} is beyond ±1000000; give a smaller number", id="far-too-small-is-cut"),
        pytest.param(NUMBER, [1, 2], "number: expected an int, got a list of 2; write a whole number", id="pair-for-a-number"),
        pytest.param(MODE, 3, "mode: expected text, got 3; put it in quotes", id="number-for-text"),
        pytest.param(ARRAY, 3, "array: expected rows of numbers, got 3; write [[…], […]]", id="number-for-an-array"),
        pytest.param(ARRAY, [], "array: expected rows of numbers, got a list of 0; write [[…], […]]", id="empty-array"),
        pytest.param(ARRAY, [[1, 2], [3]], "array: rows differ in length; give every row the same number of values", id="ragged"),
        pytest.param(ARRAY, [[1], 2], "array: rows differ in length; give every row the same number of values", id="row-and-number"),
        pytest.param(ARRAY, [[1, "2"]], "array[0][1]: expected an int, got '2'; remove the quotes", id="quoted-cell"),
        pytest.param(ARRAY, [[1, True]], "array[0][1]: expected an int, got True; write a whole number", id="bool-cell"),
        pytest.param(ARRAY, [[1, None]], "array[0][1]: expected an int, got nothing; write a whole number", id="blank-cell"),
        pytest.param(ARRAY, [[NumberText("1.5")]], "array[0][0]: expected an int, got 1.5; write a whole number", id="decimal-cell"),
        pytest.param(ARRAY, [[MAX_VALUE + 1]], "array[0][0]: 1048577 is beyond ±1048576; give a smaller number", id="cell-too-large"),
        pytest.param(ARRAY, [[-MAX_VALUE - 1]], "array[0][0]: -1048577 is beyond ±1048576; give a smaller number", id="cell-too-small"),
        pytest.param(ARRAY, [[[[[[1]]]]]], "array[0][0][0][0][0]: nested more than 5 deep; write [H][W] or [C][H][W]", id="six-deep"),
        pytest.param(ARRAY, [[0] * 201] * 200, "array: more than 40000 cells; give a smaller array", id="too-many-cells"),
    ],
)
def test_read_refused(parameter: Parameter, raw: Any, message: str) -> None:
    with pytest.raises(GivenError) as caught:
        parameter.read(raw)
    assert str(caught.value) == message


def test_no_sum_of_allowed_values_leaves_int64() -> None:
    # The largest sum any rule makes: all cells of the matrix product of two square arrays as large as allowed.
    side = 200
    assert side * side == MAX_CELLS
    assert side**3 * MAX_VALUE**2 < 2**63
    full = ARRAY.read([[MAX_VALUE] * side] * side)
    assert int((full @ full).sum()) == side**3 * MAX_VALUE**2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3, 3, id="int"),
        pytest.param(Fraction(6, 2), 3, id="whole-fraction"),
        pytest.param(Fraction(7, 2), Fraction(7, 2), id="fraction"),
        pytest.param((Fraction(4, 2), 3), (2, 3), id="vector"),
        pytest.param([[Fraction(4, 2)]], [[2]], id="array-of-fractions"),
        pytest.param(torch.tensor([[1, 2]]), [[1, 2]], id="tensor"),
        pytest.param("reflect", "reflect", id="text"),
        pytest.param(Formula("i"), Formula("i"), id="formula"),
    ],
)
def test_plain(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(True, "a solution returned a bool; return an int", id="bool"),
        pytest.param(1.5, "a solution returned a float; return ints, Fractions, tuples, Tensors or a Formula", id="float"),
        pytest.param(None, "a solution returned a NoneType; return ints, Fractions, tuples, Tensors or a Formula", id="none"),
    ],
)
def test_plain_refused(value: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        plain(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        pytest.param([[1, 2, 3], [4, 5, 6]], (2, 3), id="rows"),
        pytest.param([[[1], [2]]], (1, 2, 1), id="channels"),
        pytest.param([1, 2], (2,), id="row"),
        pytest.param(5, (), id="number"),
        pytest.param([], (0,), id="empty"),
        pytest.param([[], []], (2, 0), id="empty-rows"),
        pytest.param([[1], [2, 3]], None, id="ragged"),
        pytest.param([[1], 2], None, id="row-and-number"),
        pytest.param([[[1]], [[1, 2]]], None, id="ragged-inside"),
    ],
)
def test_shape(array: Any, expected: tuple[int, ...] | None) -> None:
    assert shape(array) == expected


def test_cells_come_in_reading_order() -> None:
    assert cells([[1, 2], [3, 4]]) == [1, 2, 3, 4]
    assert cells(7) == [7]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(Fraction(7, 2), "7/2", id="fraction"),
        pytest.param((2, 3), [2, 3], id="vector"),
        pytest.param([[Fraction(1, 9), 2]], [["1/9", 2]], id="array"),
        pytest.param(Formula("i + 1"), "i + 1", id="formula"),
        pytest.param(3, 3, id="int"),
        pytest.param(None, None, id="none"),
    ],
)
def test_to_json(value: Any, expected: Any) -> None:
    assert to_json(value) == expected


def test_pair() -> None:
    assert (pair(3), pair((2, 3))) == ((3, 3), (2, 3))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(None, "nothing", id="none"),
        pytest.param("2", "'2'", id="text"),
        pytest.param("x" * 99, f"'{'x' * 40}'", id="long-text-is-cut"),
        pytest.param(NumberText("1.5"), "1.5", id="decimal"),
        pytest.param(10**60, "1" + "0" * 39, id="long-number-is-cut"),
        pytest.param([1, 2], "a list of 2", id="list"),
        pytest.param({}, "a mapping of 0", id="mapping"),
    ],
)
def test_describe(raw: Any, expected: str) -> None:
    assert describe(raw) == expected
