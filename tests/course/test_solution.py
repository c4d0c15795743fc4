"""Solutions: what a file of decorated functions has to be, and what is said where it is not."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from grader.course.faults import CourseError
from grader.course.solution import Solution, load_solution
from grader.course.values import GivenError

HEAD = "from grader.course import OneOf, Size, follow, mistake, pair, reference\nfrom torch import Tensor\n"
REFERENCE = "@reference\ndef area(input_size: Size, kernel_size: int = 2): return {'area': input_size * kernel_size}\n"


def load(tmp_path: Path, text: str) -> Solution:
    path = tmp_path / "area.py"
    path.write_text(text, encoding="utf-8")
    return load_solution(path, "solutions/area.py")


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(CourseError) as caught:
        load(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


def test_functions_are_found_with_the_names_they_take(tmp_path: Path) -> None:
    more = dedent("""
        def helper(x): return x

        @mistake("half-area", applies=lambda kernel_size, **_: kernel_size > 1)
        def half(kernel_size, *, input_size): return {"area": input_size * kernel_size // 2}

        @follow("area")
        def carried(side, kernel_size): return side * kernel_size
    """)
    solution = load(tmp_path, HEAD + REFERENCE + more)
    assert list(solution.parameters) == ["input_size", "kernel_size"]
    assert solution.reference.name == "area"
    assert solution.mistakes["half-area"].takes == {"input_size", "kernel_size"}
    assert solution.mistakes["half-area"].applies_takes == {"kernel_size"}
    assert solution.follow["area"].takes == {"side", "kernel_size"}
    values = solution.values({"input_size": 5})
    assert values == {"input_size": 5, "kernel_size": 2}
    assert solution.key(values) == {"area": 10}
    assert solution.mistakes["half-area"](values) == {"area": 5}
    assert solution.mistakes["half-area"].fits(values)
    assert not solution.mistakes["half-area"].fits({"input_size": 5, "kernel_size": 1})


def test_a_function_may_be_decorated_further(tmp_path: Path) -> None:
    text = 'from functools import lru_cache\n@mistake("cached")\n@lru_cache\ndef cached(input_size): return {"area": 0}\n'
    assert load(tmp_path, HEAD + REFERENCE + text).mistakes["cached"].takes == {"input_size"}


def test_what_is_imported_from_another_solution_is_not_taken_over(tmp_path: Path) -> None:
    text = "import types\nother = types.FunctionType(area.__code__, globals(), 'other')\nreference(other)\nother.__module__ = 'elsewhere'\n"
    assert load(tmp_path, HEAD + REFERENCE + text).reference.name == "area"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", ["solutions/area.py:1:1: 0 functions are marked @reference; mark exactly one"], id="no-reference"),
        pytest.param(
            REFERENCE + "@reference\ndef other(input_size: Size): return {}\n",
            ["solutions/area.py:1:1: 2 functions are marked @reference; mark exactly one"],
            id="two-references",
        ),
        pytest.param(REFERENCE + "def f(:\n", ["solutions/area.py:5:7: not Python: invalid syntax; correct the line"], id="syntax-error"),
        pytest.param(
            REFERENCE + "\ndef broken():\n    return 1 / 0\nbroken()\n",
            ["solutions/area.py:7:1: ZeroDivisionError: division by zero; make the file importable"],
            id="exception-at-its-deepest-line",
        ),
        pytest.param(
            "import torhc\n" + REFERENCE,
            ["solutions/area.py:3:1: ModuleNotFoundError: No module named 'torhc'; make the file importable"],
            id="import-misspelt",
        ),
        pytest.param("raise SystemExit('bye')\n", ["solutions/area.py:3:1: SystemExit: bye; make the file importable"], id="leaves-the-program"),
        pytest.param(
            REFERENCE + '@mistake("ceil")\ndef ceil(input_size, stride): return {}\n',
            ["solutions/area.py:5:1 ceil: takes stride, which the reference does not take; use input_size, kernel_size"],
            id="unknown-argument",
        ),
        pytest.param(
            REFERENCE + '@mistake("ceil", applies=lambda padding: padding > 0)\ndef ceil(input_size): return {}\n',
            ["solutions/area.py:5:1 ceil: takes padding, which the reference does not take; use input_size, kernel_size"],
            id="unknown-argument-of-applies",
        ),
        pytest.param(
            REFERENCE + '@mistake("ceil")\ndef one(): return {}\n\n@mistake("ceil")\ndef two(): return {}\n',
            ["solutions/area.py:8:1 ceil: this mistake is there twice; give it another name"],
            id="duplicate-mistake",
        ),
        pytest.param(
            REFERENCE + '@follow("area")\ndef one(): ...\n@follow("area")\ndef two(): ...\n',
            ["solutions/area.py:7:1 area: this follow is there twice; give it another name"],
            id="duplicate-follow",
        ),
        pytest.param(
            "@reference\ndef area(input_size): return {}\n",
            [
                "solutions/area.py:3:1: area: argument 'input_size' has no known annotation; use Tensor, Size, Shape, Layers, tuple[str, ...], int, bool or str, or one of these | None"
            ],
            id="no-annotation",
        ),
        pytest.param(
            "@reference\ndef area(input_size: 'Sise'): return {}\n",
            [
                "solutions/area.py:3:1: the annotations cannot be read: name 'Sise' is not defined; use Tensor, Size, Shape, Layers, tuple[str, ...], int, bool or str, or one of these | None"
            ],
            id="annotation-misspelt",
        ),
        pytest.param(
            REFERENCE + '@mistake("a")\ndef a(x): ...\n@mistake("b")\ndef b(y): ...\n@mistake("b")\ndef c(): ...\n',
            [
                "solutions/area.py:9:1 b: this mistake is there twice; give it another name",
                "solutions/area.py:5:1 a: takes x, which the reference does not take; use input_size, kernel_size",
                "solutions/area.py:7:1 b: takes y, which the reference does not take; use input_size, kernel_size",
            ],
            id="several-at-once",
        ),
    ],
)
def test_faults(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert faults(tmp_path, HEAD + text) == expected


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        load_solution(tmp_path / "gone.py", "solutions/gone.py")
    assert str(caught.value) == "solutions/gone.py:1:1: there is no such solution; add the file, or correct `solution:` in the exercise"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({}, "given 'input_size' is missing; this exercise takes input_size, kernel_size", id="missing"),
        pytest.param({"input_size": 3, "stride": 1}, "unknown given 'stride'; this exercise takes input_size, kernel_size", id="unknown"),
        pytest.param({"input_size": "3"}, "input_size: expected an int, got '3'; remove the quotes", id="wrong-type"),
    ],
)
def test_given_refused(tmp_path: Path, given: dict[str, object], message: str) -> None:
    solution = load(tmp_path, HEAD + REFERENCE)
    with pytest.raises(GivenError) as caught:
        solution.values(given)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            "raise RuntimeError('too wide\\nException raised from …')", "torch refuses these values: too wide; give values it accepts", id="first-line-only"
        ),
        pytest.param("raise ValueError('too wide; give less')", "torch refuses these values: too wide; give less", id="a-cure-of-its-own"),
        pytest.param("raise ValueError", "torch refuses these values: ValueError; give values it accepts", id="no-words"),
        pytest.param("return {'area': 1 // (input_size - input_size)}", None, id="a-bug-of-the-solution-is-not-hidden"),
    ],
)
def test_values_that_the_reference_refuses(tmp_path: Path, body: str, message: str | None) -> None:
    solution = load(tmp_path, f"{HEAD}@reference\ndef area(input_size: int):\n    {body}\n")
    with pytest.raises(GivenError if message else ZeroDivisionError) as caught:
        solution.key({"input_size": 1})
    assert message is None or str(caught.value) == message


def test_torch_warnings_reach_nobody(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    body = "    import warnings; warnings.warn('even kernel')\n    return {'area': input_size}\n"
    assert load(tmp_path, f"{HEAD}@reference\ndef area(input_size: int):\n{body}").key({"input_size": 1}) == {"area": 1}
    assert not recwarn.list


@pytest.mark.parametrize("fails", [False, True], ids=["it-loads", "it-raises"])
def test_no_garbage_is_looked_for_while_torch_comes(fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.setitem(sys.modules, "seen", seen := SimpleNamespace(collecting=None))
    brought = "import gc, sys, types, seen\nseen.collecting = gc.isenabled()\nsys.modules['torch'] = types.SimpleNamespace(set_num_threads=int)\n"
    text = "from grader.course import Size, reference\n" + brought + ("1 / 0\n" if fails else "") + REFERENCE
    if fails:
        assert "ZeroDivisionError" in faults(tmp_path, text)[0]
    else:
        load(tmp_path, text)
    assert (seen.collecting, gc.isenabled()) == (False, True)
    assert frozen == ([] if fails else [True])


def test_where_torch_is_there_already_collecting_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "freeze", lambda: pytest.fail("nothing new came"))
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "seen", seen := SimpleNamespace(collecting=None))
    load(tmp_path, "import gc, seen\nseen.collecting = gc.isenabled()\nfrom grader.course import Size, reference\n" + REFERENCE)
    assert seen.collecting is True
