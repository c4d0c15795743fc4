"""What the rules of `draw` need of the solution: given that it computes, and given that may be left out."""

from __future__ import annotations

from collections.abc import Iterator

from grader.course.exercise import Exercise
from grader.course.faults import Fault, Source, nearest
from grader.course.rules import Choice, Constant, Derived


def rule_faults(exercise: Exercise, source: Source) -> Iterator[Fault]:
    """Given that is computed, and given that is left out: what the solution has to have for them."""
    solution, names = exercise.solution, list(exercise.draw)
    for index, (name, rule) in enumerate(exercise.draw.items()):
        if not isinstance(rule, Derived):
            continue
        if name in exercise.not_given:
            yield source.fault(("draw", name), f"'{name}' is computed, so it is given", "take it out of `not_given`", exercise.within)
            continue
        if name not in solution.derived:
            yield source.fault(("draw", name), f'{exercise.solution_file} has no @derived("{name}")', nearest(name, solution.derived), exercise.within)
            continue
        for taken in sorted(solution.derived[name].takes & solution.parameters.keys()):
            if taken in names[index:] or taken in exercise.not_given or (taken not in names and solution.parameters[taken].required):
                yield source.fault(("draw", name), f"it is computed from {taken}, which is not drawn above it", "move it below", exercise.within)
    if exercise.leave_out is None:
        return
    asking = exercise.draw.get(exercise.leave_out)
    asked = (asking.value,) if isinstance(asking, Constant) else asking.options if isinstance(asking, Choice) else ()
    if not asked:
        yield source.fault(("leave_out",), f"'{exercise.leave_out}' is no choice among names", f"draw `{exercise.leave_out}: {{choice: [name, name]}}`")
    for name in asked:
        if name not in exercise.draw or name == exercise.leave_out or isinstance(exercise.draw[name], Derived):
            cure = nearest(str(name), [drawn for drawn in names if drawn != exercise.leave_out])
            yield source.fault(("draw", exercise.leave_out), f"'{name}' is drawn by no rule, so it cannot be left out", cure, exercise.within)
        elif name in solution.parameters and solution.parameters[name].required:
            what = f"'{name}' may be left out, and the reference of {exercise.solution_file} needs it"
            yield source.fault(("draw", exercise.leave_out), what, f"give that argument the default None: {name}: int | None = None", exercise.within)
