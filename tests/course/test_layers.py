"""Parts per layer: one entry of `parts` that is asked for each item of a list, from the file to the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from grader.classroom.simulate import Habits, fill, mastery
from grader.classroom.verify import verified
from grader.cli.lines import marked, solved
from grader.course.course import Assignment, Course, Entry, load_exercise
from grader.course.exercise import Exercise
from grader.course.faults import CourseError
from grader.course.policies import Policies
from grader.course.values import GivenError, to_json
from grader.marking.grade import grade
from grader.marking.record import Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.marking.submission import read_submission
from grader.reports.show import show_text
from grader.text import Text, both
from grader.variants.draw import Refusals, candidates
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import Sheet, Variant
from tests.conftest import CourseCopy

FILE = "exercises/chain.yaml"
YAML = """id: chain
title: {en: A chain of layers, zh: 逐层计算}
solution: chain
points: 6
draw:
  input_size: {from: 20, to: 40}
  layers:
    choice:
      - [{kernel_size: 3, stride: 2}, {kernel_size: 5, stride: 1}]
      - [{kernel_size: 5, stride: 1}, {kernel_size: 3, stride: 2}, {kernel_size: 2, stride: 1}]
where: [input_size % 2 == 0]
prompt: {en: "From {input_size}: {layers}", zh: "输入边长 {input_size}：{layers}"}
parts:
  side: {kind: integer, each: layers, weight: 1, title: {en: "side after layer {layer}", zh: "第 {layer} 层之后的边长"}}
  total: {kind: integer, weight: 2}
mistakes:
  no-plus1: {credit: 0.5, en: "{answer}: the first place counts too.", zh: "{answer}：起始位置也算一个。"}
