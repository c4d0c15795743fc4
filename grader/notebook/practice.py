"""Practice inside a notebook: `check("output-size", given, answers)` shows the grade where the cell stands.

Numbers here are the student's own choice, as in `grader mark`: nothing of an assignment is drawn or known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.course.bank import bank_folder
from grader.course.course import Course, load_course
from grader.course.exercise import Exercise
from grader.course.faults import nearest
from grader.course.values import GivenError
from grader.marking.grade import grade_slot, variant_of
from grader.marking.record import PartGrade, SlotGrade, Verdict
from grader.reports.drawing import formula, step_of, window
from grader.reports.markup import esc
from grader.reports.show import COLON, MARKS, answer_text, part_title, step_words, verdict_line


@dataclass(frozen=True)
class Practice:
    """A grade as a notebook shows it: with the window in a picture, or in words where there are no pictures."""

    grade: SlotGrade
    exercise: Exercise
    given: Mapping[str, Any]
    language: str

    def __repr__(self) -> str:
        return "\n".join(line for part in self.grade.parts for line in self._words(part))

    def _repr_html_(self) -> str:
        pieces = [f"<div lang='{'zh-CN' if self.language == 'zh' else 'en'}'>"]
        for part in self.grade.parts:
            head, *rest = self._words(part)
            pieces += [f"<p><strong>{esc(head)}</strong></p>", *(f"<p>{esc(line)}</p>" for line in rest)]
            if (step := step_of(part, self.given)) is not None:
                pieces.append(window(step, part.answer, part.cells, self.language))
        return "".join([*pieces, "</div>"])

    def _words(self, part: PartGrade) -> Iterator[str]:
        language, colon = self.language, COLON[self.language]
        asked = self.exercise.part(part.part)
        yield f"{MARKS[part.verdict]} {part_title(asked, part)[language]}{colon}{verdict_line(part)[language]}"
        if part.verdict is not Verdict.BLANK and part.cells is None:
            yield answer_text(part, asked)[language]
        yield part.feedback[language]
        if (step := step_of(part, self.given)) is not None:
            # The result is left open: it is the student's to find.
            yield f"{step_words(step, part)[language]} {' '.join(formula(step, language, result=False))}"


def check(exercise: str, given: Mapping[str, Any], answers: Any, language: str = "en") -> Practice:
    """Marks answers to an exercise with these numbers.

    Args:
        exercise: its id, as `conv-array`.
        given: the numbers, by the names the exercise has for them; NumPy arrays and tensors may stand for lists.
        answers: by part, or the answer to the only part; an array as nested lists, an array of NumPy, a tensor or rows of text.

    Raises:
        ValueError: there is no such exercise, it asks for a program, or it cannot be computed with these numbers; says why.
    """
    found = _course(str(_folder())).exercises
    if exercise not in found:
        raise ValueError(f"there is no exercise '{exercise}'; {nearest(exercise, found)}")
    if found[exercise].code_part is not None:
        raise ValueError(f"{exercise} asks for a program; run yours with `grader try`")
    plain = {name: _plain(value) for name, value in given.items()}
    try:
        variant = variant_of(found[exercise], plain)
    except GivenError as error:
        raise ValueError(str(error)) from error
    own = {name: _plain(value) for name, value in answers.items()} if isinstance(answers, Mapping) else _plain(answers)
    return Practice(grade_slot(variant, own), variant.exercise, variant.given, language)


def _plain(value: Any) -> Any:
    """Arrays and tensors as lists, their numbers as Python's."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    # 3.0 is 3 where a tensor of floats holds it; other fractions are read from their digits, as everywhere.
    return (int(value) if value.is_integer() else repr(value)) if isinstance(value, float) else value


def _folder() -> Path:
    return Path.cwd() if (Path.cwd() / "course.yaml").is_file() else bank_folder()


@lru_cache(maxsize=2)
def _course(folder: str) -> Course:
    return load_course(Path(folder))
