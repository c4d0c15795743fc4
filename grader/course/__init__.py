"""The course: `course.yaml`, exercises and solutions. What authors of solutions import stands here."""

from grader.course.formula import Formula
from grader.course.network import Step, walk
from grader.course.parameter import Layers, Shape
from grader.course.solution import Answers, Implausible, OneOf, cases, derived, follow, mistake, reference
from grader.course.values import Size, check_rows, pair, per_axis

__all__ = [
    "Answers",
    "Formula",
    "Implausible",
    "Layers",
    "OneOf",
    "Shape",
    "Size",
    "Step",
    "cases",
    "check_rows",
    "derived",
    "follow",
    "mistake",
    "pair",
    "per_axis",
    "reference",
    "walk",
]
