"""Formulas that people write: `floor((i + 2p - k) / s) + 1`, `⌊(i+2p-k)/s⌋+1`, `(i+2*p-k)//s+1`.

Read by our own walk over the syntax tree, computed in exact rationals. Never sympy: its parser executes text.
"""

from __future__ import annotations

import ast
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from grader.text import Text

MAX_LENGTH = 200
MAX_DIGITS = 9

Point = Mapping[str, int]
Number = Fraction | int
Step = Callable[[Point], Number]


class FormulaError(ValueError):
    """A text that is not a formula; `text` says so to the student."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written. As a key it carries the points it is compared at and what torch gives there.

    Two formulas are equal here when they agree at every point of the key: any equal form is right.
    """

    text: str
    names: tuple[str, ...] = field(default=(), compare=False)
    points: tuple[tuple[int, ...], ...] = field(default=(), compare=False)
    values: tuple[int, ...] = field(default=(), compare=False)


def compile_formula(text: str, names: Collection[str]) -> Step:
    """A function from a point to the formula's value.

    Raises:
        FormulaError: anything but the exercise's names, integers, `+ - * / // %`, `floor ceil min max` and brackets.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(TOO_LONG.fill(limit=MAX_LENGTH))
    source = "".join(c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in text)
    source = re.sub(r"(?<=floor|.ceil)\[", "(", source)
    source = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", source)
    for written, meant in _SPELLINGS:
        source = source.replace(written, meant)
    source = source.strip().rstrip(".。;；")
    if all(name.islower() for name in names):
        source = source.lower()
    source = re.sub(r"\b(?:math|np|numpy|torch)\.(?=floor|ceil)", "", source)
    source = re.sub(r"^\s*(?:[^\W\d]\w*\s*=(?!=)|(?:o|out|output|output_size|[一-鿿]+)\s*:)", "", source)  # "o = …", "输出：…"
    source = re.sub(r"(?<![a-zA-Z_])(\d+)\s*(?=[a-zA-Z_(])", r"\1*", source)  # "2p" is 2·p
    try:
        if set(source) & set("\"'\\#"):  # never part of a formula, and Python's parser warns of some on standard error
            raise SyntaxError
        tree = ast.parse(source.strip().replace("\n", " "), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaError(NOT_A_FORMULA.fill(names=", ".join(names))) from error
    return _step(tree, names)


@lru_cache(maxsize=4096)
def values_at(text: str, names: tuple[str, ...], points: tuple[tuple[int, ...], ...]) -> tuple[Number | None, ...]:
    """The formula's value at each point, None where it divides by zero.

    Raises:
        FormulaError: as `compile_formula`.
    """
    step = compile_formula(text, names)
    return tuple(_value(step, dict(zip(names, point, strict=True))) for point in points)


def _value(step: Step, point: Point) -> Number | None:
    try:
        return step(point)
    except ZeroDivisionError:
        return None


# [x] is the floor of x in Gauss's notation, which Chinese textbooks use; \\lfloor and its like are LaTeX's.
_SPELLINGS = [
    ("\\left", ""), ("\\right", ""), ("\\lfloor", " floor("), ("\\rfloor", ")"), ("\\lceil", " ceil("), ("\\rceil", ")"),
    ("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"),
    ("⌊", " floor("), ("⌋", ")"), ("⌈", " ceil("), ("⌉", ")"), ("[", " floor("), ("]", ")"),
    ("×", "*"), ("·", "*"), ("⋅", "*"), ("∗", "*"), ("÷", "/"), ("−", "-"), ("–", "-"), ("∕", "/"), ("$", ""),
]  # fmt: skip
_BINARY: dict[type[ast.AST], Callable[[Number, Number], Number]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: Fraction(a) / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_CALLS: dict[str, tuple[int, Callable[..., Number]]] = {
    "floor": (1, math.floor), "ceil": (1, math.ceil), "int": (1, math.trunc), "min": (2, min), "max": (2, max),
}  # fmt: skip


def _step(node: ast.expr, names: Collection[str]) -> Step:
    match node:
        case ast.Name(id=name):
            if name not in names:
                raise FormulaError(UNKNOWN_NAME.fill(name=name[:20], names=", ".join(names)))
            return lambda point: point[name]
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            if abs(value) >= 10**MAX_DIGITS:
                raise FormulaError(TOO_BIG)
            return lambda point: value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            calculate, first, second = _BINARY[type(op)], _step(left, names), _step(right, names)
            return lambda point: calculate(first(point), second(point))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _step(operand, names)
            return lambda point: -inner(point)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _step(operand, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _CALLS:
            count, call = _CALLS[name]
            if (len(arguments) == count) if count == 1 else (len(arguments) >= count):
                steps = [_step(argument, names) for argument in arguments]
                return lambda point: call(*(step(point) for step in steps))
    raise FormulaError(NOT_A_FORMULA.fill(names=", ".join(names)))


TOO_LONG = Text("a formula has at most {limit} characters here", "公式最多 {limit} 个字符")
TOO_BIG = Text("a number in the formula is too large", "公式中的数字过大")
UNKNOWN_NAME = Text("'{name}' is no name of this question; use {names}", "“{name}” 不是本题的符号；请使用 {names}")
NOT_A_FORMULA = Text(
    "this is not a formula in {names} with + - * / // % floor ceil min max and brackets",
    "这不是由 {names}、+ - * / // %、floor ceil min max 和括号组成的公式",
)
