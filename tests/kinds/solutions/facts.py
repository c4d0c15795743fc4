"""Statements, some of them true. The key is a set, and may be empty."""

from grader.course import Answers, mistake, reference

TRUE = {"stride-shrinks", "padding-grows", "groups-split"}


@reference
def facts(statements: tuple[str, ...]) -> Answers:
    return {"true_ones": TRUE & set(statements)}


@mistake("everything")
def everything(statements: tuple[str, ...]) -> Answers:
    return {"true_ones": set(statements)}
