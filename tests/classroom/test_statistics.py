"""Item statistics against pingouin, pandas and numpy, by hand, and by laws; and which method a student used."""

from __future__ import annotations

import importlib
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.statistics import MistakeCount, alpha, counting, discrimination, methods_shown, statistics
from grader.course.course import Course
from grader.course.policies import Attempts
from grader.marking.record import Adjustment, PartGrade, Record, SlotGrade, Status, Verdict
from grader.text import Text
from tests.classroom.test_copies import Simulated, simulated, simulated_sheets

WORDS = Text("Seen.", "所见。")
HALF = Fraction(1, 2)


def part(credit: Fraction | int = 0, verdict: Verdict = Verdict.INCORRECT, mistakes: tuple[str, ...] = (), answer: Any = 1) -> PartGrade:
    return PartGrade(
        part="value", verdict=verdict, credit=Fraction(credit), possible=Fraction(1), answer=answer, read_as=None, key=1, mistakes=mistakes, cells=None, feedback=WORDS
    )  # fmt: skip


def slot(name: str, *parts: PartGrade, exercise: str = "e", possible: Fraction | int | None = None) -> SlotGrade:
    whole = Fraction(len(parts) if possible is None else possible)
    return SlotGrade(slot=name, exercise=exercise, variant="0", possible=whole, parts=tuple(replace(p, possible=whole / len(parts)) for p in parts))


def record(student: str, *slots: SlotGrade, **fields: Any) -> Record:
    about: dict[str, Any] = {"attempt": 1, "submitted_at": None, "status": Status.GRADED, **fields}
    return Record(course="c", assignment="a", student=student, submission="sha256:0", graded_at="2026-12-01T00:00:00+00:00", possible=Fraction(1), slots=slots, **about)  # fmt: skip


def records_of(shares: Sequence[Sequence[Fraction]], possible: Sequence[int]) -> list[Record]:
    """Records with these shares of the points: students × slots."""
    return [record(f"s{n}", *(slot(f"q{i}", part(share), possible=whole) for i, (share, whole) in enumerate(zip(row, possible, strict=True)))) for n, row in enumerate(shares)]  # fmt: skip


