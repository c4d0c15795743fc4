"""`course.yaml` as the rest of the grader knows it: loaded once, everything checked, then trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grader.course.exercise import Exercise
from grader.course.exercise_file import check_solution, exact, read_exercise
from grader.course.faults import CourseError, Fault, Source, nearest
from grader.course.part import Code
from grader.course.policies import Attempts, Late, Policies, duration, moment
from grader.course.roster import STUDENT_ID, Student, read_roster
from grader.course.schema import CourseModel, EntryModel, PoliciesModel, check
from grader.course.values import Given, GivenError, describe
from grader.documents import Place
from grader.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an assignment's slots. Its slots are drawn together; `points` is what all of them are worth."""

    exercise: Exercise
    slots: tuple[str, ...]
    points: Fraction
    given: Given | None = None  # pinned by the instructor

    @property
    def group(self) -> str:
        """The name its slots are drawn under: the first one's."""
        return self.slots[0]

    @property
    def share(self) -> Fraction:
        """What each of its slots is worth."""
        return self.points / len(self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    id: str
    title: Text
    entries: tuple[Entry, ...]
    policies: Policies
    opens: datetime | None = None
    due: datetime | None = None

    @property
    def possible(self) -> Fraction:
        return sum((entry.points for entry in self.entries), Fraction(0))

    @property
    def programs(self) -> Mapping[str, Code]:
        """The slots that ask for a program, each with what it asks for."""
        asked = ((entry, entry.exercise.code_part) for entry in self.entries)
        return {slot: part.code for entry, part in asked if part is not None and part.code is not None for slot in entry.slots}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    id: str
    title: Text
    folder: Path
    languages: tuple[str, ...]
    timezone: ZoneInfo
    store: str
    public_seed: str | None
    assignments: Mapping[str, Assignment]
    exercises: Mapping[str, Exercise]
    roster: Mapping[str, Student] | None  # None: no roster named, any valid id may hand in

    def assignment(self, name: str) -> Assignment:
        """Raises KeyError with a cure: there is no such assignment."""
        if name not in self.assignments:
            raise KeyError(f"course.yaml has no assignment '{name}'; {nearest(name, self.assignments)}")
        return self.assignments[name]


def load_course(folder: Path, *, solutions: bool = True, assignment: str | None = None) -> Course:
    """The course in a folder, all of it checked.

    Args:
        solutions: also load and check every solution, which imports torch. Without it a front end that
            only reads records starts fast.
        assignment: read only this one, its exercises and the students' ids, for a process that has nothing to do with the rest.

    Raises:
        CourseError: every fault of every file, together.
    """
    source = Source.read(folder / "course.yaml", "course.yaml")
    try:
        model = check(CourseModel, source)
    except CourseError as error:
        exercises, faults = _exercises(folder, solutions)
        raise CourseError([*error.faults, *_unknown_exercises(source, exercises), *faults]) from error
    wanted = [name for name in model.assignments if assignment in (None, name)]
    exercises, faults = _exercises(
        folder, solutions, None if assignment is None else {line.exercise for name in wanted for line in model.assignments[name].slots}
    )
    builder = _Builder(source, exercises, {fault.file for fault in faults})
    timezone = builder.timezone(model.timezone)
    policies = builder.policies(("policies",), model.policies, Policies())
    assignments = {name: builder.assignment(name, policies, timezone, model, solutions) for name in wanted}
    roster: dict[str, Student] | None = None
    if model.roster is not None:
        try:
            roster = read_roster(folder / model.roster, model.roster, named=assignment is None)
        except CourseError as error:
            faults += error.faults
    if builder.faults or faults:
        raise CourseError([*builder.faults, *faults])
    return Course(
        id=model.course,
        title=Text(model.title.en, model.title.zh),
        folder=folder,
        languages=tuple(dict.fromkeys(model.languages)),
        timezone=timezone,
        store=model.store,
        public_seed=model.public_seed,
        assignments=assignments,
        exercises=exercises,
        roster=roster,
    )


def load_exercise(folder: Path, exercise_id: str) -> Exercise:
    """One exercise of a course folder, with its solution, and nothing else.

    Raises:
        KeyError: there is no such exercise.
        CourseError: its faults.
    """
    known = [path.stem for path in (folder / "exercises").glob("*.yaml")]
    if exercise_id not in known:
        raise KeyError(f"there is no exercise '{exercise_id}'; {nearest(exercise_id, known)}")
    exercise = read_exercise(folder, exercise_id)
    faults = check_solution(exercise, Source.read(folder / exercise.file, exercise.file))
    if faults:
        raise CourseError(faults)
    return exercise


def _exercises(folder: Path, solutions: bool, wanted: Container[str] | None = None) -> tuple[dict[str, Exercise], list[Fault]]:
    found: dict[str, Exercise] = {}
    faults: list[Fault] = []
    for path in sorted((folder / "exercises").glob("*.yaml")):
        if wanted is not None and path.stem not in wanted:
            continue
        try:
            found[path.stem] = read_exercise(folder, path.stem)
            if solutions:
                faults += check_solution(found[path.stem], Source.read(path, f"exercises/{path.name}"))
        except CourseError as error:
            faults += error.faults
    return found, list(dict.fromkeys(faults))  # a solution may serve several exercises


def _unknown_exercises(source: Source, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    """Slots that name no exercise, in a course.yaml whose shape is faulty elsewhere, so that all is said at once."""
    assignments = source.document.data.get("assignments") if isinstance(source.document.data, dict) else None
    for name, found in assignments.items() if isinstance(assignments, dict) else ():
        slots = found.get("slots") if isinstance(found, dict) else None
        for index, line in enumerate(slots if isinstance(slots, list) else ()):
            wanted = line.get("exercise") if isinstance(line, dict) else None
            if isinstance(wanted, str) and wanted not in exercises:
                yield source.fault(("assignments", name, "slots", index, "exercise"), f"there is no exercise '{wanted}'", nearest(wanted, exercises))


class _Builder:
    """Builds assignments from the model of course.yaml and collects what does not fit."""

    def __init__(self, source: Source, exercises: Mapping[str, Exercise], faulty: Iterable[str]) -> None:
        self.source = source
        self.exercises = exercises
        self.faulty = frozenset(faulty)
        self.faults: list[Fault] = []

    def fault(self, place: Place, what: str, cure: str) -> None:
        self.faults.append(self.source.fault(place, what, cure))

    def timezone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.fault(("timezone",), f"unknown time zone '{name}'", "write one like Asia/Shanghai or UTC")
            return ZoneInfo("UTC")

    def policies(self, place: Place, model: PoliciesModel, base: Policies) -> Policies:
        attempts, late = base.attempts, base.late
        if model.attempts is not None:
            penalty = self.share((*place, "attempts", "penalty"), model.attempts.penalty)
            attempts = Attempts(model.attempts.count, model.attempts.keep, penalty)
        if model.late is not None:
            where = (*place, "late")
            grace = self.parsed((*where, "grace"), model.late.grace, duration, "a length of time", "write 15m, 2h or 3d")
            until = None
            if model.late.until is not None:
                until = self.parsed((*where, "until"), model.late.until, duration, "a length of time", "write 15m, 2h or 3d")
            late = Late(grace or Late().grace, self.share((*where, "per_day"), model.late.per_day), until)
        return Policies(model.feedback or base.feedback, attempts, late)

    def assignment(self, name: str, base: Policies, timezone: ZoneInfo, model: CourseModel, solutions: bool) -> Assignment:
        place: Place = ("assignments", name)
        found = model.assignments[name]
        if STUDENT_ID.fullmatch(name) is None:
            self.fault(place, f"'{name}' is no valid name", "use letters, digits and _ . + -: it names folders")
        times = [
            self.parsed((*place, key), raw, lambda text: moment(text, timezone), "a time", "write it as 2026-12-08 23:59") if raw else None
            for key, raw in (("opens", found.opens), ("due", found.due))
        ]
        if times[0] and times[1] and times[0] > times[1]:
            self.fault((*place, "due"), "is before `opens`", "correct one of the two")
        entries = [
            entry
            for index, (line, slots) in enumerate(zip(found.slots, slot_names(found.slots), strict=True))
            if (entry := self.entry((*place, "slots", index), line, slots, solutions)) is not None
        ]
        names: set[str] = set()
        for index, slots in enumerate(slot_names(found.slots)):
            for slot in slots:
                if slot in names:
                    self.fault((*place, "slots", index), f"two slots are named '{slot}'", "give one of them another `slot:`")
                names.add(slot)
        return Assignment(
            id=name,
            title=Text(found.title.en, found.title.zh),
            entries=tuple(entries),
            policies=self.policies((*place, "policies"), found.policies, base),
            opens=times[0],
            due=times[1],
        )

    def entry(self, place: Place, line: EntryModel, slots: tuple[str, ...], solutions: bool) -> Entry | None:
        exercise = self.exercises.get(line.exercise)
        if exercise is None:
            if f"exercises/{line.exercise}.yaml" not in self.faulty:
                self.fault((*place, "exercise"), f"there is no exercise '{line.exercise}'", nearest(line.exercise, self.exercises))
            return None
        if line.level is not None and line.level not in (levels := [known.level for known in exercise.every_level]):
            known = ", ".join(map(str, levels[:-1])) + " and " + str(levels[-1]) if len(levels) > 1 else f"{levels[0]} alone"
            self.fault((*place, "level"), f"'{exercise.id}' has no level {line.level}", f"it has {known}; add the level under `levels:` in {exercise.file}")
            return None
        exercise = exercise.at(line.level or exercise.level)
        points = exercise.points * len(slots) if line.points is None else exact(line.points)
        if points is None or not 0 <= points <= 10_000:
            self.fault((*place, "points"), f"expected a number from 0 to 10000, got {describe(line.points)}", "write points: 2")
            points = Fraction(0)
        if line.given is not None and solutions and exercise.solution_file not in self.faulty:
            try:
                exercise.expect(line.given)
            except GivenError as error:
                what, _, cure = str(error).partition("; ")
                self.fault((*place, "given"), what, cure or "correct the given")
            except CourseError:
                pass  # the solution's own faults are reported where it is checked
            except Exception as error:  # the instructor's own code: whatever it raises is a fault of the course
                self.fault((*place, "given"), f"{exercise.solution_file} fails on it: {type(error).__name__}: {error}", "correct the solution or the given")
        return Entry(exercise=exercise, slots=slots, points=points, given=line.given)

    def share(self, place: Place, raw: Any) -> Fraction:
        value = exact(raw)
        if value is None or not 0 <= value <= 1:
            self.fault(place, f"expected a share from 0 to 1, got {describe(raw)}", "write it as 0.1")
            return Fraction(0)
        return value

    def parsed(self, place: Place, raw: Any, read: Callable[[Any], Any], kind: str, cure: str) -> Any:
        value = read(raw)
        if value is None:
            self.fault(place, f"expected {kind}, got {describe(raw)}", cure)
        return value


def slot_names(lines: list[EntryModel]) -> list[tuple[str, ...]]:
    """The slots of each line: named after the exercise, or by `slot:`; numbered `-1 … -n` where one name covers several."""
    totals = Counter[str]()
    for line in lines:
        if line.slot is None:
            totals[line.exercise] += line.count or 1
    used = Counter[str]()
    names: list[tuple[str, ...]] = []
    for line in lines:
        count = line.count or 1
        if line.slot is not None:
            names.append((line.slot,) if count == 1 else tuple(f"{line.slot}-{n}" for n in range(1, count + 1)))
        elif totals[line.exercise] == 1:
            names.append((line.exercise,))
        else:
            start = used[line.exercise]
            names.append(tuple(f"{line.exercise}-{n}" for n in range(start + 1, start + count + 1)))
            used[line.exercise] += count
    return names
