"""A course for the tests: each kind of part and of given, and each rule of drawing."""

from functools import lru_cache
from pathlib import Path

from grader.course.course import Course, load_course

FOLDER = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def kinds_course() -> Course:
    return load_course(FOLDER)