def a_class(seed: int, students: int = 150) -> tuple[list[list[Fraction]], list[int]]:
    """Shares of points that hang together, in eighths, and what the slots are worth."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=(students, 1))
    raw = np.clip(np.round(4 + 2 * ability + 2 * rng.normal(size=(students, 6)) + np.arange(6) / 2), 0, 8)
    return [[Fraction(int(cell), 8) for cell in row] for row in raw], [1, 3, 1, 3, 4, 2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_pingouin_and_pandas_have_it(seed: int) -> None:
    pandas, pingouin = importlib.import_module("pandas"), importlib.import_module("pingouin")
    shares, possible = a_class(seed)
    frame = pandas.DataFrame([[float(share) for share in row] for row in shares])
    points = frame * possible
    found = statistics(records_of(shares, possible))
    assert found.alpha == pytest.approx(pingouin.cronbach_alpha(points)[0], abs=1e-12)
    for column, own in enumerate(found.slots):
        rest = points.drop(columns=column).sum(axis=1)
        assert own.discrimination == pytest.approx(points[column].corr(rest), abs=1e-12)
        assert own.discrimination == pytest.approx(np.corrcoef(points[column], rest)[0, 1], abs=1e-12)
        assert own.deviation == pytest.approx(frame[column].std(), abs=1e-12)
        assert own.difficulty == pytest.approx(frame[column].mean(), abs=1e-12)


def test_by_hand() -> None:
    # Variances 1 and 3; totals 3 4 8 vary by 7: alpha 2 · (1 − 4/7). Deviations −1 0 1 and −1 −1 2: 3 / sqrt(2 · 6).
    points = [[1, 2], [2, 2], [3, 5]]
    assert alpha(points) == pytest.approx(6 / 7)
    assert discrimination(points, 0) == discrimination(points, 1) == pytest.approx(3 / 12**0.5)
    found = statistics(records_of([[Fraction(a, 4), Fraction(b, 5)] for a, b in points], [4, 5]))
    assert found.alpha == pytest.approx(6 / 7)
    assert [s.difficulty for s in found.slots] == [pytest.approx(0.5), pytest.approx(0.6)]
    assert [s.deviation for s in found.slots] == [pytest.approx(0.25), pytest.approx(3**0.5 / 5)]
    # (1, 0), (0, 1), (1, 1), (0, 0): nothing in common, so nothing measured together.
    assert alpha([[1, 0], [0, 1], [1, 1], [0, 0]]) == pytest.approx(0)
    assert discrimination([[0, 1], [1, 0], [0, 1], [1, 0]], 0) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("points", "has_alpha", "has_discrimination"),
    [
        pytest.param([], False, False, id="nobody"),
        pytest.param([[1, 2, 3]], False, False, id="one-student"),
        pytest.param([[1], [2], [3]], False, False, id="one-slot"),
        pytest.param([[1, 0], [1, 2], [1, 1]], True, False, id="a-constant-slot"),
        pytest.param([[0, 1], [1, 1], [2, 1]], True, False, id="a-constant-rest"),
        pytest.param([[0, 1], [1, 0]], False, True, id="constant-totals"),
        # In floating point 0.1 + 0.2 is not 0.3: still the same rest and the same totals.
        pytest.param([[1, 0.1, 0.2], [2, 0.3, 0.0]], True, False, id="a-rest-constant-but-for-rounding"),
        pytest.param([[0.1, 0.2], [0.3, 0.0]], False, True, id="totals-constant-but-for-rounding"),
        pytest.param([[0, 0], [1, 2]], True, True, id="two-students-are-enough"),
    ],
)
def test_none_where_undefined(points: list[list[float]], has_alpha: bool, has_discrimination: bool) -> None:
    assert (alpha(points) is not None) == has_alpha
    assert (discrimination(points, 0) is not None) == has_discrimination


MATRICES = st.integers(2, 5).flatmap(lambda slots: st.lists(st.lists(st.integers(0, 12), min_size=slots, max_size=slots), min_size=2, max_size=12))


@given(points=MATRICES, scale=st.fractions(Fraction(1, 9), 9), shift=st.integers(-5, 5), data=st.data())
def test_laws(points: list[list[int]], scale: Fraction, shift: int, data: st.DataObject) -> None:
    whole, first = alpha(points), discrimination(points, 0)
    scaled = [[float(scale * cell) for cell in row] for row in points]
    moved = [[row[0] + shift, *row[1:]] for row in points]
    mixed = data.draw(st.permutations(points))
    for other in (scaled, moved, mixed):
        assert alpha(other) == (None if whole is None else pytest.approx(whole, abs=1e-9))
        assert discrimination(other, 0) == (None if first is None else pytest.approx(first, abs=1e-9))
    assert whole is None or whole <= 1 + 1e-9
    assert first is None or -1 <= first <= 1
    assert discrimination([[-row[0], *row[1:]] for row in points], 0) == (None if first is None else pytest.approx(-first, abs=1e-9))


@given(points=st.lists(st.integers(0, 9), min_size=2, max_size=9).filter(lambda column: len(set(column)) > 1), slots=st.integers(2, 5))
def test_slots_that_are_copies_of_one_another_measure_one_thing(points: list[int], slots: int) -> None:
    table = [[value] * slots for value in points]
    assert alpha(table) == pytest.approx(1)
    assert discrimination(table, 0) == pytest.approx(1)


def test_what_is_counted() -> None:
    blank, invalid, right = part(verdict=Verdict.BLANK, answer=None), part(verdict=Verdict.INVALID), part(1, Verdict.CORRECT)
    found = statistics(
        [
            record("ada", slot("one", right, blank), slot("two", right)),
            record("alan", slot("one", right, invalid), slot("two", part(verdict=Verdict.UNGRADED)), status=Status.FAILED),
            record("emmy", slot("one", right, right), slot("two", part()), adjustments=(Adjustment(kind="late", points=Fraction(-3), words=WORDS),)),
            record("grace", status=Status.REFUSED),
            record("hua", status=Status.FAILED),  # the course could not make the questions
            record("john", slot("one", blank, blank), slot("two", right), slot("three", right)),
        ]
    )
    assert (found.students, found.complete) == (4, 1)
    one, two, three = found.slots
    assert (one.students, one.difficulty, one.blank, one.invalid) == (4, 0.5, 3 / 8, 1 / 8)  # lateness is no mark of the slot
    assert (two.students, two.blank) == (3, 0)
    assert [two.difficulty, two.deviation] == pytest.approx([2 / 3, (1 / 3) ** 0.5])
    assert (three.students, three.difficulty, three.deviation, three.discrimination) == (1, 1, None, None)
    assert found.alpha is None
    assert statistics([]).slots == ()
    assert found.to_json()["slots"][0] == {
        "slot": "one", "exercise": "e", "students": 4, "difficulty": 0.5, "discrimination": None, "deviation": one.deviation, "blank": 0.375, "invalid": 0.125,
    }  # fmt: skip


def test_the_order_of_students_changes_nothing() -> None:
    shares, possible = a_class(4, 40)
    found, other = statistics(records_of(shares, possible)), statistics(reversed(records_of(shares, possible)))
    assert found.alpha == pytest.approx(other.alpha)
    assert [s.discrimination for s in found.slots] == [pytest.approx(s.discrimination) for s in other.slots]


def test_equal_thirds_have_no_deviation() -> None:
    found = statistics(records_of([[Fraction(1, 3), Fraction(n)] for n in (0, 1, 1)], [1, 1]))
    assert found.slots[0].deviation == 0
    assert found.slots[0].discrimination is None


def test_one_record_for_each_student() -> None:
    attempts = [record("ada", slot("q", part(credit)), attempt=n) for n, credit in enumerate((Fraction(0), Fraction(1), HALF), start=1)]
    everyone = [*attempts, record("alan", slot("q", part(HALF)))]
    with pytest.raises(ValueError, match="'ada' has two records"):
        statistics(everyone)
    assert statistics(counting(everyone, Attempts(keep="best"))).slots[0].difficulty == 0.75
    assert statistics(counting(everyone, Attempts(keep="last"))).slots[0].difficulty == 0.5
    assert statistics(counting(everyone, Attempts(count=3))).students == 2


def test_no_record_is_held() -> None:
    """Ten kilobytes an answer, 500 of them: five megabytes if they were kept."""

    def many() -> Iterator[Record]:
        for number in range(500):
            yield record(f"s{number}", slot("q", part(HALF, answer=f"{number:05}" * 2000)))

    statistics(many())  # what is imported and cached on first use is not meant
    tracemalloc.start()
    statistics(counting(many(), Attempts()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([()], [], id="unexplained"),
        pytest.param([("ceil", "nearest")], [("ceil", "nearest")], id="one-answer-cannot-tell"),
        pytest.param([("ceil", "nearest"), ("pad-once", "nearest")], [("nearest",)], id="what-is-in-both"),
        pytest.param([("ceil", "nearest"), ("ceil",), ("pad-once", "ceil")], [("ceil",)], id="what-is-in-all"),
        pytest.param([("a", "b", "c"), ("b", "a")], [("a", "b")], id="two-stay-likeliest-first"),
        pytest.param([("ceil",), ("pad-once",)], [("ceil",), ("pad-once",)], id="two-methods"),
        pytest.param([("a",), ("b", "c"), ("c", "d"), ("c",)], [("c",), ("a",)], id="fewest-methods"),
        pytest.param([("a", "b"), ("c", "d")], [("a", "b"), ("c", "d")], id="two-methods-neither-certain"),
    ],
)
def test_methods_shown(answers: list[tuple[str, ...]], expected: list[tuple[str, ...]]) -> None:
    assert methods_shown(answers) == expected


def test_mistakes_are_counted_by_student_and_exercise() -> None:
    def wrong(*mistakes: str) -> PartGrade:
        return part(mistakes=mistakes)

    found = statistics(
        [
            record("ada", slot("s-1", wrong("ceil", "nearest")), slot("s-2", wrong("ceil"), wrong("ceil", "pad-once"))),
            record("alan", slot("s-1", wrong("ceil", "nearest")), slot("s-2", part(1, Verdict.CORRECT))),
            record("emmy", slot("s-1", wrong("nearest", "ceil")), slot("other", wrong("ceil"), exercise="f")),
        ]
    )
    assert found.mistakes == (
        MistakeCount(exercise="e", mistake="ceil", students=Fraction(2), alone=1),
        MistakeCount(exercise="e", mistake="nearest", students=Fraction(1), alone=0),
        MistakeCount(exercise="f", mistake="ceil", students=Fraction(1), alone=1),
    )
    assert found.to_json()["mistakes"][0] == {"exercise": "e", "mistake": "ceil", "students": 2, "alone": 1}


def test_the_method_a_student_really_used_is_among_the_names(course: Course) -> None:
    group: Simulated = simulated(simulated_sheets(course, 60), seed=3)
    unsure = 0
    for own in group.records:
        shown: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        true: defaultdict[str, set[str | None]] = defaultdict(set)
        for found in own.slots:
            for answer in found.parts:
                shown[found.exercise].append(answer.mistakes)
                true[found.exercise].add(group.origins[own.student, found.slot, answer.part].mistake)
        for exercise, mistakes in true.items():
            for mistake in mistakes - {None}:
                (names,) = methods_shown(shown[exercise])  # a simulated student uses one method in an exercise
                assert mistake in names
                unsure += len(names) > 1
    counts = statistics(group.records).mistakes
    used = {(e, o.mistake, s) for (s, name, _), o in group.origins.items() if o.mistake for e in [group.exercise_of[name]]}
    assert unsure > 0
    assert sum(found.students for found in counts) == len(used)
