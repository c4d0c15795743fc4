"""All lesson pages of a course: a page for each exercise in each language, its drawings, and an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.reports.axis import axis_drawing, axis_of
from grader.reports.example import Lesson, kept_from, lesson, pinned_in
from grader.reports.lesson import MADE, lesson_page
from grader.reports.markdown import code, escaped, link, table
from grader.reports.picture import picture_drawing, picture_of
from grader.text import LANGUAGES

INDEX = "README.md"
WORKED = "lesson1-worked"  # the assignment that sets the numbers of the lesson, where a course has it
MARK = "<!-- Made by `grader pages`"  # every file begins with it, so that the command knows its own


def lesson_files(course: Course, assignment: str = WORKED) -> dict[str, str]:
    """The files of all pages, by name.

    Args:
        assignment: the numbers that it sets are the worked examples; other exercises are drawn with a public key.

    Raises:
        CourseError: an exercise cannot be drawn.
    """
    kept = kept_from(course, assignment)
    order = sorted(course.exercises.values(), key=lambda exercise: (exercise.level, exercise.id))
    files = {INDEX: index_page(order)}
    for exercise in order:
        found = lesson(exercise, pinned_in(course, assignment, exercise.id), kept)
        files |= dict(_files(exercise, found))
    return files


def index_page(lessons: Sequence[Exercise]) -> str:
    """The list of all pages, in both languages."""
    rows = [
        [code(e.id), link(escaped(e.title.en), f"{e.id}.md"), link(escaped(e.title.zh), f"{e.id}.zh.md"), ", ".join(str(own.level) for own in e.every_level)]
        for e in lessons
    ]
    lines = [
        MADE.format(file="exercises/"),
        "",
        "# Exercises · 练习",
        "",
        "For each exercise: what is asked, an example worked out, the mistakes people make and what they earn, and what is drawn.",
        "",
        "每道练习都有：题目、例题解答、常见错误及其得分、取值范围。",
        "",
        *table(["", "English", "中文", "levels · 难度"], rows),
    ]
    return "\n".join(lines) + "\n"


def page_file(exercise: str, language: str) -> str:
    return f"{exercise}.md" if language == "en" else f"{exercise}.{language}.md"


def _files(exercise: Exercise, found: Lesson) -> Iterator[tuple[str, str]]:
    worked = found.worked
    titles = {part.id: part.title for part in worked.exercise.parts_of(worked.given)}
    picture = picture_of(worked.given, worked.expected.key, titles)
    axis = None if picture else axis_of(worked.given, worked.expected.key)
    for language in LANGUAGES:
        drawing = picture_drawing(picture, language) if picture else axis_drawing(axis, language) if axis else None
        file = f"{exercise.id}.svg" if language == "en" else f"{exercise.id}.{language}.svg"
        other = page_file(exercise.id, next(name for name in LANGUAGES if name != language))
        links = {"other": other, "index": INDEX}
        yield page_file(exercise.id, language), lesson_page(found, language, links, picture, file if drawing else None)
        if drawing is not None:
            yield file, f"{MARK} from {exercise.file} -->\n{drawing}\n"
