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
from grader.marking.record import PartGrade, SlotGrade, Verdict
from grader.marking.slot import grade_slot, variant_of
from grader.reports.drawing import formula, step_of, window
from grader.reports.markup import esc
from grader.reports.show import COLON, MARKS, answer_text, part_title, step_words, verdict_line
from grader.text import LANGUAGES, both
from grader.variants.variant import Variant

# JupyterLab's own, light or dark; elsewhere a picture is drawn in the ink of the text.
_COLOURS = "--kernel: var(--jp-brand-color1, currentColor); --wrong: var(--jp-error-color1, currentColor)"


@dataclass(frozen=True)
class Practice:
    """A grade as a notebook shows it: with the window in a picture, or in words where there are no pictures."""

    grade: SlotGrade
    exercise: Exercise
    given: Mapping[str, Any]
    language: str

    def __repr__(self) -> str:
        return "\n".join(line for part in self.grade.parts for line in self.words(part))

    def _repr_html_(self) -> str:
        pieces = [f"<div lang='{'zh-CN' if self.language == 'zh' else 'en'}' style='{_COLOURS}'>"]
        for part in self.grade.parts:
            head, *rest = self.words(part)
            pieces += [f"<p><strong>{esc(head)}</strong></p>", *(f"<p>{esc(line)}</p>" for line in rest), self.picture(part)]
        return "".join([*pieces, "</div>"])

    def picture(self, part: PartGrade) -> str:
        """The window of the first wrong cell as SVG; empty where there is none to show."""
        step = step_of(part, self.given)
        return "" if step is None else window(step, part.answer, part.cells, self.language)

    def words(self, part: PartGrade) -> Iterator[str]:
        """The verdict, and what was seen, a line each. The key is not among them."""
        language, colon = self.language, COLON[self.language]
        asked = self.exercise.part(part.part)
        yield f"{MARKS[part.verdict]} {part_title(asked, part)[language]}{colon}{verdict_line(part)[language]}"
        if part.verdict is not Verdict.BLANK and part.cells is None:
            yield answer_text(part, asked)[language]
        yield part.feedback[language]
        if (step := step_of(part, self.given)) is not None:
            # The result is left open: it is the student's to find.
            yield (step_words(step, part) + both(" ".join(formula(step, language, result=False))))[language]


def check(exercise: str, given: Mapping[str, Any], answers: Any, language: str | None = None) -> Practice:
    """Marks answers to an exercise with these numbers.

    Args:
        exercise: its id, as `conv-array`.
        given: the numbers, by the names the exercise has for them; NumPy arrays and tensors may stand for lists.
        answers: by part, or the answer to the only part; an array as nested lists, an array of NumPy, a tensor or rows of text.
        language: `en` or `zh`; the course's first by default.

    Raises:
        ValueError: there is no such exercise or language, or it cannot be computed with these numbers; says why.
    """
    variant = practice_variant(exercise, given)
    own = {name: _plain(value) for name, value in answers.items()} if isinstance(answers, Mapping) else _plain(answers)
    return Practice(grade_slot(variant, own), variant.exercise, variant.given, practice_language(language))


def practice_variant(exercise: str, given: Mapping[str, Any]) -> Variant:
    """An exercise of the course at hand with these numbers.

    Raises:
        ValueError: there is no such exercise, it asks for a program, or it cannot be computed with these numbers; says why.
    """
    found = practice_course().exercises
    if exercise not in found:
        raise ValueError(f"there is no exercise '{exercise}'; {nearest(exercise, found)}")
    if found[exercise].code_part is not None:
        raise ValueError(f"{exercise} asks for a program; run yours with `grader try`")
    try:
        return variant_of(found[exercise], {name: _plain(value) for name, value in given.items()})
    except GivenError as error:
        raise ValueError(str(error)) from error


def practice_language(chosen: str | None) -> str:
    """The language of what is shown: the chosen one, else the course's first.

    Raises:
        ValueError: nothing is written in this language.
    """
    if chosen is not None and chosen not in LANGUAGES:
        raise ValueError(f"unknown language '{chosen}'; write {' or '.join(LANGUAGES)}")
    return chosen or practice_course().languages[0]


def practice_course() -> Course:
    """The course in the folder where the notebook runs; where there is none, the one that ships."""
    here = Path.cwd()
    return _course(str(here if (here / "course.yaml").is_file() else bank_folder()))


def _plain(value: Any) -> Any:
    """Arrays and tensors as lists, their numbers as Python's."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    # 3.0 is 3 where a tensor of floats holds it; other fractions are read from their digits, as everywhere.
    return (int(value) if value.is_integer() else repr(value)) if isinstance(value, float) else value


@lru_cache(maxsize=2)
def _course(folder: str) -> Course:
    return load_course(Path(folder))
