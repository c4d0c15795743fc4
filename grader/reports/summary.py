"""A class in two lines: how many, how well, and the commonest mistakes. Of each student one number is kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, median

from grader.classroom.statistics import MistakeCount, MistakeTally
from grader.course.course import Assignment, Course
from grader.course.points import number
from grader.marking.outline import standings
from grader.marking.record import Status
from grader.text import Text, visible

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A class summed up."""

    students: int  # on the roster, and everyone else who handed something in
    graded: int
    mean: float | None
    median: float | None
    mistakes: tuple[MistakeCount, ...]  # commonest first
    look: tuple[str, ...]  # students whose record that counts is refused or failed


def summary(course: Course, assignment: Assignment, records: Iterable[str]) -> Summary:
    """Sums up records given as JSON texts, those of one student together, as the store gives them."""
    roster = course.roster or {}
    students, scores, tally, look = len(roster), array("d"), MistakeTally(), []
    for standing in standings(records, assignment.policies.attempts):
        students += standing.student not in roster
        if standing.outline is None or standing.data is None:
            continue
        if standing.outline.status is not Status.REFUSED:
            scores.append(float(standing.outline.score))
        if standing.outline.status is not Status.GRADED:
            look.append(standing.student)
        tally.add((slot["exercise"], part["mistakes"]) for slot in standing.data["slots"] for part in slot["parts"])
    return Summary(
        students=students,
        graded=len(scores),
        mean=fmean(scores) if scores else None,
        median=median(scores) if scores else None,
        mistakes=tally.counts(),
        look=tuple(look),
    )


def grades_text(found: Summary, possible: Fraction, language: str = "en") -> str:
    """How many, and how well."""
    if found.mean is None or found.median is None:
        return NOTHING[language]
    middle = {"mean": f"{found.mean:.2f}", "median": f"{found.median:.2f}"}
    return GRADED.fill(graded=found.graded, students=found.students, possible=number(possible), **middle)[language]


def mistakes_text(found: Summary, language: str = "en") -> str:
    """The commonest mistakes with how many students made each; empty where none was seen.

    A student whose answers fit n mistakes equally counts 1/n for each.
    """
    named = [
        ONE.fill(mistake=visible(one.mistake, 40), exercise=visible(one.exercise, 40), students=students(one.students))[language]
        for one in found.mistakes[:NAMED]
    ]
    return COMMONEST[language] + BETWEEN[language].join(named) if named else ""


def students(count: Fraction) -> str:
    """A number of students, shares of them to one decimal."""
    return str(count.numerator) if count.denominator == 1 else f"{float(count):.1f}"


BETWEEN = Text(", ", "，")
NOTHING = Text("nothing is graded yet", "尚无评分")
GRADED = Text(
    "{graded} graded of {students}; mean {mean}, median {median} of {possible} points",
    "{students} 人中已评分 {graded} 人；平均分 {mean}，中位数 {median}，满分 {possible}",
)
COMMONEST = Text("commonest mistakes: ", "最常见的错误：")
ONE = Text("{mistake} in {exercise} ({students})", "{exercise} 中的 {mistake}（{students} 人）")
