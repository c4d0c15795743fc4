"""Grading: pure, never failing, and fair about whose sheet it is and what was altered in it."""

from __future__ import annotations

import builtins
import copy
import datetime as clock
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.solution import Method
from grader.marking.grade import grade
from grader.marking.record import Flag, Record, Status, Verdict
from grader.marking.slot import grade_slot
from grader.marking.submission import Submission, from_data, read_submission, same_given
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import Sheet, Variant, draw_sheet

from . import wrong_methods
from .sheets import NOW, answered, as_json, dumped, exercise, hand_in, pinned, told

WINDOW = {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 2]]}  # 1·1 + 4·2 = 9
SIZE = {"input_size": 11, "kernel_size": 4, "stride": 2, "padding": 2}  # 15, 6
SLOTS: dict[str, tuple[str, Mapping[str, Any]]] = {"one-window": ("one-window", WINDOW), "output-size": ("output-size", SIZE)}
SHEET = pinned(SLOTS)
RIGHT = {"one-window": 9, "output-size": {"padded_size": 15, "output_size": 6}}


@pytest.fixture(scope="module")
def lesson(course: Course, secret: bytes) -> Sheet:
    return draw_sheet(course, course.assignments["lesson1"], "ada", 1, secret)


def right_answers(sheet: Sheet) -> dict[str, Any]:
    return {v.slot: {part: as_json(answer) for part, answer in wrong_methods.right(v.exercise.id, dict(v.given)).items()} for v in sheet.variants}


def test_a_whole_drawn_sheet_answered_rightly_earns_everything(lesson: Sheet) -> None:
    record = answered(lesson, right_answers(lesson))
    assert record.score == record.possible == 20
    assert record.status is Status.GRADED
    assert told(record.flags, record.notes, record.adjustments) == ((), (), ())


def test_the_page_s_own_numbers(course: Course, secret: bytes) -> None:
    sheet = draw_sheet(course, course.assignments["lesson1-worked"], "ada", 1, secret)
    record = answered(
        sheet,
        {
            "conv-array": "10 12 12\n18 16 16\n13 9 3",
            "conv-stride": {"output": [[10, 12], [13, 3]]},
            "conv-padding": "1 3 4 10 8\n5 10 12 12 6\n7 18 16 16 8\n11 13 9 3 4\n14 13 9 7 4",
            **{f"output-size-{n}": {"padded_size": p, "output_size": o} for n, p, o in ((1, 4, 2), (2, 7, 5), (3, 5, 2), (4, 8, 3))},
        },
    )
    assert record.score == record.possible == 10


def forbidden(name: str) -> Callable[..., Any]:
    def fail(*arguments: Any, **named: Any) -> Any:
        raise AssertionError(f"grading called {name}")

    return fail


ODD_ANSWERS: dict[str, Any] = {
    "one-window": [[1, 0], [0, 8]],
    "output-size": {"padded_size": 13, "output_size": 5, "extra": [1]},
    "nothing": {"like": "this"},
}


def test_grading_touches_nothing_but_its_arguments(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lesson: Sheet) -> None:
    submission = Submission(digest="sha256:0", student="ada", answers=ODD_ANSWERS, sheet=SHEET.id, submitted_at=NOW, given={"one-window": {}}, signature="0")
    answered(SHEET, ODD_ANSWERS)  # solutions are loaded once, on first use
    with monkeypatch.context() as patch:
        for module, names in (
            (builtins, ("open", "print", "input", "eval", "exec")), (time, ("time", "time_ns", "monotonic", "perf_counter", "sleep")), (random, ("random", "getrandbits")),
            (Path, ("open", "read_text", "read_bytes", "write_text")), (socket, ("socket",)), (subprocess, ("Popen",)),
        ):  # fmt: skip
            for name in names:
                patch.setattr(module, name, forbidden(name))

        class NoClock(clock.datetime):
            now = utcnow = today = forbidden("datetime.now")

        patch.setattr(clock, "datetime", NoClock)
        for room in ("grade", "policy", "submission"):
            patch.setattr(sys.modules[f"grader.marking.{room}"], "datetime", NoClock)
        records = [grade(sheet, submission, graded_at=NOW, signature="1") for sheet in (SHEET, SHEET, lesson)]
    assert records[0] == records[1]
    assert capsys.readouterr() == ("", "")


