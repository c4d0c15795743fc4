"""Copied sheets in simulated classes are found and honest ones are not; the chance as a slow and plain count has it; whose question it is."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from grader.classroom import copies
from grader.classroom.copies import CHANCE, Copies, find_copies
from grader.classroom.simulate import Origin, fill, habits
from grader.classroom.whose import IssuedVariant, Owner, issued_variants, whose
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.values import GivenError
from grader.marking.grade import grade
from grader.marking.record import PartGrade, Record, SlotGrade, Status, Verdict
from grader.marking.submission import Submission
from grader.text import Text
from grader.variants.variant import Sheet, draw_sheet

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SECRET = b"a secret for simulated classes"


@dataclass(frozen=True)
class Simulated:
    """A graded class, who copied from whom, and where every answer came from."""

    records: list[Record]
    copied: dict[str, str]
    origins: dict[tuple[str, str, str], Origin]  # of (student, slot, part), as they filled it in themselves
    exercise_of: dict[str, str]


def simulated_sheets(course: Course, students: int) -> dict[str, Sheet]:
    names = [f"sim-{number:03}" for number in range(students)]
    return {name: draw_sheet(course, course.assignments["lesson1"], name, 1, SECRET) for name in names}


def simulated(sheets: Mapping[str, Sheet], seed: int, copied: int = 0) -> Simulated:
    """A class that fills in its sheets by its habits; some hand in another's answers under their own sheet line."""
    chosen = random.Random(seed).sample(list(sheets), 2 * copied)
    source = dict(zip(chosen[:copied], chosen[copied:], strict=True))
    methods = {variant.exercise.id: list(variant.exercise.mistakes) for variant in next(iter(sheets.values())).variants}
    filled = {own.student: fill(sheets[own.student], own, seed) for own in habits(list(sheets), methods, seed)}
    records = []
    for student, sheet in sheets.items():
        answers: dict[str, dict[str, Any]] = {}
        for part in filled[source.get(student, student)]:
            answers.setdefault(part.slot, {})[part.part] = part.answer
        records.append(grade(sheet, Submission(digest="sha256:0", student=student, answers=answers, sheet=sheet.id), graded_at=NOW))
    origins = {(student, part.slot, part.part): part.origin for student, own in filled.items() for part in own}
    return Simulated(records, source, origins, {v.slot: v.exercise.id for sheet in sheets.values() for v in sheet.variants})


@pytest.fixture(scope="module")
def sheets(course: Course) -> dict[str, Sheet]:
    return simulated_sheets(course, 300)


def issued(sheets: Mapping[str, Sheet]) -> list[IssuedVariant]:
    return [variant for sheet in sheets.values() for variant in issued_variants(sheet)]


def pairs(found: Copies) -> dict[str, str]:
    return {signal.student: signal.source for signal in found.signals}


@pytest.mark.parametrize(
    ("students", "copied", "seed"),
    [
        pytest.param(300, 5, 1, id="300-students"),
        pytest.param(300, 5, 2, id="300-others"),
        pytest.param(100, 5, 3, id="100-students"),
        pytest.param(30, 2, 4, id="30-students"),
        pytest.param(12, 1, 5, id="12-students"),
        pytest.param(300, 0, 6, id="300-honest"),
        pytest.param(100, 0, 7, id="100-honest"),
    ],
)
def test_copied_sheets_are_found_and_nobody_else(course: Course, sheets: dict[str, Sheet], students: int, copied: int, seed: int) -> None:
    chosen = {name: sheets[name] for name in random.Random(seed).sample(list(sheets), students)}
    group = simulated(chosen, seed, copied)
    found = find_copies(issued(chosen), group.records, course.exercises)
    assert pairs(found) == group.copied
    assert len(found.signals) == copied
    assert found.students == students
    for signal in found.signals:
        assert signal.log10_chance <= math.log10(CHANCE)
        assert 1 <= len(signal.answers) <= signal.unexplained
        own = next(record for record in group.records if record.student == signal.student)
        parts = {(slot.slot, part.part): part for slot in own.slots for part in slot.parts}
        assert all(parts[a.slot, a.part].verdict is Verdict.INCORRECT for a in signal.answers)


def test_honest_classes_keep_to_the_bound(course: Course, sheets: dict[str, Sheet], monkeypatch: pytest.MonkeyPatch) -> None:
    """With a bound of 1000, a thousand honest pairs may show at most on average: there are some, and fewer."""
    monkeypatch.setattr(copies, "CHANCE", 1000.0)
    found = find_copies((), simulated(sheets, 8).records, course.exercises)
    assert 0 < len(found.signals) < 1000


