"""The levels of an exercise: the same question with other numbers."""

from __future__ import annotations

from collections.abc import Callable

from grader.course.faults import nearest
from grader.course.schema import ExerciseModel
from grader.documents import Place

LEVELS = {"1": 1, "2": 2, "3": 3}
_WHOLE = ("where", "work", "may_coincide", "only_pinned")

Report = Callable[[Place, str, str], None]
"""Takes a fault: its place within the level, what is wrong, and how to put it right."""


def at_level(model: ExerciseModel, name: str, report: Report) -> ExerciseModel | None:
    """An exercise file as it reads at the level that stands by this name under its `levels`.

    The level's `draw` takes the place of the file's name by name, in the file's order: in that order numbers are drawn.
    `where`, `work`, `may_coincide` and `only_pinned` are the level's own, whole, where it has them. `minutes` always is.

    Returns:
        None where there can be no such level; `report` was told why.
    """
    changes, level = model.levels[name], LEVELS.get(name)
    if level is None:
        report((), f"'{name}' is no level", "the levels are 1, 2 and 3")
        return None
    if level == model.level:
        report((), f"level {level} is what stands outside `levels`", "leave it out here, or correct `level:`")
        return None
    whole = {key: found for key in _WHOLE if (found := getattr(changes, key)) is not None}
    if not changes.draw and not whole:
        report((), f"level {level} changes nothing", f"write what differs from level {model.level} under `draw:`, or leave it out")
    for drawn in changes.draw:
        if drawn not in model.draw:
            report(("draw", drawn), f"'{drawn}' is not drawn at level {model.level}", nearest(drawn, model.draw))
    draw = {drawn: changes.draw.get(drawn, rule) for drawn, rule in model.draw.items()}
    return model.model_copy(update={"level": level, "levels": {}, "minutes": changes.minutes, "draw": draw, **whole})