def test_the_same_arguments_give_the_same_record_and_are_left_as_they_were() -> None:
    raw = {**ODD_ANSWERS, "one-window": [["1", None], [0, "8"]]}
    before, given = copy.deepcopy(raw), copy.deepcopy(dict(WINDOW))
    records = [answered(SHEET, raw, submitted_at=NOW, given={"one-window": WINDOW}) for _ in range(3)]
    assert records[0] == records[1] == records[2]
    assert len({dumped(record) for record in records}) == 1
    assert raw == before
    assert given == WINDOW


def test_a_record_s_lists_are_its_own() -> None:
    given = {"input": [[1, 2, 0], [0, 1, 2]], "kernel": [[1, 1], [0, 1]]}
    record = answered(pinned({"conv-array": ("conv-array", given)}), {"conv-array": [[4, 4]]})
    record.to_json()["slots"][0]["parts"][0]["key"].append("spoiled")
    assert answered(pinned({"conv-array": ("conv-array", given)}), {"conv-array": [[4, 4]]}).slots[0].parts[0].key == [[4, 4]]


@pytest.mark.parametrize(
    ("sheet", "student", "flags", "note"),
    [
        pytest.param("conv101/samples/ada/1", None, (), None, id="theirs"),
        pytest.param(" conv101/samples/ada/1 ", "ada", (), None, id="theirs-twice"),
        pytest.param(None, "ada", (Flag.NO_SHEET_LINE,), None, id="no-sheet-line"),
        pytest.param("conv101/samples/bob/1", None, (Flag.NOT_THEIRS,), "this is the sheet of bob; hand in your own", id="another-s-by-sheet"),
        pytest.param("conv101/samples/ada/1", "bob", (Flag.NOT_THEIRS,), "this is the sheet of bob; hand in your own", id="another-s-by-student"),
        pytest.param("conv101/samples/ADA/1", None, (Flag.NOT_THEIRS,), "this is the sheet of ADA; hand in your own", id="ids-are-exact"),
        pytest.param(
            "conv101/hw9/ada/1", None, (Flag.WRONG_SHEET,),
            "this is the sheet conv101/hw9/ada/1, not one of samples; hand in the sheet of this assignment", id="another-assignment",
        ),
        pytest.param(
            "conv102/samples/ada/1", None, (Flag.WRONG_SHEET,),
            "this is the sheet conv102/samples/ada/1, not one of samples; hand in the sheet of this assignment", id="another-course",
        ),
        pytest.param("???", None, (Flag.WRONG_SHEET,), "this is the sheet ???, not one of samples; hand in the sheet of this assignment", id="garbage"),
        pytest.param("", None, (Flag.WRONG_SHEET,), None, id="empty-line"),
        pytest.param("a/b/c/d/e", None, (Flag.WRONG_SHEET,), None, id="too-many-bars"),
    ],
)  # fmt: skip
def test_whose_sheet_it_is(sheet: str | None, student: str | None, flags: tuple[Flag, ...], note: str | None) -> None:
    submission = Submission(digest="sha256:0", student="ada", answers=RIGHT, sheet=sheet, claimed_student=student)
    record = grade(SHEET, submission, graded_at=NOW)
    assert record.flags == flags
    refused = bool({Flag.NOT_THEIRS, Flag.WRONG_SHEET} & set(flags))
    assert record.status is (Status.REFUSED if refused else Status.GRADED)
    assert record.score == (0 if refused else record.possible)
    assert record.possible == SHEET.possible
    assert [n.en for n in record.notes] == [note] or note is None
    assert (record.slots == ()) is refused