def test_a_source_who_handed_in_nothing(course: Course, sheets: dict[str, Sheet]) -> None:
    few = dict(list(sheets.items())[:40])
    group = simulated(few, 9, 1)
    ((student, source),) = group.copied.items()
    records = [record for record in group.records if record.student != source]
    assert pairs(find_copies(issued(few), records, course.exercises)) == {student: source}
    assert pairs(find_copies((), records, course.exercises)) == {}


def test_keys_of_records_and_keys_computed_from_what_was_issued_are_one(course: Course, sheets: dict[str, Sheet]) -> None:
    few = dict(list(sheets.items())[:40])
    group = simulated(few, 10, 1)
    from_records = find_copies((), group.records, course.exercises)
    ((student, _),) = group.copied.items()
    only_theirs = [record for record in group.records if record.student == student]
    from_issued = find_copies(issued(few), only_theirs, course.exercises)
    assert pairs(from_records) == pairs(from_issued) == group.copied
    assert find_copies(issued(few), group.records, course.exercises) == from_records
    assert find_copies(issued(few), [*group.records, *group.records], course.exercises).signals[0].student == student


def test_a_copied_wrong_method_tells_too(course: Course, sheets: dict[str, Sheet]) -> None:
    """The source's arrays are all wrong in a way the grader knows; the copy repeats just those."""
    few = dict(list(sheets.items())[:20])
    group = simulated(few, 11)
    names = {"conv-array": "flip180", "conv-stride": "flip180", "conv-padding": "flip180"}
    source = next(own for own in habits(["sim-000"], {}, 11))
    answers: dict[str, dict[str, Any]] = {}
    for part in fill(few["sim-000"], replace(source, mistakes=names, slips=0, blanks=0), 11):
        if part.origin.kind == "mistake":
            answers.setdefault(part.slot, {})[part.part] = part.answer
    assert len(answers) == 3
    both = [grade(few[s], Submission(digest="sha256:0", student=s, answers=answers), graded_at=NOW) for s in ("sim-000", "sim-001")]
    found = find_copies(issued(few), [*both, *group.records[2:]], course.exercises)
    assert pairs(found) == {"sim-001": "sim-000"}
    assert [answer.slot for answer in found.signals[0].answers] == list(names)


def test_what_is_the_same_for_everyone_tells_nothing(course: Course) -> None:
    """Pinned slots: everyone has the same key, and the same wrong answers mean the same mistake."""
    worked = {name: draw_sheet(course, course.assignments["lesson1-worked"], name, 1, None) for name in ("ada", "alan", "emmy", "grace")}
    odd = {"conv-array": [[0, 0, 0]] * 3, "output-size-1": {"output_size": 99}, "output-size-2": {"output_size": 98}}
    records = [grade(sheet, Submission(digest="sha256:0", student=name, answers=odd), graded_at=NOW) for name, sheet in worked.items()]
    found = find_copies(issued(worked), records, course.exercises)
    assert (found.answers, found.pairs, found.signals) == (0, 0, ())


def test_answers_to_ones_own_other_sheet_are_no_copy(course: Course, sheets: dict[str, Sheet]) -> None:
    few = dict(list(sheets.items())[:30])
    group = simulated(few, 12)
    second = draw_sheet(course, course.assignments["lesson1"], "sim-000", 2, SECRET)
    answers = {v.slot: {part: value for part, value in v.exercise.expect(v.given).key.items() if isinstance(value, (int, list))} for v in second.variants}
    wrong_sheet = grade(few["sim-000"], Submission(digest="sha256:0", student="sim-000", answers=answers), graded_at=NOW)
    variants = [*issued(few), *issued_variants(second)]
    assert sum(part.verdict is Verdict.INCORRECT for slot in wrong_sheet.slots for part in slot.parts) >= 3
    assert find_copies(variants, [wrong_sheet, *group.records[1:]], course.exercises).signals == ()
    # The same answers of another student are.
    theirs = grade(few["sim-001"], Submission(digest="sha256:0", student="sim-001", answers=answers), graded_at=NOW)
    assert pairs(find_copies(variants, [*group.records[:1], theirs, *group.records[2:]], course.exercises)) == {"sim-001": "sim-000"}


