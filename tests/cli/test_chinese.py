"""A course in Chinese alone: every command of a term, and not one English word but names that programs need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.classroom.batch import forget
from grader.course.course import Course, load_course
from grader.course.secret import FILE
from grader.marking.record import Flag
from tests.cli.conftest import Run, hand_in

LESSON = "lesson1"
NAMES = {
    "conv2d", "input", "kernel", "stride", "padding", "floor", "ceil", "ada", "alan", "emmy", "STUDENT", "grader", "history", "sheet", "answers", "yaml",
    "json", "Asia", "Shanghai", "UTC", "release", "grader-secret", "GRADER_SECRET", "public_seed", "course", "csv", "grades", "yes", "i", "k", "s", "p",
}  # fmt: skip
"""Names of torch, of students, of commands and their options, of files and time zones."""


@pytest.fixture
def chinese(course_dir: Path) -> Path:
    text = (course_dir / "course.yaml").read_text(encoding="utf-8")
    (course_dir / "course.yaml").write_text(re.sub(r"^languages: .*$", "languages: [zh]", text, flags=re.MULTILINE), encoding="utf-8")
    forget()
    return course_dir


def names(course: Course) -> set[str]:
    """What the course itself names: exercises, slots, parts, givens, wrong methods, students; and flags."""
    found = {course.id, *course.assignments, *(course.roster or {}), *Flag}
    for entry in course.assignment(LESSON).entries:
        exercise = entry.exercise
        found |= {exercise.id, *entry.slots, *exercise.mistakes, *exercise.draw, *(part.id for part in exercise.parts)}
    return found


def english(text: str, course: Course, folder: Path) -> set[str]:
    """Words in Latin letters that are no names."""
    text = re.sub(r"<style>.*?</style>|<script.*?</script>", "", text.replace(str(folder), ""), flags=re.DOTALL)
    text = re.sub(r"`[^`]*`|<[^>]*>|&\w+;", " ", text)
    return set(re.findall(r"[A-Za-z][\w-]*", text)) - NAMES - names(course)


def answered(sheet: str) -> str:
    """A sheet as filled in by somebody who gets some right, some wrong, some illegible and some not at all."""
    table = "    output: |        # 在下面缩进逐行写出数字\n"
    first, second, third, rest = sheet.split(table)
    sheet = f"{first}{table}      1，2，3\n      4，5，6\n{second}{table}{third}{table}      1 _ 2\n{rest}"
    sheet = re.sub(r"(output-size-[12]): \{padded_size: , output_size: \}", r"\1: {padded_size: 9, output_size: 三}", sheet)
    return sheet.replace("one-window: \n", "one-window: １２\n").replace("size-formula: \n", "size-formula: ⌊（i＋p－k）／s⌋＋1\n")


def test_a_term_in_chinese(run: Run, chinese: Path) -> None:
    course = load_course(chinese)
    said = {"issue": run("issue", LESSON).output}
    sheet = (chinese / f"release/ada/{LESSON}/answers.yaml").read_text(encoding="utf-8")
    said["sheet"] = sheet.partition("# 以下供程序使用")[0]
    assert said["sheet"] != sheet
    hand_in(chinese, "ada", LESSON, answered(sheet))
    hand_in(chinese, "alan", LESSON, answered(sheet))  # ada's
    hand_in(chinese, "emmy", LESSON, answered((chinese / f"release/emmy/{LESSON}/answers.yaml").read_text(encoding="utf-8")))
    said |= {command: run(command, LESSON).output for command in ("grade", "report", "copies")}
    said |= {f"show {student}": run("show", LESSON, student).output for student in ("ada", "alan", "hua")}
    said["page"] = run("show", LESSON, "ada", "--html", "ada.html").output and (chinese / "ada.html").read_text(encoding="utf-8")
    said["whose"] = run("whose", LESSON, "--values", "[0]").output

    exercise = chinese / "exercises/size-formula.yaml"
    exercise.write_text(exercise.read_text(encoding="utf-8").replace("pad-once:\n    credit: 0.5", "pad-once:\n    credit: 0.25"), encoding="utf-8")
    forget()
    said["dry run"] = run("regrade", LESSON, "--dry-run").output
    said["unasked"] = run("regrade", LESSON).output
    said["regrade"] = run("regrade", LESSON, "--yes").output
    said["regrade again"] = run("regrade", LESSON, "--yes").output
    said["history"] = re.sub(r"（重新评分，.*?，", "（重新评分，", run("history", LESSON, "ada").output)  # whoever runs the tests
    said["no history"] = run("history", LESSON, "hua").output
    (chinese / FILE).write_text("short\n")
    said["short secret"] = run("issue", LESSON, "--attempt", "2").output
    (chinese / FILE).unlink()
    said["no secret"] = run("issue", LESSON, "--attempt", "2").output

    for command, text in said.items():
        assert re.search("[一-鿿]", text), f"{command} says nothing in Chinese: {text}"
        assert english(text, course, chinese) == set(), f"{command}: {text}"
    assert "升高" not in said["regrade again"] and "人降低" in said["regrade"]
