"""The small language of `where`, of bounds in `draw`, and of `{…}` in prompts and words.

Names, integers, `+ - * / // %`, `min max`, comparisons, `and or not`, walked over Python's syntax tree.
Nothing is ever evaluated by Python itself.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MAX_LENGTH = 400

Value = Any  # int, Fraction, bool, or whatever a name stands for
Names = Mapping[str, Value]
Step = Callable[[Names], Value]


class ExpressionError(ValueError):
    """An expression that is not in the language, or cannot be computed; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, the names it uses, and how to compute it."""

    text: str
    names: frozenset[str]
    step: Step

    def __call__(self, names: Names) -> Value:
        """The value for these names.

        Raises:
            ExpressionError: a name is missing, or a division by zero.
        """
        try:
            return self.step(names)
        except KeyError as error:
            raise ExpressionError(f"'{self.text}' uses {error.args[0]!r}, which has no value here") from error
        except ZeroDivisionError as error:
            raise ExpressionError(f"'{self.text}' divides by zero") from error
        except TypeError as error:
            raise ExpressionError(f"'{self.text}' calculates with something that is no number") from error


_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: Fraction,  # exact, so that a prompt can show 7/2 as 3.5
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_CALLS: dict[str, Callable[..., Any]] = {"min": min, "max": max}
_NEVER = re.compile(r"""["'\\#]|\b[0-9]\w*[^\W0-9]""")  # strings, comments, numbers run into a word
_ALLOWED = "use names, integers, + - * / // %, min, max, comparisons, and, or, not"


def parse(text: str) -> Expression:
    """Checks an expression once, so that using it later cannot surprise.

    Raises:
        ExpressionError: it holds anything outside the language.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters")
    names: set[str] = set()
    try:
        if _NEVER.search(text):  # Python's parser warns of some of these on standard error
            raise SyntaxError
        step = _step(ast.parse(text.strip(), mode="eval").body, text, names)
    except ExpressionError:
        raise
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(f"'{text}' is not an expression; {_ALLOWED}") from error
    return Expression(text, frozenset(names), step)


def _step(node: ast.expr, text: str, names: set[str]) -> Step:
    """A closure that computes `node`; names it meets are added to `names`."""
    match node:
        case ast.Name(id=name):
            names.add(name)
            return lambda values: values[name]
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return lambda values: value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _binary(_OPERATORS[type(op)], _step(left, text, names), _step(right, text, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _step(operand, text, names)
            return lambda values: -inner(values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _step(operand, text, names)
            return lambda values: not inner(values)
        case ast.BoolOp(op=op, values=parts):
            steps = [_step(part, text, names) for part in parts]
            together = all if isinstance(op, ast.And) else any
            return lambda values: together(step(values) for step in steps)
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in _COMPARISONS for op in ops):
            steps = [_step(part, text, names) for part in (left, *rest)]
            tests = [_COMPARISONS[type(op)] for op in ops]

            def compare(values: Names) -> bool:
                found = [step(values) for step in steps]
                return all(test(a, b) for test, a, b in zip(tests, found, found[1:], strict=False))

            return compare
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _CALLS and len(arguments) > 1:
            steps = [_step(part, text, names) for part in arguments]
            call = _CALLS[name]
            return lambda values: call(*(step(values) for step in steps))
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in '{text}'; {_ALLOWED}")


def _binary(calculate: Callable[[Any, Any], Any], left: Step, right: Step) -> Step:
    return lambda values: calculate(left(values), right(values))
