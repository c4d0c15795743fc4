"""What a lesson page says of an exercise that asks for a function: its head, what it is checked on, and calls with what they return.

Cases of hidden groups are left out throughout: students see whether these pass, never a case of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.course.calls import Case
from grader.course.code_key import CodeExpected, code_of
from grader.course.exercise import Exercise
from grader.course.outputs import Values, same_values
from grader.course.starter import starter
from grader.marking.feedback import mistake_words
from grader.reports.example import Example
from grader.reports.markdown import code, escaped, fenced
from grader.text import Text

LONGEST = 160  # characters of what a call returns
SHOWN = 4  # calls

FILE = Text("Your file begins like this:", "你的文件这样开始：")
CHECKED = Text(
    "It is called in cases of these kinds; a kind earns its share where every case of it is right:",
    "会用以下几类调用来检查；某一类的调用全部正确，才得该类的分数：",
)
GROUP = Text("{title} ({share} of the points)", "{title}（占 {share} 的分数）")
UNSEEN = Text("{title} ({share} of the points; its cases are never shown)", "{title}（占 {share} 的分数；不公开具体的调用）")
RETURNS = Text("Right is what returns the same as torch. Some of the calls, and what they return:", "返回值与 torch 相同即为正确。部分调用及其返回值：")
INSTEAD = Text("For example {call} then returns {wrong} (right: {right}).", "例如 {call} 会返回 {wrong}（正确：{right}）。")
OTHERS = Text("For example {call} then returns other numbers.", "例如 {call} 会返回另外的数。")
ONLY_UNSEEN = Text("It shows only in cases that are never shown.", "只在不公开的调用中出现。")
SHAPE = Text("an array of shape {shape}", "形状为 {shape} 的数组")


def asked(example: Example, language: str) -> Iterator[str]:
    """The head of the function with its contract, and the kinds of cases."""
    function = _public(example).code
    yield FILE[language]
    yield ""
    yield from fenced(starter(function, (language,)).rstrip().splitlines(), "python")
    yield ""
    yield CHECKED[language]
    yield ""
    groups = _expected(example).code.groups
    total = sum(group.weight for group in groups)
    for group in groups:
        words = UNSEEN if group.hidden else GROUP
        yield f"- {escaped(words[language].format(title=group.title[language], share=group.weight / total))}"
    yield ""


def returns(example: Example, language: str) -> Iterator[str]:
    """Calls of different kinds, the shortest of each, and what they return."""
    expected = _public(example)
    found: dict[str, tuple[str, Values]] = {}
    for case, values in zip(expected.cases, expected.outputs.values, strict=True):
        text = _call(expected, case)
        if values is not None and (case.group not in found or len(text) < len(found[case.group][0])):
            found[case.group] = (text, values)
    yield RETURNS[language]
    yield ""
    yield from (f"- {code(text)} → {_value(values, language)}" for text, values in list(found.values())[:SHOWN])
    yield ""


def leads(example: Example, mistake: str, language: str) -> Iterator[str]:
    """The words of a wrong method, and the shortest call that may be seen on which it returns something else."""
    expected = _public(example)
    yield escaped(words(example.exercise, mistake)[language])
    yield ""
    wrong, right = expected.wrong(mistake).values, expected.outputs.values
    differing = [
        (_call(expected, case), _value(own, language), _value(wanted, language))
        for case, own, wanted in zip(expected.cases, wrong, right, strict=True)
        if own is not None and wanted is not None and not same_values(own, wanted, expected.part.tolerance)
    ]
    if not differing:
        yield ONLY_UNSEEN[language]
    else:
        # Where it can be followed best: the arrays of the call are written out, and so is what it returns.
        call, own_words, right_words = min(differing, key=lambda found: (found[1] == found[2], ".shape" in found[0], len(found[0])))
        said = INSTEAD if own_words != right_words else OTHERS
        yield said[language].format(call=code(call), wrong=own_words, right=right_words)
    yield ""


def words(exercise: Exercise, mistake: str) -> Text:
    """What a student reads whose function does what a wrong method does."""
    part = exercise.parts[0]
    return mistake_words(exercise, part, {}, [mistake], f"{part.code.function}.py" if part.code else "", None)


def _expected(example: Example) -> CodeExpected:
    return code_of(example.exercise, example.expected)


def _public(example: Example) -> CodeExpected:
    return _expected(example).public()


def _call(expected: CodeExpected, case: Case) -> str:
    return case.text(expected.code.function, expected.names)


def _value(values: Values, language: str) -> str:
    """What a call returns, as Markdown: its numbers where they are few, else its shape."""
    texts = [repr(value.tolist()) for value in values]
    shown = [code(text) if len(text) <= LONGEST else escaped(SHAPE[language].format(shape=value.shape)) for text, value in zip(texts, values, strict=True)]
    return ", ".join(shown)
