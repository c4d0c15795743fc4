"""What running a program has shown, group by group: as rows for any view, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.marking.record import PartGrade, Verdict
from grader.text import Text, visible
from grader.variants.given import WIDTH, wrapped

INDENT = "  "
LONG = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of cases, and of those that fail in it the first."""

    title: Text
    hidden: bool
    passed: int
    cases: int
    call: str | None  # None: nothing fails, or it may not be seen
    seen: Text | None
    expected: str | None  # what the call should have returned; None where that is not shown

    @property
    def right(self) -> bool:
        return self.passed == self.cases

    @property
    def verdict(self) -> Verdict:
        return Verdict.CORRECT if self.right else Verdict.INCORRECT


def group_rows(graded: PartGrade, *, keys: bool) -> tuple[GroupRow, ...]:
    """The groups in the order of the exercise; none where the program was not run.

    Args:
        keys: whether it may be shown what a call should have returned.
    """
    return tuple(
        GroupRow(
            title=Text(**group["title"]),
            hidden=group["hidden"],
            passed=group["passed"],
            cases=group["cases"],
            call=None if group["call"] is None else visible(group["call"], LONG),
            seen=None if group["seen"] is None else Text(**group["seen"]),
            expected=group["expected"] if keys else None,
        )
        for group in (graded.run or {}).get("groups", ())
    )


def explained(graded: PartGrade, language: str, *, keys: bool, told: str | None = None) -> Iterator[tuple[GroupRow, tuple[str, ...]]]:
    """The groups, each with what there is to say of the first case that fails in it, line by line.

    Args:
        told: what a reader has read before. Nothing is said again then: not what stands there, and not the same words for a
            second group. None: everything is said.
    """
    said: set[str] = set()
    for row in group_rows(graded, keys=keys):
        yield row, tuple(_details(row, language, told or "", () if told is None else said))
        said |= {row.seen[language]} if row.seen else set()


def _details(row: GroupRow, language: str, told: str, said: Collection[str]) -> Iterator[str]:
    if row.seen is None or (words := row.seen[language]) in said:
        return
    if row.call is None or f"{row.call}{BETWEEN[language]}{words}" not in told:
        yield from filter(None, (row.call, words))
    if row.expected is not None:
        yield EXPECTED[language].format(expected=row.expected)


def printed(graded: PartGrade) -> tuple[str, ...]:
    """The last lines that the program printed."""
    return tuple((graded.run or {}).get("output", ()))


def program_lines(graded: PartGrade, language: str, *, keys: bool, told: str | None = None, width: int = WIDTH) -> Iterator[str]:
    """The groups with what came of them, then what was printed."""
    for row, details in explained(graded, language, keys=keys, told=told):
        hidden = HIDDEN[language] if row.hidden else ""
        yield f"{'✓' if row.right else '✗'} {row.title[language]}{hidden}  {row.passed}/{row.cases}"
        for text in details:
            yield from (INDENT + line for line in wrapped(text, width - len(INDENT)))
    if lines := printed(graded):
        yield PRINTED[language]
        yield from (INDENT + line for line in lines)


def program_text(graded: PartGrade, language: str, *, keys: bool) -> str:
    """What `grader try` prints: the groups, what was printed, and in words what is wrong where the groups do not say it."""
    return "\n".join(visible(line, LONG).rstrip() for line in _lines(graded, language, keys=keys))


def _lines(graded: PartGrade, language: str, *, keys: bool) -> Iterator[str]:
    yield from program_lines(graded, language, keys=keys)
    if graded.verdict is Verdict.CORRECT:
        yield graded.feedback[language]
    elif graded.mistakes or not group_rows(graded, keys=keys):
        yield from wrapped(graded.feedback[language])


BETWEEN = Text(": ", "：")  # a call and what came of it, in feedback
HIDDEN = Text(" (hidden)", "（不公开）")
PRINTED = Text("It printed, at the end:", "最后输出的内容：")
EXPECTED = Text("Right is {expected}.", "正确结果为 {expected}。")