"""
SOLUTION = '''"""Sides along a chain of layers."""

from grader.course import Answers, Layers, mistake, reference


def sides(input_size: int, layers: Layers, first: int) -> Answers:
    found = {}
    for number, layer in enumerate(layers, start=1):
        input_size = (input_size - layer["kernel_size"]) // layer["stride"] + first
        found[f"side_{number}"] = input_size
    return {**found, "total": sum(found.values())}


@reference
def chain(input_size: int, layers: Layers) -> Answers:
    return sides(input_size, layers, 1)


@mistake("no-plus1")
def no_plus1(input_size: int, layers: Layers) -> Answers:
    return sides(input_size, layers, 0)
'''
TWO = {"input_size": 20, "layers": [{"kernel_size": 3, "stride": 2}, {"kernel_size": 5, "stride": 1}]}
THREE = {"input_size": 20, "layers": [{"kernel_size": 5, "stride": 1}, {"kernel_size": 3, "stride": 2}, {"kernel_size": 2, "stride": 1}]}
KEYS = [
    pytest.param(TWO, {"side_1": 9, "side_2": 5, "total": 14}, id="two-layers"),
    pytest.param(THREE, {"side_1": 16, "side_2": 7, "side_3": 6, "total": 29}, id="three-layers"),
    pytest.param({"input_size": 9, "layers": [{"kernel_size": 3, "stride": 3}]}, {"side_1": 3, "total": 3}, id="one-layer"),
    pytest.param({"input_size": 40, "layers": [{"kernel_size": 3, "stride": 1}] * 12}, {**{f"side_{n}": 40 - 2 * n for n in range(1, 13)}, "total": 324}, id="twelve-layers"),
]  # fmt: skip

Write = Callable[..., CourseCopy]


@pytest.fixture
def write(course_copy: CourseCopy) -> Write:
    def with_chain(old: str = "", new: str = "") -> CourseCopy:
        assert old in YAML
        (course_copy.folder / FILE).write_text(YAML.replace(old, new, 1) if old else YAML, encoding="utf-8")
        (course_copy.folder / "solutions/chain.py").write_text(SOLUTION, encoding="utf-8")
        return course_copy

    return with_chain


@pytest.fixture
def chain(write: Write) -> Exercise:
    return load_exercise(write().folder, "chain")


@pytest.mark.parametrize(("given", "key"), KEYS)
def test_a_part_for_each_layer(chain: Exercise, given: Mapping[str, Any], key: Mapping[str, int]) -> None:
    parts = chain.parts_of(given)
    assert [part.id for part in parts] == list(key)
    assert parts is chain.parts_of(dict(given)), "made once"
    assert dict(chain.expect(given).key) == key
    layered = parts[:-1]
    assert [part.title for part in layered] == [Text(f"side after layer {n}", f"第 {n} 层之后的边长") for n in range(1, len(key))]
    assert {part.weight for part in layered} == {Fraction(1)}
    assert all(chain.part(part.id) == part for part in parts)
    slot = grade_slot(variant_of(chain, given), key)
    assert [(part.part, part.verdict) for part in slot.parts] == [(name, Verdict.CORRECT) for name in key]
    shares = len(key) - 1 + 2
    assert [part.possible for part in slot.parts] == [Fraction(6, shares)] * (len(key) - 1) + [Fraction(12, shares)]


@pytest.mark.parametrize("name", ["side", "side_0", "side_01", "side_-1", "side_", "side_x", "side_1_1", "total_1", "side_²", "_1"])
def test_what_is_no_part(chain: Exercise, name: str) -> None:
    assert chain.part(name) is None


def test_an_exercise_without_layers_has_the_parts_of_its_file(course: Course) -> None:
    exercise = course.exercises["output-size"]
    assert exercise.parts_of({}) is exercise.parts


@pytest.mark.parametrize("layers", [None, "abc", 3, {"kernel_size": 1}])
def test_a_given_without_its_list(chain: Exercise, layers: Any) -> None:
    with pytest.raises(GivenError, match=r"layers: expected a list, one item for each part asked, got .*; give a list"):
        chain.parts_of({"input_size": 9, "layers": layers})


def test_wrong_methods_and_blanks_of_single_layers(chain: Exercise) -> None:
    slot = grade_slot(variant_of(chain, THREE), {"side_1": 15, "side_2": "x", "total": 29, "side_4": 1})
    assert [(part.verdict, part.mistakes) for part in slot.parts] == [
        (Verdict.PARTIAL, ("no-plus1",)),
        (Verdict.INVALID, ()),
        (Verdict.BLANK, ()),
        (Verdict.CORRECT, ()),
    ]
    assert slot.parts[0].feedback == Text("15: the first place counts too.", "15：起始位置也算一个。")
    said: list[Text] = []
    grade_slot(variant_of(chain, TWO), {"side_3": 1}, notes=said)
    assert said[0].en == "question chain has no part 'side_3', so its answer was not marked; its parts are side_1, side_2, total"


def test_where_the_grader_fails_every_layer_is_ungraded(chain: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.marking.slot.mark_part", lambda *_: 1 / 0)
    slot = grade_slot(variant_of(chain, TWO), {"side_1": 9})
    assert [(part.part, part.verdict, part.possible, part.key) for part in slot.parts] == [
        ("side_1", Verdict.UNGRADED, Fraction(3, 2), 9),
        ("side_2", Verdict.UNGRADED, Fraction(3, 2), 5),
        ("total", Verdict.UNGRADED, Fraction(3), 14),
    ]


def sheet_of(course: Course, exercise: Exercise) -> Sheet:
    givens = {"chain-1": TWO, "chain-2": THREE}
    entries = tuple(Entry(exercise=exercise, slots=(slot,), points=Fraction(6), given=given) for slot, given in givens.items())
    variants = tuple(Variant(slot, exercise, given, Fraction(6)) for slot, given in givens.items())
    return Sheet(course, Assignment(id="layers", title=both("Layers"), entries=entries, policies=Policies()), "ada", 1, variants)


def test_sheets_ask_for_each_layer(course: Course, chain: Exercise) -> None:
    sheet = sheet_of(course, chain)
    text = sheet_yaml(sheet, ("en", "zh"), None)
    assert "  chain-1: {side_1: , side_2: , total: }\n" in text
    assert "  chain-2: {side_1: , side_2: , side_3: , total: }\n" in text
    assert "  # side_3: side after layer 3 / 第 3 层之后的边长\n" in text
    assert "{layer}" not in text
    data = sheet_json(sheet, None)
    assert data["answers"] == {"chain-1": dict.fromkeys(("side_1", "side_2", "total")), "chain-2": dict.fromkeys(("side_1", "side_2", "side_3", "total"))}
    assert data["slots"]["chain-2"]["parts"]["side_3"] == {"kind": "integer", "title": {"en": "side after layer 3", "zh": "第 3 层之后的边长"}}


def test_a_filled_in_sheet_is_marked_and_shown(course: Course, chain: Exercise) -> None:
    sheet = sheet_of(course, chain)
    text = (
        sheet_yaml(sheet, ("en",), None)
        .replace("side_1: , side_2: , total: ", "side_1: 9, side_2: 5, total: 13")
        .replace("side_2: , side_3: ", "side_2: 7, side_3: ")
    )
    record = grade(sheet, read_submission(text.encode(), "yaml", "ada"), graded_at=datetime(2026, 12, 1, tzinfo=UTC))
    verdicts = [[str(part.verdict) for part in slot.parts] for slot in record.slots]
    assert verdicts == [["correct", "correct", "incorrect"], ["blank", "correct", "blank", "blank"]]
    assert record.score == Fraction(3) + Fraction(6, 5)
    shown = show_text(record, {"chain": chain}, {variant.slot: variant.given for variant in sheet.variants}, "zh", keys=True)
    assert "第 2 层之后的边长" in shown


def test_a_simulated_student_fills_in_each_layer(course: Course, chain: Exercise) -> None:
    sheet = sheet_of(course, chain)
    own = Habits(student="ada", mistakes={"chain": "no-plus1"}, slips=0, blanks=0, late_hours=-1, style="rows")
    filled = fill(sheet, own, 1)
    assert [(one.slot, one.part) for one in filled] == [(v.slot, part.id) for v in sheet.variants for part in chain.parts_of(v.given)]
    assert {one.origin.mistake for one in filled} == {"no-plus1"}
    assert mastery(filled, sheet) == 0
    right = fill(sheet, Habits(student="ada", mistakes={}, slips=0, blanks=0, late_hours=-1, style="rows"), 1)
    assert mastery(right, sheet) == 1
    assert [one.answer for one in right] == [to_json(answer) for v in sheet.variants for answer in chain.expect(v.given).key.values()]


def test_drawn_and_verified(chain: Exercise) -> None:
    drawn = list(candidates(chain, b"k" * 32, 40, Refusals({}, {})))
    assert {len(chain.parts_of(candidate.given)) for candidate in drawn} == {3, 4}
    assert verified(chain, 30).faults == ()


def test_a_reference_that_leaves_a_layer_out(write: Write) -> None:
    copy = write()
    path = copy.folder / "solutions/chain.py"
    path.write_text(SOLUTION.replace('found[f"side_{number}"]', 'found[f"side_{min(number, 2)}"]'))
    broken = load_exercise(copy.folder, "chain")
    assert broken.expect(TWO).key["side_2"] == 5
    with pytest.raises(
        CourseError, match=r"exercises/chain.yaml:\d+:\d+ parts.side_3: the reference of solutions/chain.py returns no 'side_3'; did you mean 'side_\d'"
    ):
        broken.expect(THREE)


FAULTS = [
    pytest.param("each: layers", "each: layer", "each: ▸layer,", "parts.side.each: 'layer' is not drawn; did you mean 'layers'?", id="another-name"),
    pytest.param(
        "each: layers", "each: input_size", "each: ▸input_size", "parts.side.each: 'input_size' is no list; name a given that is one: the part is asked for each of its items", id="no-list"
    ),
    pytest.param("each: layers", "each: 3", "each: ▸3", "parts.side.each: expected text, got 3; write words; put numbers and dates in quotes", id="no-name"),
    pytest.param(
        "after layer {layer}",
        "after {layr}",
        'en: ▸"side after',
        "parts.side.title.en: only {layer} stands in braces in the title of a part with `each`; write {layer}, or no braces",
        id="title",
    ),
    pytest.param(
        "total: {", "side_2: {kind: integer}\n  total: {", "▸{kind: integer}", "parts.side_2: 'side' is asked for each of a list, and gives a part of this name too; give one of them another name", id="two-of-one-name"
    ),
    pytest.param(
        "total: {", "total: {kind: integer, weight: 2}\n  other: {kind: integer, each: layers, follows: [side]}\n  last: {", "▸[side]",
        "parts.other.follows: a part with `each` follows only itself: each layer the one before; write follows: [other], or leave it out", id="follows-another",
    ),
    pytest.param(
        "each: layers,", "each: layers, follows: [side, total],", "▸[side, total]",
        "parts.side.follows: a part with `each` follows only itself: each layer the one before; write follows: [side], or leave it out", id="follows-a-later-part",
    ),
    pytest.param(
        "total: {kind: integer,", "total: {kind: integer, follows: [total],", "▸total],", "parts.total.follows[0]: 'total' is no earlier part; known are side", id="follows-itself-without-each",
    ),
    pytest.param(
        "each: layers,", "each: layers, follows: [side],", "▸{kind: integer, each", 'parts.side: follows other parts, but solutions/chain.py has no @follow("side"); add that function', id="no-follow-function",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "fault"), FAULTS)
def test_a_faulty_part_per_layer(write: Write, old: str, new: str, at: str, fault: str) -> None:
    copy = write(old, new)
    assert f"{copy.place(FILE, at)} {fault}" in copy.faults()


def test_marked_line_by_line(chain: Exercise) -> None:
    answers = {"side_1": 8, "side_2": 5, "total": 14}
    assert [(part["part"], part["verdict"], part["mistakes"]) for part in marked(chain, {"given": TWO, "answers": answers})["parts"]] == [
        ("side_1", "partial", ["no-plus1"]),
        ("side_2", "correct", []),
        ("total", "correct", []),
    ]
    assert solved(chain, {"given": TWO})["mistakes"] == {"no-plus1": {"side_1": 8, "side_2": 3, "total": 11}}


# A slip in one layer does not cost the layers after it

FOLLOW = (
    SOLUTION.replace("Answers, Layers, mistake", "Answers, Implausible, Layers, follow, mistake")
    + """