def test_a_sheet_as_issued_and_filled_in_matches_what_was_issued_typed_or_as_text(lesson: Sheet, secret: bytes) -> None:
    signature = lesson.signature(secret)
    for raw, form in ((sheet_yaml(lesson, ["en", "zh"], signature), "yaml"), (json.dumps(sheet_json(lesson, signature)), "json")):
        record = grade(lesson, read_submission(raw.encode(), form, "ada"), graded_at=NOW, signature=signature)
        assert (record.flags, record.notes, record.status) == ((), (), Status.GRADED)
        assert {part.verdict for slot in record.slots for part in slot.parts} == {Verdict.BLANK}


def changed(slot: str, given: Any) -> dict[str, Any]:
    return {name: given if name == slot else dict(true) for name, (_, true) in SLOTS.items()}


@pytest.mark.parametrize(
    ("claims", "tampered"),
    [
        pytest.param(None, [], id="no-claims"),
        pytest.param({}, [], id="no-slots"),
        pytest.param(changed("none", None), [], id="as-issued"),
        pytest.param(changed("output-size", {name: str(value) for name, value in SIZE.items()}), [], id="as-text"),
        pytest.param(changed("output-size", {**SIZE, "stride": 1}), ["output-size"], id="easier-stride"),
        pytest.param(changed("output-size", {**SIZE, "dilation": 1}), ["output-size"], id="one-more"),
        pytest.param(changed("output-size", {"input_size": 11}), ["output-size"], id="some-gone"),
        pytest.param(changed("output-size", {**SIZE, "stride": [2, 2]}), ["output-size"], id="list-for-a-number"),
        pytest.param(changed("output-size", {**SIZE, "stride": True}), ["output-size"], id="true-for-a-number"),
        pytest.param(changed("one-window", {**WINDOW, "kernel": [[1, 0], [0, 3]]}), ["one-window"], id="one-cell"),
        pytest.param(changed("one-window", {**WINDOW, "kernel": [[1, 0]]}), ["one-window"], id="a-row-gone"),
        pytest.param(changed("one-window", "junk"), ["one-window"], id="junk"),
        pytest.param(changed("one-window", None), ["one-window"], id="emptied"),
        pytest.param({"unknown": {"input": 1}}, [], id="a-slot-that-is-none"),
    ],
)  # fmt: skip
def test_altered_given_is_flagged_and_marked_against_the_true_one(claims: Any, tampered: list[str]) -> None:
    record = answered(SHEET, RIGHT, given=claims)
    assert record.score == record.possible
    assert record.status is Status.GRADED
    assert record.flags == ((Flag.TAMPERED,) if tampered else ())
    assert [note.en for note in record.notes] == [
        f"the numbers in the file are not those that were handed out ({slot}); it was marked against those that were" for slot in tampered
    ]


@pytest.mark.parametrize(("theirs", "true", "flagged"), [("ab", "ab", False), ("ab", "cd", True), (None, "cd", False), ("ab", None, False)])
def test_an_altered_signature_is_flagged(theirs: str | None, true: str | None, flagged: bool) -> None:
    record = answered(SHEET, RIGHT, signature=theirs) if true is None else None
    if record is None:
        submission = Submission(digest="sha256:0", student="ada", answers=RIGHT, sheet=SHEET.id, signature=theirs)
        record = grade(SHEET, submission, graded_at=NOW, signature=true)
    assert (Flag.TAMPERED in record.flags) is flagged
    assert record.score == record.possible


@pytest.mark.parametrize(
    ("claimed", "true", "same"), [(None, {}, True), ({}, {}, True), (None, {"a": 1}, False), (None, None, True), ("", {}, False), (0, None, False)]
)
def test_an_exercise_without_given_has_nothing_to_alter(claimed: Any, true: Any, same: bool) -> None:
    assert same_given(claimed, true) is same


