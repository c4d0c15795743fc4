"""`verify` in worker processes: the same findings in the same order, progress told to the end, and a worker that dies."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classroom import blocks
from grader.classroom.blocks import Block, verify_blocks
from grader.classroom.verify import Verified
from grader.course.bank import bank_folder
from grader.course.course import Course, load_exercise
from grader.course.faults import CourseError, Fault
from tests.conftest import CourseCopy


def findings(found: list[Verified]) -> list[Verified]:
    """All but the time it took."""
    return [replace(one, draw_ms=(0.0, 0.0)) for one in found]


def small_blocks(course: Course) -> list[Block]:
    asked = [("conv-array", 1), ("one-window", 3), ("output-size", 2), ("output-size", 3), ("size-formula", 2)]
    return [Block(exercise=course.exercises[name].at(level), count=2 if level == 2 else 1, variants=12) for name, level in asked]


def test_workers_find_what_one_process_finds_in_the_same_order(course: Course) -> None:
    asked = small_blocks(course)
    told: dict[int, list[int]] = {1: [], 2: []}
    found = {jobs: findings(list(verify_blocks(bank_folder(), asked, jobs, told[jobs].append))) for jobs in (1, 2)}
    assert found[1] == found[2]
    assert [(one.exercise, one.level, one.count) for one in found[2]] == [(block.exercise.id, block.exercise.level, block.count) for block in asked]
    assert sum(told[2]) == sum(block.steps for block in asked), "the bar ends full"
    assert sum(told[1]) == sum(one.variants // one.count + one.checked for one in found[1])


def test_little_to_do_is_done_here(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ProcessPoolExecutor", None)
    asked = small_blocks(course)[-2:]
    assert len(list(verify_blocks(bank_folder(), asked, None, lambda _: None))) == 2
    with pytest.raises(TypeError):
        list(verify_blocks(bank_folder(), asked, 2, lambda _: None))


DIES = """
import os

@mistake("no-plus1")
def no_plus1(input_size: int, kernel_size: int) -> Answers:
    if os.getpid() != {parent}:
        os.kill(os.getpid(), 9)
    return {{"output_size": input_size - kernel_size}}
"""


def test_a_worker_that_dies_makes_its_own_exercise_unfit_and_no_other(course_copy: CourseCopy) -> None:
    solution = course_copy.folder / "solutions/output_size_basic.py"
    before, _, after = solution.read_text().partition('@mistake("no-plus1")')
    solution.write_text(before + DIES.format(parent=os.getpid()) + after[after.index("\n\n\n") :])
    asked = [
        Block(exercise=load_exercise(course_copy.folder, name).at(level), count=1, variants=5)
        for name, level in (("one-window", 1), ("output-size-basic", 2), ("one-window", 2))
    ]
    found = list(verify_blocks(Path(course_copy.folder), asked, 2, lambda _: None))
    assert [(one.exercise, one.level, bool(one.faults)) for one in found] == [
        ("one-window", 1, False),
        ("output-size-basic", 2, True),
        ("one-window", 2, False),
    ]
    assert found[1].faults[0].startswith("solutions/output_size_basic.py: the process that ran it has died")
    found[1].to_json()


def test_faults_come_back_from_a_worker_as_they_were() -> None:
    error = CourseError([Fault("exercises/a.yaml", 1, 2, "draw", "what", "cure"), Fault("course.yaml", 3, 4, "", "what", "cure")])
    again = pickle.loads(pickle.dumps(error))
    assert (again.faults, str(again)) == (error.faults, str(error))
