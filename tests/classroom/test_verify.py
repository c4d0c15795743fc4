"""`verify` passes the shipped exercises, and says what is wrong with one that is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.classroom.verify import verified
from grader.course.bank import lay_out
from grader.course.course import Course, load_exercise
from grader.variants.draw import Refusals, candidates
from grader.variants.separate import gives_key
from tests.cli.conftest import Run

__all__ = ["Run"]


@pytest.mark.parametrize("exercise", ["one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding", "output-size", "size-formula"])
def test_the_shipped_exercises_are_fit_at_every_level(course: Course, exercise: str) -> None:
    assert len(course.exercises[exercise].levels) == (0 if exercise == "size-formula" else 2)
    for level in course.exercises[exercise].every_level:
        found = verified(level, 40)
        assert found.faults == ()
        assert (found.level, found.variants) == (level.level, 40)
        blind = {name for name, rate in found.accepted.items() if rate.right}
        assert blind <= level.may_coincide
        json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("count", [1, 4])
def test_what_is_measured_before_acceptance_is_drawn_by_the_rules_alone(course: Course, count: int) -> None:
    """As many variants as are drawn, and the shares that drawing without acceptance has."""
    exercise = course.exercises["output-size"]
    found = verified(exercise, 400, count)
    drawn = [candidate.expected for candidate in candidates(exercise, b"rules alone" * 3, 400, Refusals({}, {}))]
    for name, rate in found.naive.items():
        applies = [expected for expected in drawn if name in expected.mistakes]
        assert abs(rate.applies / 400 - len(applies) / len(drawn)) < 0.12, name
        assert abs(rate.share - sum(gives_key(expected, name) for expected in applies) / len(applies)) < 0.15, name
    assert {"pad-once", "kernel-ignored", "same-thinking"} <= {name for name, rate in found.naive.items() if rate.share > 0.2}


def test_four_size_slots_together_leave_no_wrong_method_right(course: Course) -> None:
    found = verified(course.exercises["output-size"], 80, count=4)
    assert {name for name, rate in found.accepted.items() if rate.right} == set()
    assert len(found.accepted) == 13
    assert found.together == {}


def broken(folder: Path, exercise: str, old: str, new: str, file: str = "exercises/{}.yaml") -> Path:
    lay_out(folder)
    path = folder / file.format(exercise)
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("exercise", "old", "new", "file", "fault"),
    [
        pytest.param("one-window", "zh: 一个窗口", "zh: One window", "exercises/{}.yaml", "title.zh: there is no Chinese in it", id="translation-in-name-only"),
        pytest.param("output-size-basic", "from: 6, to: 19", "from: 3, to: 3", "exercises/{}.yaml", "none of 400 candidates can be handed out", id="where-never-met"),
        pytest.param("conv-array", "from: -2, to: 3", "from: 1, to: 1", "exercises/{}.yaml", "the wrong method 'flip180' gives the right answer", id="kernel-of-ones"),
        pytest.param("output_size_basic", "lambda i, k: i - k, input", "lambda i, k: i - k + 1, input", "solutions/{}.py", "the wrong method 'no-plus1' gives the right answer", id="mistake-that-is-right"),
    ],
)  # fmt: skip
def test_a_broken_exercise_is_unfit_and_says_why(tmp_path: Path, exercise: str, old: str, new: str, file: str, fault: str) -> None:
    folder = broken(tmp_path / "course", exercise, old, new, file)
    found = verified(load_exercise(folder, exercise.replace("_", "-")), 10)
    assert any(fault in said for said in found.faults), found.faults


def test_a_grader_that_marks_wrongly_is_found_out(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.marking.credit.recognised", lambda *_: ())
    assert any("is not recognised" in fault for fault in verified(course.exercises["one-window"], 3).faults)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "stride: {from: 2, to: 3}",
            "stride: 1",
            "'pad-after' gives the right answer on every candidate (as with input_size=",
            id="padding-after-is-right-at-stride-1",
        ),
        pytest.param("stride: {from: 2, to: 3}", "stride: 1", "`stride: {from: 1, to: 2}` would show it", id="stride-1-and-a-range-that-would-do"),
        pytest.param(
            "kernel_size: {from: 2, to: 5}",
            "kernel_size: 1",
            "the wrong method 'kernel-ignored' applies to no variant that is drawn, so it is never seen; `kernel_size: {from: 1, to: 2}` would show it",
            id="kernel-never-shows-at-size-1",
        ),
        pytest.param(
            "padding: {from: 1, to: 2}", "padding: 0", "the wrong method 'pad-after' applies to no variant that is drawn", id="padding-never-shows-without-any"
        ),
    ],
)
def test_a_draw_that_cannot_show_a_mistake_is_unfit(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = broken(tmp_path / "course", "output-size", old, new)
    found = verified(load_exercise(folder, "output-size"), 60)
    assert any(said in fault for fault in found.faults), found.faults


def test_a_pair_that_is_one_method_written_twice_is_named_with_the_reason(tmp_path: Path) -> None:
    folder = broken(tmp_path / "course", "output-size-basic", "blocks:\n", "twin:\n    credit: 0\n    en: twin\n    zh: 双\n  blocks:\n")
    solution = folder / "solutions/output_size_basic.py"
    solution.write_text(
        solution.read_text()
        + '\n\n@mistake("twin")\ndef twin(input_size: int, kernel_size: int) -> Answers:\n    return {"output_size": input_size - kernel_size}\n'
    )
    found = verified(load_exercise(folder, "output-size-basic"), 30)
    assert list(found.together) == [("no-plus1", "twin")]
    assert "one method written twice" in found.together[("no-plus1", "twin")]


def test_the_page_and_the_json(run: Run, course_dir: Path) -> None:
    result = run("verify", "output-size", "one-window", "--variants", 40, "--html", "verify.html", "--json")
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(report["exercise"], report["level"], report["count"]) for report in found] == [
        ("output-size", 1, 1),
        ("output-size", 2, 4),
        ("output-size", 3, 1),
        *[("one-window", level, 1) for level in (1, 2, 3)],
    ]
    assert all(report["fit"] for report in found)
    page = Path("verify.html").read_text()
    assert "<h2>output-size × 4, level 2</h2>" in page
    assert "<h2>one-window, level 3</h2>" in page
    assert "<svg" in page
    assert "http" not in page


def test_rules_of_drawing_that_change_under_one_version_stop_the_issue(run: Run, course_dir: Path) -> None:
    assert run("issue", "lesson1", "--student", "ada").exit_code == 0
    path = Path("exercises/one-window.yaml")
    changed = path.read_text().replace("from: 0, to: 5}", "from: 0, to: 4}")
    path.write_text(changed)
    stopped = run("issue", "lesson1", "--student", "alan")
    assert stopped.exit_code == 1
    assert (
        "exercises/one-window.yaml:1:1 draw_version: the rules of drawing have changed since sheets were issued under version 1; write `draw_version: 2`"
        in stopped.stderr
    )
    path.write_text(changed.replace("level: 1", "level: 1\ndraw_version: 2"))
    assert run("issue", "lesson1", "--student", "alan").exit_code == 0
    path.write_text(path.read_text().replace("The kernel lies on", "A kernel lies on"))
    assert run("issue", "lesson1", "--student", "emmy").exit_code == 0  # words decide no numbers