def test_a_slot_without_given_in_the_file_claims_nothing() -> None:
    line = from_data({"answers": {}, "slots": {"one-window": {"prompt": "…"}, "output-size": {"given": None}, "x": 3}}, digest="", student="ada")
    assert line.given == {"output-size": None}
    assert from_data({"answers": {}, "slots": "all"}, digest="", student="ada").given is None


def test_answers_under_unknown_names_are_flagged_and_named() -> None:
    record = answered(SHEET, {**RIGHT, "one_window": 9, "bonus": 1})
    assert record.score == record.possible
    assert record.flags == (Flag.UNKNOWN_SLOT,)
    assert [note.en for note in record.notes] == [
        "there is no question 'one_window' on this sheet, so its answer was not marked; did you mean one-window?",
        "there is no question 'bonus' on this sheet, so its answer was not marked; the questions are one-window, output-size",
    ]
    record = answered(SHEET, {"one-window": {"answer": 9}, "output-size": {**RIGHT["output-size"], "size": 3}})  # type: ignore[dict-item]
    assert record.flags == (Flag.UNKNOWN_PART,)
    assert [note.en for note in record.notes] == [
        "question one-window has no part 'answer', so its answer was not marked; its parts are value",
        "question output-size has no part 'size', so its answer was not marked; its parts are padded_size, output_size",
    ]
    assert [slot.score for slot in record.slots] == [0, exercise("output-size").points]


def test_a_flood_of_unknown_names_makes_a_short_record() -> None:
    flood = {f"name-{n}": n for n in range(20_000)}
    record = answered(SHEET, {**{f"slot-{n}": 1 for n in range(400)}, "output-size": flood})
    assert len(record.notes) == 8
    assert len(dumped(record)) < 10_000
    assert {note.en for note in record.notes} >= {
        "397 more answers stand under names that are no questions of this sheet",
        "question output-size has 19997 more answers under names that are none of its parts",
    }


@pytest.mark.parametrize(
    ("raw", "verdicts"),
    [
        pytest.param(None, ["blank", "blank"], id="nothing"),
        pytest.param("", ["blank", "blank"], id="empty-text"),
        pytest.param([], ["blank", "blank"], id="empty-list"),
        pytest.param({}, ["blank", "blank"], id="empty-mapping"),
        pytest.param(6, ["invalid", "invalid"], id="one-answer-for-two-parts"),
        pytest.param([15, 6], ["invalid", "invalid"], id="a-list-for-two-parts"),
        pytest.param("15 6", ["invalid", "invalid"], id="a-text-for-two-parts"),
        pytest.param({"output_size": 6}, ["blank", "correct"], id="one-part"),
        pytest.param({"padded_size": "x", "output_size": 6}, ["invalid", "correct"], id="one-unreadable"),
        pytest.param({"padded_size": {}, "output_size": [[6]]}, ["invalid", "invalid"], id="of-another-kind"),
    ],
)
def test_what_may_stand_under_a_slot_of_two_parts(raw: Any, verdicts: list[str]) -> None:
    slot = grade_slot(SHEET.variants[1], raw)
    assert [str(part.verdict) for part in slot.parts] == verdicts
    if verdicts == ["invalid", "invalid"] and not isinstance(raw, dict):
        assert "write padded_size: …, output_size: …" in slot.parts[0].feedback.en


def test_parts_share_a_slot_s_points_by_weight() -> None:
    slot = grade_slot(Variant("output-size", exercise("output-size"), SIZE, Fraction(3)), {"output_size": 6})
    assert [part.possible for part in slot.parts] == [Fraction(3, 4), Fraction(9, 4)]
    assert slot.score == Fraction(9, 4)


