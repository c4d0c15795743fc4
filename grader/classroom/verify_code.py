"""The author's instrument for code exercises: do the reference, the wrong methods and broken programs get the verdicts they should?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from grader.classroom.code_running import run_source
from grader.course.code_key import CodeExpected, code_of
from grader.course.exercise import Exercise
from grader.course.outputs import Values, same_values
from grader.course.starter import starter
from grader.marking.code import mark_code
from grader.marking.code_run import LIMITS, CodeRun, hidden_groups
from grader.marking.record import PartGrade, Verdict
from grader.marking.source import Source
from grader.sandbox.level import Level
from grader.sandbox.outcome import Loaded, Outcome, Returned
from grader.text import LANGUAGES

SHORT = replace(LIMITS, call_seconds=0.5)  # a program that never ends is not waited for


@dataclass(frozen=True, slots=True)
class CodeVerified:
    """What marking the programs that verification makes up has shown."""

    cases: int
    programs: int
    together: dict[tuple[str, str], str]  # pairs of wrong methods that no case tells apart, and why
    faults: tuple[str, ...]


def verified_code(exercise: Exercise) -> CodeVerified:
    """Verifies a code exercise.

    Raises:
        CourseError: its cases cannot be computed.
    """
    expected = code_of(exercise, exercise.expect({}))
    faults = [*_reference_faults(expected), *(fault for name in exercise.mistakes for fault in _mistake_faults(expected, name)), *_broken_faults(expected)]
    alike = [pair for pair in combinations(expected.mistakes, 2) if _pattern(expected, pair[0]) == _pattern(expected, pair[1])]
    together = dict.fromkeys(alike, "the same values on every case: one method written twice, or a case too few")
    return CodeVerified(len(expected.cases), 1 + len(exercise.mistakes) + len(_broken(expected)), together, tuple(faults))


def graded_values(expected: CodeExpected, values: tuple[Values, ...]) -> PartGrade:
    """The grade of a program that returns these values, one for each case; nothing is run."""
    secret = hidden_groups(expected.code)
    kept = {hidden: [found for case, found in zip(expected.cases, values, strict=True) if (case.group in secret) is hidden] for hidden in (False, True)}
    run = CodeRun(_outcome(kept[False]), _outcome(kept[True]) if kept[True] else None)
    return mark_code(expected, Source("program.py", b"# made up"), run, Fraction(1))


def _outcome(values: list[Values]) -> Outcome:
    return Outcome(
        loading=Loaded(),
        calls=tuple(map(Returned, values)),
        output="",
        printed=0,
        seconds=0.0,
        processor_seconds=0.0,
        peak_memory=0,
        processes=1,
        level=Level.FULL,
    )


def _reference_faults(expected: CodeExpected) -> Iterator[str]:
    found = graded_values(expected, _right(expected))
    if found.verdict is not Verdict.CORRECT or found.mistakes:
        yield f"{expected.exercise.file}: what the reference returns is not marked correct ({found.verdict})"


def _mistake_faults(expected: CodeExpected, name: str) -> Iterator[str]:
    where = f"{expected.exercise.file}: mistakes.{name}"
    if name not in expected.mistakes:
        yield f"{where}: it applies to no case, so it is never seen; add a case where it shows to @cases of {expected.exercise.solution_file}"
        return
    values = tuple(right if wrong is None else wrong for wrong, right in zip(expected.wrong(name).values, _right(expected), strict=True))
    tolerance = expected.part.tolerance
    if all(same_values(wrong, right, tolerance) for wrong, right in zip(values, _right(expected), strict=True)):
        yield f"{where}: it gives the right values on every case, so it is never seen; add a case where it shows to @cases of {expected.exercise.solution_file}"
        return
    found = graded_values(expected, values)
    if name not in found.mistakes:
        yield f"{where}: a program that does this is not recognised ({found.verdict})"
    elif found.credit >= 1:
        yield f"{where}: a program that does this earns everything; lower its credit"


def _broken(expected: CodeExpected) -> dict[str, tuple[str, Verdict]]:
    """Programs that do nothing useful, and the verdict each should get."""
    head = f"def {expected.code.function}({expected.code.signature}):\n    "
    return {
        "the starter file as it is handed out": (starter(expected.code, LANGUAGES), Verdict.BLANK),
        "a program that never ends": (head + "while True: pass\n", Verdict.INCORRECT),
        "a program that raises": (head + "raise ValueError('no')\n", Verdict.INCORRECT),
        "a program that returns nothing": (head + "pass\n", Verdict.INCORRECT),
        "a file without the function": ("x = 1\n", Verdict.INVALID),
        "a file that is no Python": (head, Verdict.INVALID),
    }


def _broken_faults(expected: CodeExpected) -> Iterator[str]:
    for name, (text, verdict) in _broken(expected).items():
        source = Source("program.py", text.encode())
        # Our own programs: they may run where nothing would confine a student's.
        found = mark_code(expected, source, run_source(expected, source, trust=True, limits=SHORT), Fraction(1))
        if found.verdict is not verdict or found.credit:
            yield f"{expected.exercise.file}: {name} is marked {found.verdict} with credit {found.credit}, not {verdict} with none"


def _right(expected: CodeExpected) -> tuple[Values, ...]:
    return tuple(values for values in expected.outputs.values if values is not None)


def _pattern(expected: CodeExpected, name: str) -> tuple[object, ...]:
    return tuple(None if values is None else [value.tolist() for value in values] for values in expected.wrong(name).values)