def test_what_cannot_be_computed_any_more_tells_nothing(course: Course) -> None:
    lost = IssuedVariant(student="ada", attempt=1, slot="s", exercise="output-size", variant="0", given={"input_size": "gone"})
    gone = replace(lost, student="alan", exercise="no-longer-there")
    assert find_copies([lost, gone], [], course.exercises) == Copies(students=2, answers=0, pairs=0, signals=())
    assert find_copies([], [], course.exercises) == Copies(students=0, answers=0, pairs=0, signals=())


# The chance, against a count of all pairs in exact fractions.

Table = dict[str, dict[str, tuple[Any, Any]]]  # student → slot → (key, answer)


def table_records(table: Table, exercise: str, part: str) -> list[Record]:
    def slot(name: str, key: Any, answer: Any) -> SlotGrade:
        verdict = Verdict.CORRECT if answer == key else Verdict.INCORRECT
        own = PartGrade(
            part=part, verdict=verdict, credit=Fraction(answer == key), possible=Fraction(1), answer=answer, read_as=None, key=key,
            mistakes=(), cells=None, feedback=Text("", ""),
        )  # fmt: skip
        return SlotGrade(slot=name, exercise=exercise, variant="0", possible=Fraction(1), parts=(own,))

    return [
        Record(
            course="c", assignment="a", student=student, attempt=1, submission="sha256:0", submitted_at=None, graded_at="", status=Status.GRADED,
            possible=Fraction(1), slots=tuple(slot(name, *row) for name, row in rows.items()),
        )
        for student, rows in table.items()
    ]  # fmt: skip


def counted(table: Table, bound: float) -> dict[tuple[str, str], Fraction]:
    """Every pair whose chance is below the bound, by the words of `find_copies` and nothing else."""
    suspects = [student for student, rows in table.items() if any(answer != key for key, answer in rows.values())]
    compared = len(suspects) * (len(table) - 1)
    found = {}
    for student in suspects:
        wrong = {slot: answer for slot, (key, answer) in table[student].items() if answer != key}
        for source in table.keys() - {student}:
            chance = Fraction(compared * 2 ** len(wrong))
            alike = {slot: answer for slot, answer in wrong.items() if table[source][slot][0] == answer}
            for slot, answer in alike.items():
                chance *= share(answer, [rows[slot][0] for rows in table.values()])
            if alike and chance <= bound:
                found[student, source] = chance
    return found


def share(answer: Any, keys: list[Any]) -> Fraction:
    if not isinstance(answer, list):
        return Fraction(keys.count(answer), len(keys))
    alike = [key for key in keys if [len(row) for row in key] == [len(row) for row in answer]]
    product = Fraction(len(alike), len(keys))
    for i, row in enumerate(answer):
        for j, cell in enumerate(row):
            product *= Fraction(sum(key[i][j] == cell for key in alike), len(alike))
    return min(Fraction(1), max(product, Fraction(keys.count(answer) - 1, len(keys) - 1)))


def integers(seed: int) -> Table:
    """Twelve small integers each, common ones among them; a tenth of the answers is another number; a few copy a part or all."""
    rng = random.Random(seed)
    names = [f"s{n}" for n in range(40)]
    keys = {s: {f"q{q}": rng.choice([0, 0, 0, 1, 1, 2, 3, 4, 5, 6]) for q in range(12)} for s in names}
    table = {s: {q: (key, rng.choice([0, 1, 7]) if rng.random() < 0.1 else key) for q, key in own.items()} for s, own in keys.items()}
    for copier, source in zip(names[:8], names[8:16], strict=True):
        for q in rng.sample(list(keys[copier]), rng.choice([5, 9, 12])):
            table[copier][q] = (keys[copier][q], keys[source][q])
    return table


def arrays(seed: int) -> Table:
    """Two arrays each, of two shapes, from few cells: whole arrays coincide now and then."""
    rng = random.Random(seed)
    names = [f"s{n}" for n in range(25)]

    def draw(width: int) -> list[list[int]]:
        return [[rng.choice([0, 0, 1, 2, 3]) for _ in range(width)] for _ in range(3)]

    keys: dict[str, dict[str, Any]] = {}
    for s in names:
        width = rng.choice([2, 3])
        keys[s] = {"q0": draw(width), "q1": draw(width), "q2": [[rng.choice([0, 1])]]}
    table = {s: {q: (key, key) for q, key in own.items()} for s, own in keys.items()}
    for copier, source in zip(names[:6], names[6:12], strict=True):
        table[copier] = {q: (key, keys[source][q]) for q, key in keys[copier].items()}
    return table


