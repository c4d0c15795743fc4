"""What a part earns, and on what evidence: the key, a wrong method, an earlier part carried on, or cells."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.course.formula import Formula, values_at
from grader.course.part import Part, axes_of, followed
from grader.course.solution import Implausible
from grader.course.values import Answer, Given, cells, plain, to_json
from grader.marking import feedback, number_list, option, tensor_shape
from grader.marking.answer import NOT_A_NUMBER, Reading, Value, quoted, text_of
from grader.marking.compare import equal, mask, right_share, same
from grader.marking.record import PartGrade, Verdict
from grader.text import Text, visible

HALF = Fraction(1, 2)
ONE = Fraction(1)


def mark_part(
    exercise: Exercise, part: Part, given: Given, expected: Expected, reading: Reading, raw: Any, earlier: Mapping[str, Value], possible: Fraction
) -> PartGrade:
    """Marks one part, in the order of evidence: key, wrong methods, carried on, cells.

    Args:
        earlier: the student's own answers to the parts before this one.
        possible: points a full answer earns.
    """
    key = expected.key[part.id]
    right = mask(reading.value, key) if reading.value is not None else None

    def graded(verdict: Verdict, credit: Fraction, words: Text, mistakes: tuple[str, ...] = ()) -> PartGrade:
        return PartGrade(
            part=part.id,
            verdict=verdict,
            credit=credit,
            possible=possible,
            answer=_answer(reading, raw),
            read_as=reading.shown,
            key=to_json(key),
            mistakes=mistakes,
            cells=right,
            feedback=words,
        )

    value = reading.value
    if value is None:
        if reading.problem is None:
            return graded(Verdict.BLANK, Fraction(0), feedback.BLANK)
        return graded(Verdict.INVALID, Fraction(0), unreadable(reading.problem))
    if same(part, value, key, key):
        return graded(Verdict.CORRECT, Fraction(1), feedback.RIGHT)

    found = recognised(part, expected, value)
    credit, words = Fraction(0), None
    if found:
        credit = min(exercise.mistakes[name].credit for name in found)
        words = feedback.mistake_words(exercise, part, given, found, value, key)
        if right is not None and len(cells(right)) > 1:
            words = words + feedback.first_wrong(value, right)
    if (carried := carries_on(exercise, part, expected, earlier, value)) is not None:
        credit = max(credit, part.follow_credit)
        follows = feedback.follows(carried, credit)
        words = follows if words is None else follows + words
    if words is not None:
        return graded(Verdict.PARTIAL if credit else Verdict.INCORRECT, credit, words, found)
    return _unexplained(graded, part, value, raw, key, right)


def same_text(raw: Any, key: Answer) -> str | None:
    """An answer as it would be read, where it is typed just as the key is: an integer, or nested lists of them; else None."""
    if type(raw) is int:
        return str(raw) if type(key) is int and raw == key else None
    if type(raw) is not list or raw != key:
        return None
    text = repr(raw)  # in which True is not 1
    return text if text == repr(key) else None


def right(part: str, key: Answer, text: str, possible: Fraction) -> PartGrade:
    """The grade of an answer that is the key.

    Args:
        text: as it was read.
    """
    return PartGrade(
        part=part,
        verdict=Verdict.CORRECT,
        credit=ONE,
        possible=possible,
        answer=key,
        read_as=text,
        key=key,
        mistakes=(),
        cells=_all_right(key) if isinstance(key, list) else None,
        feedback=feedback.RIGHT,
    )


def _all_right(key: list[Any]) -> list[Any]:
    return [_all_right(item) if isinstance(item, list) else True for item in key]


def recognised(part: Part, expected: Expected, value: Value) -> tuple[str, ...]:
    """Every applicable wrong method that leads to this answer, likeliest first."""
    key = expected.key[part.id]
    if part.tolerance is None and (type(value) is int or (type(value) is list and _only_ints(value))):  # as nearly all are: equal is equal
        return tuple(name for name, answers in expected.mistakes.items() if part.id in answers and value != key and value in answers[part.id])
    rounded = any(isinstance(cell, Decimal) for cell in cells(list(value) if isinstance(value, tuple) else value))  # only what was typed with a point
    return tuple(
        name
        for name, answers in expected.mistakes.items()
        if any(same(part, value, reading, key, rounded=rounded) for reading in answers.get(part.id, ()) if not _same(reading, key))
    )


def _only_ints(value: list[Any]) -> bool:
    return all(_only_ints(item) if type(item) is list else type(item) is int for item in value)


def carries_on(exercise: Exercise, part: Part, expected: Expected, earlier: Mapping[str, Value], value: Value) -> Text | None:
    """The student's own earlier parts that are wrong, in words, where this answer is right given them and carrying them on is plausible."""
    if not part.follows:
        return None
    sources = followed(part, expected.key)
    own = {name: earlier[name] for names in sources.values() for name in names if name in earlier and _whole(earlier[name])}
    wrong = [name for name in own if not equal(own[name], expected.key[name], expected.key[name])]
    if not wrong:
        return None
    carried = {"number": part.layer[1]} if part.layer is not None else {}
    arguments: dict[str, Any] = {**carried, **expected.values}
    for name, names in sources.items():
        if part.layer is None and names != (name,):
            arguments[name] = tuple(own.get(layer) for layer in names)  # all layers; what cannot be carried on is None
        elif names[0] in own:
            arguments[name] = own[names[0]]
        else:
            return None
    # Only here, where it is needed: loading a solution may import torch.
    method = exercise.solution.follow.get(part.layer[0] if part.layer is not None else part.id)
    if method is None:
        return None
    try:
        wanted: Answer = plain(method.function(**{name: v for name, v in arguments.items() if name in method.takes}))
    except (Implausible, RuntimeError, ValueError, ZeroDivisionError):
        return None
    if not same(part, value, wanted, expected.key[part.id]):
        return None
    return feedback.carried([(exercise.part(name), own[name]) for name in wrong])