class Spoiled:
    """An exercise whose solution fails where it is asked to: everything else is the real one's."""

    @staticmethod
    def of(name: str, *, reference: BaseException | None = None, mistake: BaseException | None = None) -> Exercise:
        real = exercise(name)

        def failing(error: BaseException) -> Callable[..., Any]:
            def fail(**_: Any) -> Any:
                raise error

            return fail

        solution = real.solution
        if reference is not None:
            solution = replace(solution, reference=Method("reference", failing(reference), frozenset(), None, frozenset()))
        if mistake is not None:
            methods = {n: Method(n, failing(mistake), frozenset(), None, frozenset()) for n in solution.mistakes}
            solution = replace(solution, mistakes=methods)

        class Stub(Exercise):
            @property
            def solution(self) -> Any:
                return solution

        return Stub(**{field: getattr(real, field) for field in real.__dataclass_fields__})


ERRORS = [
    TypeError("bad"),
    KeyError("x"),
    ZeroDivisionError(),
    AttributeError(),
    RuntimeError("torch"),
    ValueError(),
    RecursionError(),
    MemoryError(),
    AssertionError(),
]


def spoiled_sheet(broken: Exercise) -> Sheet:
    return replace(SHEET, variants=(replace(SHEET.variants[0], exercise=broken), SHEET.variants[1]))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("answer", [9, 8, None, "x", {"value": 9}])
def test_a_solution_that_fails_is_never_the_student_s_loss(error: Exception, answer: Any) -> None:
    record = answered(spoiled_sheet(Spoiled.of("one-window", reference=error)), {**RIGHT, "one-window": answer})
    part = record.slots[0].parts[0]
    assert record.status is Status.FAILED
    assert told(part.verdict, part.credit, part.key, part.mistakes) == (Verdict.UNGRADED, 0, None, ())
    assert part.possible == 1
    assert part.feedback.en == "The grader failed on this question; this is not your fault, and a person will look at it."
    assert part.feedback in record.notes
    assert record.slots[1].score == record.slots[1].possible, "the other questions stand"
    dumped(record)


@pytest.mark.parametrize("error", [TypeError("bad"), KeyError("x"), AttributeError()], ids=lambda error: type(error).__name__)
def test_a_wrong_method_that_fails_spoils_no_right_answer(error: Exception) -> None:
    sheet = spoiled_sheet(Spoiled.of("one-window", mistake=error))
    assert answered(sheet, RIGHT).score == SHEET.possible
    failed = answered(sheet, {**RIGHT, "one-window": 8})
    assert failed.status is Status.FAILED
    assert failed.slots[0].parts[0].verdict is Verdict.UNGRADED
    assert failed.slots[0].parts[0].key == 9


@pytest.mark.parametrize("error", [RuntimeError("torch"), ValueError(), ZeroDivisionError(), IndexError()], ids=lambda error: type(error).__name__)
def test_a_wrong_method_that_torch_refuses_is_nobody_s_answer(error: Exception) -> None:
    record = answered(spoiled_sheet(Spoiled.of("one-window", mistake=error)), {**RIGHT, "one-window": 8})
    assert record.status is Status.GRADED
    assert record.slots[0].parts[0].verdict is Verdict.INCORRECT


def test_an_attempt_is_the_caller_s_then_the_line_s_then_the_sheet_s() -> None:
    line = Submission(digest="sha256:0", student="ada", answers=RIGHT, sheet=SHEET.id, attempt=2)
    assert grade(SHEET, line, graded_at=NOW, attempt=3).attempt == 3
    assert grade(SHEET, line, graded_at=NOW).attempt == 2
    assert grade(replace(SHEET, attempt=4), replace(line, attempt=None), graded_at=NOW).attempt == 4


def test_a_refusal_keeps_what_is_known() -> None:
    record: Record = hand_in(SHEET, b"")
    assert told(record.status, record.score, record.possible, record.student, record.slots) == (Status.REFUSED, 0, SHEET.possible, "ada", ())
    assert [note.en for note in record.notes] == ["the file is empty; hand in the sheet with your answers"]
    assert record.submission == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
