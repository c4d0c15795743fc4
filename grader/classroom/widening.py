"""What an author could change when an exercise's draw never shows a wrong method: the smallest wider rule that would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.course.exercise import Exercise
from grader.course.expressions import ExpressionError, parse
from grader.course.faults import CourseError
from grader.course.rules import ArrayRule, Constant, Range, Rule
from grader.variants.draw import Refusals, candidates
from grader.variants.separate import gives_key
from grader.variants.stream import stream_key

TRIES = 60
STEPS = 4


def suggestion(exercise: Exercise, mistake: str) -> str:
    """A cure in words: a rule of `draw`, widened, under which the wrong method shows; or what else to do."""
    for name, rule in exercise.draw.items():
        for wider, words in widened(rule):
            changed = replace(exercise, draw={**exercise.draw, name: wider})
            if shows(changed, mistake):
                return f"`{name}: {words}` would show it"
    for index, condition in enumerate(exercise.where):
        if shows(replace(exercise, where=(*exercise.where[:index], *exercise.where[index + 1 :])), mistake):
            return f"leaving out `where: {condition.text}` would show it"
    return "widen `draw`, list it under `only_pinned`, or take it out of `mistakes`"


def shows(exercise: Exercise, mistake: str) -> bool:
    """Whether some candidate of this draw tells the wrong method from the right one."""
    key = stream_key(b"widening", exercise.id, mistake)
    try:
        return any(
            mistake in candidate.expected.mistakes and not gives_key(candidate.expected, mistake)
            for candidate in candidates(exercise, key, TRIES, Refusals({}, {}))
        )
    except (CourseError, ExpressionError):
        return False


def widened(rule: Rule) -> Iterator[tuple[Rule, str]]:
    """Rules a little wider than this one, nearest first, and how each is written."""
    match rule:
        case Constant(value=int() as value) if not isinstance(value, bool):
            for step in range(1, STEPS + 1):
                yield _range(value, value + step)
        case Range(low=low, high=high) if not low.names and not high.names:
            first, last = low({}), high({})
            for step in range(1, STEPS + 1):
                yield _range(first, last + step)
            for step in range(1, STEPS + 1):
                if first - step >= 0:
                    yield _range(first - step, last)
        case ArrayRule(shapes=shapes, low=low_cell, high=high_cell):
            sides = "[" + ", ".join(side.text for side in shapes[0]) + "]" if len(shapes) == 1 else "…"
            for low_new, high_new in ((low_cell, high_cell + 2), (low_cell - 2, high_cell + 2), (min(low_cell, -3), max(high_cell, 9))):
                yield replace(rule, low=low_new, high=high_new), f"{{shape: {sides}, from: {low_new}, to: {high_new}}}"
            if len(shapes) == 1 and not any(side.names for side in shapes[0]):
                for step in (1, 2):
                    larger = tuple(parse(str(side({}) + step)) for side in shapes[0])
                    yield replace(rule, shapes=(larger,)), f"{{shape: [{', '.join(side.text for side in larger)}], from: {low_cell}, to: {high_cell}}}"


def _range(low: int, high: int) -> tuple[Rule, str]:
    return Range(parse(str(low)), parse(str(high))), f"{{from: {low}, to: {high}}}"