def unreadable(problem: Text) -> Text:
    return Text(feedback.UNREADABLE.en.format(why=problem.en), feedback.UNREADABLE.zh.format(why=problem.zh))


def _unexplained(graded: Any, part: Part, value: Value, raw: Any, key: Answer, right: Any) -> PartGrade:
    """An answer that no method explains: cells where the shape is right, axes, options, else nothing."""
    match part.kind:
        case "shape" if isinstance(key, tuple) and isinstance(value, tuple):
            return _partly(graded, *tensor_shape.unexplained(value, key, axes_of(part, key)))
        case "vector" if isinstance(key, tuple) and isinstance(value, tuple):
            return _partly(graded, *number_list.unexplained(value, key))
        case "choices" if isinstance(key, frozenset) and isinstance(value, frozenset):
            return _partly(graded, *option.unexplained(value, key, part.options))
        case "choice":
            return _partly(graded, Fraction(0), option.filled(option.UNKNOWN, answer=feedback.answer_words(part, value)))
        case "number" if part.tolerance is None and isinstance(value, Decimal) and equal(value, key, key, rounded=True):
            return _partly(graded, Fraction(0), feedback.ROUNDED.fill(answer=text_of(value)))
    if isinstance(key, list) and right is None:
        if not isinstance(value, list):
            return graded(Verdict.INVALID, Fraction(0), unreadable(NOT_AN_ARRAY))  # type: ignore[no-any-return]
        return graded(Verdict.INCORRECT, Fraction(0), feedback.wrong_shape(value, key))  # type: ignore[no-any-return]
    if right is not None:
        flat = cells(right)
        share = right_share(flat)
        few = share < HALF or len(flat) == 1
        words = feedback.slip(value, right, few=few)
        return graded(Verdict.INCORRECT if few else Verdict.PARTIAL, Fraction(0) if few else share, words)  # type: ignore[no-any-return]
    if isinstance(value, (list, tuple)) != isinstance(key, (list, tuple)) or (isinstance(key, tuple) and isinstance(value, tuple) and len(key) != len(value)):
        # A table of numbers reads as an answer only so that a wrong method can be recognised in it.
        problem = PAIR.fill(count=len(key)) if isinstance(key, tuple) else NOT_A_NUMBER.fill(answer=quoted(raw))
        return graded(Verdict.INVALID, Fraction(0), unreadable(problem))  # type: ignore[no-any-return]
    if part.kind == "formula":
        return graded(Verdict.INCORRECT, Fraction(0), _counterexample(value, key))  # type: ignore[no-any-return]
    return graded(Verdict.INCORRECT, Fraction(0), feedback.UNKNOWN.fill(answer=text_of(value)))  # type: ignore[no-any-return]


def _partly(graded: Any, credit: Fraction, words: Text) -> PartGrade:
    return graded(Verdict.PARTIAL if credit else Verdict.INCORRECT, credit, words)  # type: ignore[no-any-return]


def _counterexample(value: Value, key: Answer) -> Text:
    """The words for a formula that is wrong in no known way: the first point where it is, with its own value there."""
    if not isinstance(value, Formula) or not isinstance(key, Formula):
        return feedback.UNKNOWN.fill(answer=text_of(value))
    for point, own, wanted in zip(key.points, values_at(value.text, key.names, key.points), key.values, strict=True):
        if own != wanted:
            return feedback.wrong_formula(dict(zip(key.names, point, strict=True)), own)
    raise ValueError("a formula that is right at every point was marked as wrong")


def _answer(reading: Reading, raw: Any) -> Any:
    """The answer for the record: as read, or (where it cannot be read) the start of what stood there."""
    if reading.value is None:
        return None if reading.problem is None else visible(str(raw), 200)
    return _json(reading.value)


def _json(value: Any) -> Any:
    if type(value) is int:
        return value
    if isinstance(value, Decimal):
        return f"{Fraction(value).numerator}/{Fraction(value).denominator}"
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return to_json(value)


def _same(reading: Answer, key: Answer) -> bool:
    return not isinstance(key, (str,)) and type(reading) is type(key) and reading == key


def _whole(answer: Value) -> bool:
    return isinstance(answer, int) or (isinstance(answer, tuple) and all(isinstance(item, int) for item in answer))


PAIR = Text("{count} numbers were asked for; write them as [3, 4]", "所求为 {count} 个数；请写成 [3, 4]")
NOT_AN_ARRAY = Text("rows of numbers were asked for", "所求为若干行数字")
