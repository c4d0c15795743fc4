"""Marks a student's function by what it returned: credit by group of cases, wrong methods recognised on all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.course.calls import Case
from grader.course.code_key import CodeExpected
from grader.course.outputs import Values, same_values
from grader.course.part import CaseGroup
from grader.course.points import number as record_number
from grader.course.starter import untouched
from grader.marking import feedback
from grader.marking.code_run import CodeRun, Run, Unconfined
from grader.marking.code_words import differs, happened, hidden_words, name_of
from grader.marking.record import PartGrade, Verdict
from grader.marking.source import Source
from grader.sandbox.outcome import CallOutcome, ImportRefused, Loaded, NoSuchFunction, Returned, SyntaxFault, Unreadable
from grader.text import Text, visible

NO_PROGRAM = (Unreadable, SyntaxFault, NoSuchFunction, ImportRefused)
OUTPUT = 1000  # characters of what was printed that a record keeps


@dataclass(frozen=True, slots=True)
class _Failure:
    case: Case
    name: str
    words: Text
    wanted: Values


def mark_code(expected: CodeExpected, source: Source | Text | None, run: Run | None, possible: Fraction) -> PartGrade:
    """Marks a program by its run. Nothing is run here.

    Args:
        run: None where it was not run: there is none, or nothing was written in it.
    """
    exercise, part, code = expected.exercise, expected.part, expected.code
    own = source if isinstance(source, Source) else None

    def graded(verdict: Verdict, credit: Fraction, words: Text, mistakes: tuple[str, ...] = (), about: Mapping[str, Any] | None = None) -> PartGrade:
        return PartGrade(
            part=part.id,
            verdict=verdict,
            credit=credit,
            possible=possible,
            answer="sha256:" + hashlib.sha256(own.raw).hexdigest() if own and verdict is not Verdict.BLANK else None,
            read_as=f"{own.lines} lines" if own and verdict not in (Verdict.INVALID, Verdict.BLANK) else None,
            key=None,
            mistakes=mistakes,
            cells=None,
            feedback=words,
            run=about,
        )

    if isinstance(source, Text):
        return graded(Verdict.INVALID, Fraction(0), _unreadable(source))
    if own is None or untouched(code, own.raw):
        return graded(Verdict.BLANK, Fraction(0), NOTHING.fill(function=code.function))
    if run is None or isinstance(run, Unconfined):
        return graded(Verdict.UNGRADED, Fraction(0), feedback.UNGRADED if run is None else UNCONFINED)
    if not isinstance(run.shown.loading, Loaded):
        invalid = isinstance(run.shown.loading, NO_PROGRAM)
        about = _about(run, [], name_of(run.shown.loading))
        return graded(Verdict.INVALID if invalid else Verdict.INCORRECT, Fraction(0), happened(run.shown.loading, own), (), about)
    outcomes = run.calls(expected)
    failures = _failures(expected, outcomes, own)
    groups = [(group, [failures[index] for index, case in enumerate(expected.cases) if case.group == group.id]) for group in code.groups]
    about = _about(run, [_group_json(expected, group, found) for group, found in groups], "loaded")
    share = sum((g.weight for g, found in groups if not any(found)), Fraction(0)) / sum(g.weight for g in code.groups)
    if share == 1:
        return graded(Verdict.CORRECT, share, ALL.fill(count=len(outcomes)), (), about)
    mistakes = recognised(expected, outcomes)
    credit = max(share, min((exercise.mistakes[name].credit for name in mistakes), default=Fraction(0)))
    # Where a wrong method is known, it says more than the list of what it spoils.
    words = feedback.mistake_words(exercise, part, {}, mistakes, own.name, None) if mistakes else _summary(groups)
    words = words + _first(expected, groups)
    return graded(Verdict.PARTIAL if credit else Verdict.INCORRECT, credit, words, mistakes, about)


def recognised(expected: CodeExpected, outcomes: Sequence[CallOutcome]) -> tuple[str, ...]:
    """Every wrong method that gives what the function returned, on every case where it applies; likeliest first.

    A method that happens to be right on all of these is no evidence of anything.
    """
    found = []
    for name in expected.mistakes:
        pairs = [
            (outcome, wrong, right)
            for outcome, wrong, right in zip(outcomes, expected.wrong(name).values, expected.outputs.values, strict=True)
            if wrong is not None
        ]
        shows = any(right is not None and not same_values(wrong, right, expected.part.tolerance) for _, wrong, right in pairs)
        if shows and all(isinstance(outcome, Returned) and same_values(outcome.values, wrong, expected.part.tolerance) for outcome, wrong, _ in pairs):
            found.append(name)
    return tuple(found)


def _failures(expected: CodeExpected, outcomes: Sequence[CallOutcome], source: Source) -> list[_Failure | None]:
    """For each case what went wrong, or None."""
    found: list[_Failure | None] = []
    for case, outcome, wanted in zip(expected.cases, outcomes, expected.outputs.values, strict=True):
        assert wanted is not None, "the reference answers every case"
        if not isinstance(outcome, Returned):
            found.append(_Failure(case, name_of(outcome), happened(outcome, source), wanted))
        elif same_values(outcome.values, wanted, expected.part.tolerance):
            found.append(None)
        else:
            found.append(_Failure(case, *differs(outcome.values, wanted, expected.part.tolerance), wanted))
    return found


def _about(run: CodeRun, groups: list[dict[str, Any]], outcome: str) -> dict[str, Any]:
    """What the record keeps of the run. Nothing in it depends on the clock."""
    return {
        "isolation": str(run.shown.level),
        "outcome": outcome,
        "groups": groups,
        # Of the run that never held a hidden case.
        "output": [visible(line, 200) for line in run.shown.output[-OUTPUT:].splitlines()[-20:]],
    }


def _group_json(expected: CodeExpected, group: CaseGroup, found: Sequence[_Failure | None]) -> dict[str, Any]:
    first = next(filter(None, found), None)
    shown = first if first is not None and not group.hidden else None
    return {
        "group": group.id,
        "title": group.title.to_json(),
        "weight": record_number(group.weight),
        "hidden": group.hidden,
        "cases": len(found),
        "passed": sum(one is None for one in found),
        "first": None if first is None else first.name,
        "call": None if shown is None else shown.case.text(expected.code.function, expected.names),
        "seen": None if first is None else (hidden_words(first.name) if group.hidden else first.words).to_json(),
        "expected": None if shown is None else _brief(shown.wanted),
    }


def _brief(values: Values) -> str:
    """What a call should have returned, on one line: the numbers where they are few, else the shape."""
    texts = [repr(value.tolist()) for value in values]
    return ", ".join(text if len(text) <= 200 else f"shape {value.shape}" for text, value in zip(texts, values, strict=True))


def _summary(groups: Sequence[tuple[CaseGroup, Sequence[_Failure | None]]]) -> Text:
    """Where it works and where it fails; where one follows the other, "until" which group."""
    works = [group for group, found in groups if not any(found)]
    fails = [group for group, found in groups if any(found)]
    if not works:
        return NOWHERE
    if works == [group for group, _ in groups[: len(works)]] and len(works) > 1:
        until = UNTIL.en.format(group=fails[0].title.en), UNTIL.zh.format(group=fails[0].title.zh)
        return Text(*until) if len(fails) == 1 else Text(*until) + _listed(FAILS_ALSO, fails[1:])
    return _listed(WORKS, works) + _listed(FAILS, fails)


def _first(expected: CodeExpected, groups: Sequence[tuple[CaseGroup, Sequence[_Failure | None]]]) -> Text:
    """The first case that fails and may be seen, and what happened there; where all that fail are hidden, in general words."""
    failed = [(group, one) for group, found in groups for one in found if one is not None]
    seen = next((one for group, one in failed if not group.hidden), None)
    if seen is not None:
        call = visible(seen.case.text(expected.code.function, expected.names), 400)
        return Text(f"{call}: {seen.words.en}", f"{call}：{seen.words.zh}")
    words = hidden_words(failed[0][1].name)
    return Text(ONLY_HIDDEN.en.format(what=words.en), ONLY_HIDDEN.zh.format(what=words.zh))


def _listed(sentence: Text, groups: Sequence[CaseGroup]) -> Text:
    return Text(sentence.en.format(groups="; ".join(g.title.en for g in groups)), sentence.zh.format(groups="；".join(g.title.zh for g in groups)))


def _unreadable(problem: Text) -> Text:
    return Text(feedback.UNREADABLE.en.format(why=problem.en), feedback.UNREADABLE.zh.format(why=problem.zh))


NOTHING = Text(
    "There is no {function} here yet: nothing was handed in, or what you were given as it was.", "尚未编写 {function}：没有提交，或提交的仍与发放时相同。"
)
UNCONFINED = Text(
    "The program was not run, since nothing would confine it on this machine; this is not your fault, and a person will look at it.",
    "程序没有运行，因为这台机器无法隔离学生代码；这不是你的问题，会有人工处理。",
)
ALL = Text("Right: it passes all {count} cases.", "正确：通过了全部 {count} 个测试。")
UNTIL = Text("It works until {group}.", "前面的情况都正确，直到“{group}”时出错。")
WORKS = Text("It works where {groups}.", "以下情况正确：{groups}。")
FAILS = Text("It fails where {groups}.", "以下情况出错：{groups}。")
FAILS_ALSO = Text("It also fails where {groups}.", "以下情况也出错：{groups}。")
NOWHERE = Text("No group of cases passes.", "没有一组测试通过。")
ONLY_HIDDEN = Text("The cases that fail are not shown; what came out: {what}.", "出错的测试不公开；结果：{what}。")