def pool(seed: int) -> Table:
    """Arrays from a pool of three: their cells hang together, so that the product over cells is far too small."""
    rng = random.Random(seed)
    few = [[[a, a + 1, a + 2]] for a in (10, 20, 30)]
    table: Table = {}
    for n in range(15):
        keys = [rng.choice(few) for _ in range(4)]
        table[f"s{n}"] = {f"q{q}": (key, rng.choice(few) if n < 5 else key) for q, key in enumerate(keys)}
    return table


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("bound", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize(
    ("made", "exercise", "part"), [(integers, "output-size", "output_size"), (arrays, "conv-array", "output"), (pool, "conv-array", "output")]
)
def test_no_pair_is_missed_and_each_has_the_chance_counted_over_all_pairs(
    course: Course, monkeypatch: pytest.MonkeyPatch, made: Any, exercise: str, part: str, bound: float, seed: int
) -> None:
    monkeypatch.setattr(copies, "CHANCE", bound)
    table = made(seed)
    exercises: dict[str, Exercise] = {exercise: course.exercises[exercise]}
    found = find_copies((), table_records(table, exercise, part), exercises)
    expected = counted(table, bound)
    assert {(s.student, s.source): s.log10_chance for s in found.signals} == {pair: pytest.approx(math.log10(c)) for pair, c in expected.items()}
    assert expected or (bound < 1000 and made is not arrays)
    assert [s.log10_chance for s in found.signals] == sorted(s.log10_chance for s in found.signals)


def test_a_hand_in_twice_is_no_second_class(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "CHANCE", 1e6)
    for made, exercise, part in ((integers, "output-size", "output_size"), (arrays, "conv-array", "output")):
        records = table_records(made(1), exercise, part)
        once, twice = (find_copies((), many, course.exercises) for many in (records, records * 2))
        chances = {(s.student, s.source): [a.chance for a in s.answers] for s in twice.signals}
        assert chances
        assert all(chances.get((s.student, s.source)) in (None, [a.chance for a in s.answers]) for s in once.signals)
        assert len(chances) == len(twice.signals)


def test_of_several_attempts_the_most_telling_stands(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "CHANCE", 1e3)
    table: Table = {f"s{n}": dict.fromkeys(("q1", "q2", "q3"), (n, n)) for n in range(10)}
    attempts = [{"q1": (3, 8), "q2": (3, 8), "q3": (3, 3)}, dict.fromkeys(("q1", "q2", "q3"), (3, 8)), {"q1": (3, 8), "q2": (3, 3), "q3": (3, 3)}]
    own = [replace(table_records({"s3": row}, "output-size", "output_size")[0], attempt=n) for n, row in enumerate(attempts, start=1)]
    table["s4"] = {"q1": (4, 4), "q2": (4, 7), "q3": (4, 7)}
    found = find_copies((), [*own, *table_records(table, "output-size", "output_size")], course.exercises)
    assert [(s.student, s.source, s.attempt, len(s.answers)) for s in found.signals] == [("s3", "s8", 2, 3), ("s4", "s7", 1, 2)]


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        pytest.param({}, 3, id="unexplained"),
        pytest.param({"mistakes": ("pad-once",)}, 0, id="a-wrong-method-of-their-own"),
        pytest.param({"verdict": Verdict.PARTIAL, "credit": Fraction(3, 4)}, 0, id="carried-on-or-most-cells-right"),
        pytest.param({"verdict": Verdict.INVALID}, 0, id="unreadable"),
        pytest.param({"verdict": Verdict.UNGRADED}, 0, id="ungraded"),
        pytest.param({"verdict": Verdict.BLANK, "answer": None}, 0, id="blank"),
    ],
)
def test_only_what_nothing_of_their_own_explains_is_evidence(course: Course, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], seen: int) -> None:
    monkeypatch.setattr(copies, "CHANCE", 1e6)
    table: Table = {f"s{n}": dict.fromkeys(("q1", "q2", "q3"), (n, n)) for n in range(10)}
    table["s3"] = dict.fromkeys(table["s3"], (3, 8))
    records = table_records(table, "output-size", "output_size")
    slots = tuple(replace(slot, parts=tuple(replace(part, **changes) for part in slot.parts)) for slot in records[3].slots)
    records[3] = replace(records[3], slots=slots)
    found = find_copies((), records, course.exercises)
    assert found.answers == seen
    assert [len(signal.answers) for signal in found.signals if (signal.student, signal.source) == ("s3", "s8")] == ([seen] if seen else [])


