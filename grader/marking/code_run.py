"""What running a student's file has come to, as data: grading compares it, and runs nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course.code_key import CodeExpected
from grader.course.part import Code
from grader.sandbox.call import Call, Expected, Limits
from grader.sandbox.outcome import CallOutcome, Loaded, NotRun, Outcome, Why

LIMITS = Limits(results=8 << 20)
"""What a file may use up on the cases of one exercise. The arrays of a case are small, and so is what they lead to."""


@dataclass(frozen=True, slots=True, eq=False)
class CodeRun:
    """A file, run in two processes of its own.

    The process that runs hidden cases says nothing but what it returned: text that came from it (a message, what was
    printed) might repeat their values. The other one never holds them.
    """

    shown: Outcome  # of the cases that students may see
    hidden: Outcome | None  # of the others; None where there are none, or the program could not be used at all

    def calls(self, expected: CodeExpected) -> tuple[CallOutcome, ...]:
        """The outcome of each case, in order."""
        secret = hidden_groups(expected.code)
        own = iter(self.shown.calls)
        others = iter(self.hidden.calls if self.hidden is not None and isinstance(self.hidden.loading, Loaded) else ())
        return tuple(next(others, NotRun(Why.FILE)) if case.group in secret else next(own) for case in expected.cases)


@dataclass(frozen=True, slots=True)
class Unconfined:
    """The program was not run, since nothing would confine it here. That is not the student's fault."""

    reason: str


Run = CodeRun | Unconfined


def hidden_groups(code: Code) -> frozenset[str]:
    return frozenset(group.id for group in code.groups if group.hidden)


def calls_of(expected: CodeExpected, *, hidden: bool) -> list[Call]:
    """The calls to make, in the order of the cases: of those that are hidden, or of the others."""
    secret = hidden_groups(expected.code)
    return [
        # Of any shape: a wrong method may lead to another one, and is recognised by it.
        Call(function=expected.code.function, positional=case.positional, named=case.named, expected=(Expected(),) * len(values or ()))
        for case, values in zip(expected.cases, expected.outputs.values, strict=True)
        if (case.group in secret) is hidden
    ]
