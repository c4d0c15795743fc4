"""The shape of course files, as pydantic models, and pydantic's complaints turned into faults with a cure.

The models say which keys there are and of what type; what the keys mean together is checked where the
frozen dataclasses are built from them (`exercise.py`, `course.py`).
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from grader.course.faults import CourseError, Fault, Source, nearest
from grader.course.values import describe
from grader.documents import Place

Kind = Literal["integer", "number", "vector", "shape", "array", "choice", "choices", "formula", "code"]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextModel(Model):
    en: StrictStr = Field(min_length=1)
    zh: StrictStr = Field(min_length=1)


class OptionModel(TextModel):
    """An option, with what a student who is wrong about it reads."""

    why: TextModel | None = None


class CaseGroupModel(Model):
    title: TextModel
    weight: Any = 1
    hidden: StrictBool = False


class PartModel(Model):
    kind: Kind
    weight: Any = 1
    title: TextModel | None = None
    follows: list[StrictStr] = []
    follow_credit: Any = None
    names: list[StrictStr] = []
    each: StrictStr | None = None
    axes: Any = None
    options: dict[StrictStr, OptionModel] = {}
    options_from: StrictStr | None = None
    tolerance: Any = None
    function: StrictStr | None = Field(None, pattern=r"^[a-z][a-z0-9_]*$")
    signature: StrictStr | None = None
    contract: TextModel | None = None
    groups: dict[StrictStr, CaseGroupModel] = {}


class MistakeModel(TextModel):
    credit: Any = 0


class WorkModel(Model):
    cells: list[StrictInt] | None = Field(None, min_length=2, max_length=2)
    multiply_adds: list[StrictInt] | None = Field(None, min_length=2, max_length=2)
    digits: list[StrictInt] | None = Field(None, min_length=2, max_length=2)


class LevelModel(Model):
    """What another level of an exercise draws: names of `draw` one by one, the rest whole. None: as the exercise's own level."""

    minutes: Any = None
    draw: dict[StrictStr, Any] = {}
    where: list[StrictStr] | None = None
    work: WorkModel | None = None
    may_coincide: list[StrictStr] | None = None
    only_pinned: list[StrictStr] | None = None


class ExerciseModel(Model):
    id: StrictStr = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    title: TextModel
    solution: StrictStr = Field(pattern=r"^[a-z][a-z0-9_]*$")
    points: Any = 1
    level: Literal[1, 2, 3] = 1
    minutes: Any = None
    draw_version: StrictInt = Field(1, ge=1)
    draw: dict[StrictStr, Any] = {}
    where: list[StrictStr] = []
    work: WorkModel | None = None
    may_coincide: list[StrictStr] = []
    only_pinned: list[StrictStr] = []
    leave_out: StrictStr | None = None
    not_given: list[StrictStr] = []
    levels: dict[StrictStr, LevelModel] = {}
    prompt: TextModel
    explanation: TextModel | None = None
    parts: dict[StrictStr, PartModel] = Field(min_length=1)
    mistakes: dict[StrictStr, MistakeModel] = {}


class AttemptsModel(Model):
    count: StrictInt = Field(3, ge=1)
    keep: Literal["best", "last"] = "best"
    penalty: Any = 0


class LateModel(Model):
    grace: Any = "0m"
    per_day: Any = 0
    until: Any = None


class PoliciesModel(Model):
    feedback: Literal["now", "after_due", "never"] | None = None
    attempts: AttemptsModel | None = None
    late: LateModel | None = None


class EntryModel(Model):
    exercise: StrictStr
    slot: StrictStr | None = Field(None, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    points: Any = None
    count: StrictInt | None = Field(None, ge=1, le=50)
    level: Literal[1, 2, 3] | None = None
    given: dict[StrictStr, Any] | None = None


class AssignmentModel(Model):
    title: TextModel
    opens: StrictStr | None = None
    due: StrictStr | None = None
    policies: PoliciesModel = PoliciesModel()
    slots: list[EntryModel] = Field(min_length=1)


class CourseModel(Model):
    course: StrictStr = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
    title: TextModel
    languages: list[Literal["en", "zh"]] = Field(["en", "zh"], min_length=1)
    timezone: StrictStr = "UTC"
    roster: StrictStr | None = None
    store: StrictStr = "sqlite:///grades.db"
    public_seed: StrictStr | None = None
    policies: PoliciesModel = PoliciesModel()
    assignments: dict[StrictStr, AssignmentModel] = Field(min_length=1)


M = TypeVar("M", bound=BaseModel)


def check(model: type[M], source: Source) -> M:
    """The document as a model.

    Raises:
        CourseError: every fault pydantic found, at its line.
    """
    try:
        return model.model_validate(source.document.data)
    except ValidationError as error:
        raise CourseError([_fault(source, dict(found), model) for found in error.errors()]) from error


def _fault(source: Source, found: dict[str, Any], model: type[BaseModel]) -> Fault:
    place: Place = tuple(step for step in found["loc"] if step != "[key]")
    kind, given = found["type"], found.get("input")
    name = str(place[-1]) if place else ""
    context = found.get("ctx", {})
    match kind:
        case "missing":
            if name in ("en", "zh"):
                language = {"en": "English", "zh": "Chinese"}[name]
                return source.fault(place[:-1], f"the {language} text is missing", f"add `{name}:`, students read it")
            return source.fault(place[:-1], f"'{name}' is missing", f"add `{name}:`")
        case "extra_forbidden":
            return source.fault(place, f"unknown key '{name}'", nearest(name, _keys(model, place[:-1])))
        case "string_pattern_mismatch":
            return source.fault(place, f"'{given}' is no valid name", f"it must match {context['pattern']}")
        case "literal_error":
            return source.fault(place, f"expected {context['expected']}, got {describe(given)}", "choose one of these")
        case "int_type" | "int_from_float":
            cure = "remove the quotes" if isinstance(given, str) and given.lstrip("+-").isdigit() else "write a whole number"
            return source.fault(place, f"expected an int, got {'the string ' if type(given) is str else ''}{describe(given)}", cure)
        case "string_type":
            return source.fault(place, f"expected text, got {describe(given)}", "write words; put numbers and dates in quotes")
        case "dict_type" | "model_type":
            return source.fault(place, f"expected a mapping, got {describe(given)}", "write `key: value` lines")
        case "list_type":
            return source.fault(place, f"expected a list, got {describe(given)}", "write `- item` lines or [item, item]")
        case "too_short" | "too_long" if context.get("min_length") == 2 or kind == "too_long":
            wanted = context.get("min_length", context.get("max_length"))
            return source.fault(place, f"expected {wanted} items, got {context['actual_length']}", "write that many")
        case "too_short":
            return source.fault(place, "is empty", "write at least one")
        case "string_too_short":
            return source.fault(place, "is empty", "write the words")
        case "greater_than_equal" | "less_than_equal":
            wanted = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
            return source.fault(place, f"expected {wanted}, got {describe(given)}", "correct the number")
        case _:
            return source.fault(place, found["msg"][0].lower() + found["msg"][1:], "correct the value")


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """The keys a model knows at a place, walking through lists and mappings of models."""
    current = model
    for step in place:
        if isinstance(step, str) and step in current.model_fields:
            current = _model_in(current.model_fields[step].annotation) or current
    return list(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (inner := _model_in(argument)) is not None:
            return inner
    return None
