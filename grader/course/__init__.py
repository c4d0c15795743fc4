"""The course: `course.yaml`, exercises and solutions. What authors of solutions import stands here."""

from grader.course.formula import Formula
from grader.course.solution import Answers, Implausible, OneOf, follow, mistake, reference
from grader.course.values import Size, pair

__all__ = ["Answers", "Formula", "Implausible", "OneOf", "Size", "follow", "mistake", "pair", "reference"]
