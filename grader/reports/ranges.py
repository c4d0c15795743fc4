"""What an exercise draws, in words: from which numbers each name is taken, at each level."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.course.exercise import Exercise
from grader.course.expressions import Expression
from grader.course.layer import is_layers, layer_line
from grader.course.rules import ArrayRule, Choice, Constant, Derived, Fields, ListRule, Range, Rule, Sample, TextRule, Value
from grader.course.templates import shown
from grader.reports.markdown import code, escaped
from grader.text import Text, both
from grader.variants.given import is_array

MANY = 4  # arrays that are still written out

RANGE = Text("{low} to {high}", "{low} 到 {high}")
ONE_OF = Text("one of {options}", "以下之一：{options}")
ARRAYS = Text("one of {count} arrays", "{count} 个数组之一")
OR = Text(" or ", " 或 ")
CELLS = Text("{shapes}, numbers {low} to {high}", "{shapes}，元素为 {low} 到 {high}")
VALUE = Text("always {expression}", "恒为 {expression}")
SAMPLE = Text("{count} of {ids}, in any order", "从 {ids} 中取 {count} 个，顺序任意")
WRITTEN = Text("written from the values above", "由上面的值写成")
DERIVED = Text("computed from the values above", "由上面的值算出")
BETWEEN = Text("; ", "；")
COMMA = Text(", ", "、")


def rule_words(rule: Rule | Fields) -> Text:
    """A rule of drawing as Markdown, in both languages."""
    match rule:
        case Constant(value=value):
            return both(_value(value))
        case Range(low=low, high=high):
            return RANGE.fill(low=_bound(low), high=_bound(high))
        case Choice(options=options) if len(options) > MANY and is_array(options[0]):
            return ARRAYS.fill(count=len(options))
        case Choice(options=options):
            words = [_value(option) for option in options]
            return both(words[0]) if len(words) == 1 else Text(*(ONE_OF[lang].format(options=COMMA[lang].join(words)) for lang in ("en", "zh")))
        case ArrayRule(shapes=shapes, low=low_cell, high=high_cell):
            sizes = ["×".join(_bound(side) for side in sides) for sides in shapes]
            return Text(*(CELLS[lang].format(shapes=OR[lang].join(sizes), low=_number(low_cell), high=_number(high_cell)) for lang in ("en", "zh")))
        case Value(expression=expression):
            return VALUE.fill(expression=code(expression.text))
        case Sample(ids=ids, count=count):
            return Text(*(SAMPLE[lang].format(count=count, ids=COMMA[lang].join(map(code, ids))) for lang in ("en", "zh")))
        case TextRule():
            return WRITTEN
        case Derived():
            return DERIVED
        case ListRule(items=items):
            numbered = [rule_words(item) for item in items]
            if not any(isinstance(item, Fields) for item in items):
                return Text(*(f"({COMMA[lang].join(words[lang] for words in numbered)})" for lang in ("en", "zh")))
            return Text(*(BETWEEN[lang].join(f"({n}) {words[lang]}" for n, words in enumerate(numbered, start=1)) for lang in ("en", "zh")))
        case Fields(rules=rules):
            own = {name: rule_words(inner) for name, inner in rules.items()}
            return Text(*(COMMA[lang].join(f"{code(name)} {words[lang]}" for name, words in own.items()) for lang in ("en", "zh")))


def draws(exercise: Exercise) -> Mapping[str, tuple[Text, ...]]:
    """For each name that is given, its rule at each level, easiest first."""
    given = [name for name in exercise.draw if name not in exercise.not_given]
    return {name: tuple(rule_words(level.draw[name]) for level in exercise.every_level) for name in given}


def conditions(exercise: Exercise) -> list[str]:
    """What the given numbers have to meet, at one level, as Markdown."""
    return [code(condition.text) for condition in exercise.where if not condition.names & exercise.not_given]


def _bound(expression: Expression) -> str:
    return code(expression.text) if expression.names else _number(expression({}))


def _number(value: Any) -> str:
    return str(value).replace("-", "−")


def _value(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return code(json.dumps(value))
    if isinstance(value, int):
        return _number(value)
    if is_layers(value):
        return escaped("; ".join(map(layer_line, value)))
    if isinstance(value, str):
        return code(value)
    if isinstance(value, (list, tuple)) and not any(isinstance(item, int) for item in value):
        return code(json.dumps(value, ensure_ascii=False))  # an array
    return escaped(shown(value))
