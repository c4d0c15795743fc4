"""Laws of marking over thousands of drawn variants: no wrong zero, no wrong full mark, every wrong method recognised."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from grader.course.values import cells, shape
from grader.marking.answer import read
from grader.marking.record import PartGrade, Verdict
from grader.marking.slot import grade_slot, variant_of

from . import wrong_methods
from .sheets import EXERCISES, as_json, drawn, exercise, mark

COUNT = {"one-window": 300, "conv-array": 150, "output-size-basic": 400, "conv-stride": 200, "conv-padding": 150, "output-size": 900, "size-formula": 1}
ARRAYS = ("conv-array", "conv-stride", "conv-padding")
# The draw of the shipped `output-size` keeps to luckless sizes; these add what an instructor may pin.
PINNED_SIZES = [
    {"input_size": i, "kernel_size": k, "stride": s, "padding": p}
    for i in ([4, 7], [9, 5], 6, 11)
    for k in (1, 2, 3, [3, 2])
    for s in (1, 2, 3, [2, 3])
    for p in (0, 1, 2, [0, 2])
]

Form = Callable[[Any], Any]


def spaced(table: list[list[Any]]) -> str:
    return "\n".join("  ".join(map(str, row)) for row in table)


def numpy_print(table: list[list[Any]]) -> str:
    width = max(len(str(cell)) for row in table for cell in row)
    rows = ["[" + " ".join(str(cell).rjust(width) for cell in row) + "]" for row in table]
    return "[" + "\n ".join(rows) + "]"


def torch_print(table: list[list[Any]], axes: int = 0, suffix: str = "") -> str:
    rows = ["[" + ", ".join(map(str, row)) + "]" for row in table]
    return "tensor([" + "[" * axes + (",\n" + " " * (8 + axes)).join(rows) + "]" * axes + "]" + suffix + ")"


TABLE_FORMS: dict[str, Form] = {
    "nested-lists": lambda table: table,
    "nested-texts": lambda table: [[str(cell) for cell in row] for row in table],
    "python-print": str,
    "rows-with-spaces": spaced,
    "rows-with-commas": lambda table: "\n".join(", ".join(map(str, row)) for row in table),
    "rows-with-trailing-commas": lambda table: "\n".join("".join(f"{cell}, " for cell in row) for row in table),
    "rows-with-semicolons": lambda table: "\n".join(";".join(map(str, row)) for row in table),
    "rows-with-tabs": lambda table: "\n".join("\t".join(map(str, row)) for row in table),
    "rows-ended-by-windows": lambda table: spaced(table).replace("\n", "\r\n") + "\r\n",
    "rows-with-empty-lines": lambda table: "\n" + spaced(table).replace("\n", "\n\n") + "\n\n",
    "list-of-row-texts": lambda table: spaced(table).split("\n"),
    "list-of-one-text-lists": lambda table: [[row] for row in spaced(table).split("\n")],
    "rows-each-in-brackets": lambda table: "\n".join(str(row) for row in table),
    "rows-in-brackets-with-commas": lambda table: ", ".join(str(row) for row in table),
    "matlab": lambda table: "[" + "; ".join(" ".join(map(str, row)) for row in table) + "]",
    "numpy-print": numpy_print,
    "numpy-repr": lambda table: "array(" + numpy_print(table).replace(" [", "       [").replace("]\n", "],\n") + ")",
    "torch-print": torch_print,
    "torch-print-4d": lambda table: torch_print(table, axes=2),
    "torch-print-dtype": lambda table: torch_print(table, suffix=", dtype=torch.int32"),
    "torch-print-gradient": lambda table: torch_print(table, axes=2, suffix=", dtype=torch.float64,\n       grad_fn=<ConvolutionBackward0>"),
    "torch-print-floats": lambda table: torch_print([[f"{cell}." for cell in row] for row in table]),
    "assigned": lambda table: "out = " + str(table),
    "floats": lambda table: [[f"{cell}.0" for cell in row] for row in table],
    "minus-sign-u2212": lambda table: spaced(table).replace("-", "−"),
    "full-width": lambda table: spaced(table).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-+"}),
    "chinese-commas": lambda table: "\n".join("，".join(map(str, row)) for row in table),
    "no-break-spaces": lambda table: spaced(table).replace(" ", "\u00a0"),
    "copied-from-a-page": lambda table: "\ufeff" + spaced(table).replace("  ", " \u200b "),
}
NUMBER_FORMS: dict[str, Form] = {
    "int": lambda n: n,
    "text": str,
    "plus": lambda n: f"+{n}" if n >= 0 else str(n),
    "spaces": lambda n: f"  {n}\t",
    "point": lambda n: f"{n}.0",
    "point-only": lambda n: f"{n}.",
    "ratio": lambda n: f"{2 * n}/2",
    "spaced-ratio": lambda n: f"{3 * n} / 3",
    "full-width": lambda n: str(n).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-"}),
    "minus-sign": lambda n: str(n).replace("-", "−"),
    "dash": lambda n: str(n).replace("-", "–"),
    "invisible": lambda n: f"\u200b{n}\u2060",
    "zeros-in-front": lambda n: f"-0{-n}" if n < 0 else f"0{n}",
    "float": float,
}
VECTOR_FORMS: dict[str, Form] = {
    "list": list,
    "commas": lambda v: ", ".join(map(str, v)),
    "brackets": lambda v: str(list(v)),
    "round-brackets": str,
    "times": lambda v: " × ".join(map(str, v)),
    "x": lambda v: "x".join(map(str, v)),
    "spaces": lambda v: " ".join(map(str, v)),
    "torch-size": lambda v: f"torch.Size({list(v)})",
    "texts": lambda v: [f" {n} " for n in v],
}


def givens(name: str) -> list[dict[str, Any]]:
    return [*drawn(name, COUNT[name]), *(PINNED_SIZES if name == "output-size" else [])]


def forms(answer: Any) -> dict[str, Form]:
    if isinstance(answer, list):
        return TABLE_FORMS
    if isinstance(answer, tuple):
        return VECTOR_FORMS
    return NUMBER_FORMS if isinstance(answer, int) else {"text": str}


def flawless(grade: PartGrade) -> bool:
    return grade.verdict is Verdict.CORRECT and grade.credit == 1 and grade.mistakes == ()


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_answer_is_right_in_every_form_and_no_wrong_method_fires(name: str) -> None:
    # The right answers are our own loops', not the solution's: torch's key is checked against them on the way.
    for number, given in enumerate(givens(name)):
        right = wrong_methods.right(name, given)
        for part, answer in right.items():
            for form, write in list(forms(answer).items()) if number % 10 == 0 else list(forms(answer).items())[:1]:
                grade = next(
                    found for found in mark(name, given, {**{p: as_json(a) for p, a in right.items()}, part: write(answer)}).parts if found.part == part
                )
                assert flawless(grade), (form, write(answer), given, grade)


def same_as_key(answer: Any, key: Any) -> bool:
    return type(answer) is type(key) and bool(answer == key)


@pytest.mark.parametrize("name", EXERCISES)
def test_what_a_wrong_method_leads_to_is_recognised_as_that_method(name: str) -> None:
    shown: set[str] = set()
    for given in givens(name):
        found = exercise(name)
        expected = found.expect(given)
        right = {part: as_json(answer) for part, answer in wrong_methods.right(name, given).items()}
        for mistake in expected.mistakes:
            wrong = wrong_methods.wrong(name, mistake, given)
            slot = mark(name, given, {**right, **{part: as_json(answer) for part, answer in wrong.items()}})
            for part, answer in wrong.items():
                grade = next(p for p in slot.parts if p.part == part)
                if same_as_key(answer, wrong_methods.right(name, given)[part]):
                    assert flawless(grade), (mistake, given)
                    continue
                shown.add(mistake)
                assert mistake in grade.mistakes, (mistake, answer, given, grade)
                assert grade.verdict is Verdict.PARTIAL
                if not found.part(part).follows:  # type: ignore[union-attr]
                    assert grade.credit == min(found.mistakes[m].credit for m in grade.mistakes)
            assert all(0 <= p.credit <= 1 for p in slot.parts)
    assert shown == set(found.mistakes), "a wrong method that never showed was never tested"


@pytest.mark.parametrize("name", EXERCISES)
def test_our_own_reading_of_each_wrong_method_is_the_solution_s(name: str) -> None:
    for given in givens(name):
        if name == "size-formula":
            continue  # compared by value in test_credit.py
        for mistake, answers in exercise(name).expect(given).mistakes.items():
            wrong = wrong_methods.wrong(name, mistake, given)
            for part, readings in answers.items():
                assert wrong[part] in readings, (mistake, given)


@pytest.mark.parametrize("name", ARRAYS)
def test_one_wrong_cell_costs_only_that_cell(name: str) -> None:
    for given in drawn(name, 40, "one-cell"):
        key = wrong_methods.right(name, given)["output"]
        count = len(cells(key))
        place = (sum(given["input"][0]) % len(key), sum(given["input"][-1]) % len(key[0]))
        for slipped in (key[place[0]][place[1]] + 1, None, "_", "x", "true", True, float("nan"), "1e400", "3²", key[place[0]][place[1]] + Fraction(1, 2)):
            answer = [list(row) for row in key]
            answer[place[0]][place[1]] = str(slipped) if isinstance(slipped, Fraction) else slipped
            grade = mark(name, given, answer).parts[0]
            if grade.mistakes:
                continue  # by luck a wrong method's own answer
            assert grade.verdict is Verdict.PARTIAL
            assert grade.credit == Fraction(count - 1, count), (slipped, given)
            assert [(r, c) for r, row in enumerate(grade.cells) for c, right in enumerate(row) if not right] == [place]


@pytest.mark.parametrize("form", TABLE_FORMS)
def test_a_table_reads_the_same_in_every_form(form: str) -> None:
    for table in ([[1, 2], [3, 4]], [[10, -12, 0], [-7, 16, 1000]], [[5, 6, 7, 8], [-1, -2, -3, -4], [0, 0, 0, 0]], [[1, 2], [3, 4], [5, 6]]):
        assert read("array", TABLE_FORMS[form](table)).value == table


@pytest.mark.parametrize("name", ARRAYS)
def test_a_right_value_in_a_wrong_shape_earns_nothing(name: str) -> None:
    for given in drawn(name, 40, "shape"):
        key = wrong_methods.right(name, given)["output"]
        flat = cells(key)
        for answer in (flat, [flat], [[cell] for cell in flat], [key], [[key]], key[:-1], [row[:-1] for row in key], [*key, key[0]], flat[0], [[flat[0]]]):
            if shape(answer) == shape(key):
                continue
            grade = mark(name, given, answer).parts[0]
            if not grade.mistakes:
                assert grade.credit == 0, (answer, given)
                assert grade.verdict in (Verdict.INCORRECT, Verdict.INVALID)


def test_a_number_does_not_fill_a_map_of_equal_cells() -> None:
    given = {"input": [[1] * 4] * 4, "kernel": [[1, 1], [1, 2]]}
    assert mark("conv-array", given, [[5] * 3] * 3).score == exercise("conv-array").points
    for answer in (5, "5", [5], [[5]], [[5, 5, 5]], "tensor(5)", True, "5.0", ["5"]):
        assert mark("conv-array", given, answer).score == 0, answer


def test_an_unapplicable_wrong_method_is_never_named() -> None:
    # Stride 1, no padding, no remainder: of the wrong methods only those that can show are named.
    given = {"input_size": 6, "kernel_size": 3, "stride": 1, "padding": 0}
    for answer in range(-5, 30):
        named = set(mark("output-size", given, {"output_size": answer}).parts[1].mistakes)
        assert named <= {"no-plus1", "kernel-ignored", "same-thinking"}


def test_a_slot_of_many_drawn_variants_never_fails() -> None:
    for name in EXERCISES:
        for given in drawn(name, 30, "odd answers"):
            variant = variant_of(exercise(name), given)
            for raw in (None, {}, [], "", "x", 7, True, {"output": None}, [[["a"]]], {"output_size": [[]], "value": {}, "padded_size": "nan"}):
                assert all(part.verdict is not Verdict.UNGRADED for part in grade_slot(variant, raw).parts), (name, raw)