def test_the_chance_by_hand(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten students; ada answers 7, the key of alan alone, and 5, the key of alan and two others. One in ten, three in ten."""
    monkeypatch.setattr(copies, "CHANCE", 10.0)
    table: Table = {f"s{n}": {"q1": (n + 20, n + 20), "q2": (4, 4)} for n in range(6)}
    table |= {"ada": {"q1": (3, 7), "q2": (4, 5)}, "alan": {"q1": (7, 7), "q2": (5, 5)}}
    table |= {name: {"q1": (1, 1), "q2": (5, 5)} for name in ("emmy", "grace")}
    (signal,) = find_copies((), table_records(table, "output-size", "output_size"), course.exercises).signals
    assert (signal.student, signal.source, signal.unexplained) == ("ada", "alan", 2)
    assert [(a.slot, a.part) for a in signal.answers] == [("q1", "output_size"), ("q2", "output_size")]
    assert [a.chance for a in signal.answers] == pytest.approx([0.1, 0.3])
    assert 10**signal.log10_chance == pytest.approx(0.1 * 0.3 * 2 * 2 * 9)  # two slots that might have matched or not, nine others


# Whose question it is.

ASKED = [
    IssuedVariant(student="ada", attempt=1, slot="size", exercise="output-size", variant="1", given={"input_size": 6, "kernel_size": 3, "stride": 2}),
    IssuedVariant(student="ada", attempt=2, slot="size", exercise="output-size", variant="2", given={"input_size": 6, "kernel_size": 3, "stride": 1}),
    IssuedVariant(student="alan", attempt=1, slot="conv", exercise="conv-array", variant="3", given={"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 0]]}),
    IssuedVariant(student="emmy", attempt=1, slot="conv", exercise="conv-array", variant="4", given={"input": [[1, 0]], "kernel": [[1]], "stride": [1, 2]}),
]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"input_size": 6, "kernel_size": 3}, [("ada", 1, False), ("ada", 2, False)], id="part-of-the-values"),
        pytest.param({"stride": 2, "input_size": 6, "kernel_size": 3}, [("ada", 1, True)], id="all-values-in-any-order"),
        pytest.param({"stride": 2.0}, [("ada", 1, False)], id="a-number-is-a-number"),
        pytest.param({"stride": True}, [], id="true-is-no-number"),
        pytest.param({"stride": 1}, [("ada", 2, False)], id="one-is-not-a-pair"),
        pytest.param({"stride": [1, 2]}, [("emmy", 1, False)], id="a-pair"),
        pytest.param({"input_size": 6, "dilation": 1}, [], id="a-name-it-does-not-have"),
        pytest.param({"input_size": 7}, [], id="another-value"),
        pytest.param([[1, 0]], [("alan", 1, False), ("emmy", 1, False)], id="any-array"),
        pytest.param([[1, 2, 3], [4, 5, 6]], [("alan", 1, False)], id="an-array"),
        pytest.param([1, 2, 3, 4, 5, 6], [], id="another-shape"),
        pytest.param({"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 0]]}, [("alan", 1, True)], id="arrays-by-name"),
        pytest.param({"input_height": 2, "input_width": 3}, [("alan", 1, False)], id="names-of-the-prompt"),
    ],
)
def test_whose(values: Any, expected: list[tuple[str, int, bool]]) -> None:
    found = whose(values, ASKED)
    assert [(own.student, own.attempt, own.exact) for own in found] == expected
    slots = {"ada": ("size", "output-size"), "alan": ("conv", "conv-array"), "emmy": ("conv", "conv-array")}
    assert found == [Owner(student=s, slot=slots[s][0], attempt=a, exercise=slots[s][1], exact=exact) for s, a, exact in expected]


@pytest.mark.parametrize(("values", "shown"), [({}, "a mapping of 0"), ([], "a list of 0"), (6, "6"), ("6", "'6'"), (None, "nothing")])
def test_values_that_would_fit_everyone_or_no_one(values: Any, shown: str) -> None:
    with pytest.raises(GivenError) as error:
        whose(values, ASKED)
    assert str(error.value) == f'expected values such as {{"input_size": 6}} or an array, got {shown}; write a JSON object or rows of numbers'


def test_every_drawn_variant_is_found_by_its_own_values(sheets: dict[str, Sheet]) -> None:
    few: Sequence[IssuedVariant] = [own for own in issued(dict(list(sheets.items())[:10])) if own.given]  # the formula is everyone's
    for own in few:
        found = whose(dict(own.given), few)
        assert any((f.student, f.slot, f.exact) == (own.student, own.slot, True) for f in found)
        assert all(f.exercise == own.exercise or not f.exact for f in found)
