"""What running a program has shown, group by group, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.marking.record import PartGrade, Verdict
from grader.text import Text, visible
from grader.variants.given import WIDTH, wrapped

INDENT = "  "
LONG = 400


def program_text(graded: PartGrade, language: str, *, keys: bool) -> str:
    """The groups of cases with what came of them, in the order of the exercise; then what was printed.

    Args:
        keys: whether it may be shown what a call should have returned.
    """
    return "\n".join(visible(line, LONG).rstrip() for line in _lines(graded, language, keys=keys))


def _lines(graded: PartGrade, language: str, *, keys: bool) -> Iterator[str]:
    run = graded.run or {}
    for group in run.get("groups", ()):
        yield from _group(group, language, keys=keys)
    if graded.verdict is not Verdict.CORRECT and (graded.mistakes or not run.get("groups")):
        yield from wrapped(graded.feedback[language])
    if graded.verdict is Verdict.CORRECT:
        yield graded.feedback[language]
    if printed := run.get("output"):
        yield PRINTED[language]
        yield from (INDENT + line for line in printed)


def _group(group: dict[str, Any], language: str, *, keys: bool) -> Iterator[str]:
    passed = group["passed"] == group["cases"]
    yield f"{'✓' if passed else '✗'} {group['title'][language]}  {group['passed']}/{group['cases']}"
    if passed:
        return
    texts = [group["call"], group["seen"][language]]
    if keys and group["expected"] is not None:
        texts.append(EXPECTED[language].format(expected=group["expected"]))
    for text in filter(None, texts):
        yield from (INDENT + line for line in wrapped(text, WIDTH - len(INDENT)))


PRINTED = Text("It printed, at the end:", "最后输出的内容：")
EXPECTED = Text("Right is {expected}.", "正确结果为 {expected}。")