@follow("side")
def from_the_side_before(side: int, number: int, layers: Layers) -> int:
    if not 0 < side < 100:
        raise Implausible("no side")
    layer = layers[number - 1]
    return (side - layer["kernel_size"]) // layer["stride"] + 1


@follow("total")
def from_sides(side: tuple[int | None, ...]) -> int:
    known = [own for own in side if own is not None]
    if len(known) < 2:
        raise Implausible("too little to add")
    return sum(known)
"""
)


@pytest.fixture
def followed(write: Write) -> Exercise:
    copy = write("each: layers,", "each: layers, follows: [side],")
    copy.edit(FILE, "total: {kind: integer,", "total: {kind: integer, follows: [side], follow_credit: 0.5,")
    (copy.folder / "solutions/chain.py").write_text(FOLLOW, encoding="utf-8")
    assert copy.faults() == []
    return load_exercise(copy.folder, "chain")


CARRY, HALF = Fraction(3, 4), Fraction(1, 2)


@pytest.mark.parametrize(
    ("answers", "credits"),
    [
        pytest.param({}, [1, 1, 1, 1], id="nothing-to-carry-on"),
        pytest.param({"side_1": 18, "side_2": 8, "side_3": 7, "total": 33}, [0, CARRY, CARRY, HALF], id="all-the-way"),
        pytest.param({"side_1": 18}, [0, 1, 1, 1], id="right-all-the-same"),
        pytest.param({"side_1": 18, "side_2": 8}, [0, CARRY, 1, 1], id="one-layer"),
        pytest.param({"side_1": 18, "side_2": 9, "side_3": 8}, [0, 0, CARRY, 1], id="a-second-slip-carried-on"),
        pytest.param({"side_2": 9, "side_3": 5}, [1, 0, 0, 1], id="not-from-the-layer-before-that"),
        pytest.param({"side_1": None, "side_2": 8}, [0, 0, 1, 1], id="from-a-blank"),
        pytest.param({"side_1": "x", "side_2": 8}, [0, 0, 1, 1], id="from-what-cannot-be-read"),
        pytest.param({"side_1": 17.5, "side_2": 8}, [0, 0, 1, 1], id="from-a-fraction"),
        pytest.param({"side_1": -14, "side_2": -8}, [0, 0, 1, 1], id="implausible"),
        pytest.param({"side_1": 18, "total": 31}, [0, 1, 1, HALF], id="a-sum-of-all-layers"),
        pytest.param({"side_1": 19, "side_3": None, "total": 26}, [0, 1, 0, HALF], id="a-sum-of-those-that-are-there"),
        pytest.param({"side_1": 18, "side_2": None, "side_3": None, "total": 18}, [0, 0, 0, 0], id="too-few-to-add"),
        pytest.param({"total": 28}, [1, 1, 1, 0], id="a-wrong-sum-of-right-sides"),
    ],
)
def test_later_layers_right_given_the_student_s_own(followed: Exercise, answers: dict[str, Any], credits: list[Any]) -> None:
    parts = grade_slot(variant_of(followed, THREE), {"side_1": 16, "side_2": 7, "side_3": 6, "total": 29} | answers).parts
    assert [part.credit for part in parts] == credits
    for part in parts:
        assert ("follows rightly" in part.feedback.en) is (part.credit in (CARRY, HALF))


def test_what_a_layer_follows_from_is_named(followed: Exercise) -> None:
    slot = grade_slot(variant_of(followed, THREE), {"side_1": 18, "side_2": 8, "side_3": 6, "total": 32})
    assert "(side after layer 1 = 18)" in slot.parts[1].feedback.en
    assert "（第 1 层之后的边长 = 18）" in slot.parts[1].feedback.zh
    assert "(side after layer 1 = 18, side after layer 2 = 8)" in slot.parts[3].feedback.en, "those that are wrong"


def test_of_many_layers_the_first_few_are_named(followed: Exercise) -> None:
    given = {"input_size": 40, "layers": [{"kernel_size": 3, "stride": 1}] * 12}
    own = {f"side_{number}": 37 - 2 * (number - 1) for number in range(1, 13)}
    words = grade_slot(variant_of(followed, given), own | {"total": sum(own.values())}).parts[-1].feedback
    assert "(side after layer 1 = 37, side after layer 2 = 35, side after layer 3 = 33 and 9 more)" in words.en
    assert "另外 9 处" in words.zh


def test_a_wrong_method_keeps_its_name_beside_what_follows(followed: Exercise) -> None:
    part = grade_slot(variant_of(followed, THREE), {"side_1": 14, "side_2": 6}).parts[1]
    assert (part.credit, part.mistakes) == (CARRY, ("no-plus1",)), "6 follows from 14, and the wrong method gives it too"
    assert "follows rightly" in part.feedback.en
    assert "the first place counts too" in part.feedback.en
