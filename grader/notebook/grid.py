"""A grid to type an array in, with a button that marks it: `Grid("conv-array", given)` in a notebook.

It starts at the same size for every question. How many rows, columns and channels an answer has is for the student to say.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError(
        "Grid needs the package anywidget; install it with: python -m pip install 'conv-grader[widget]'. "
        "check(…) takes nested lists or rows of text, and needs nothing more"
    ) from error

from grader.course.part import Part, kind_of
from grader.course.values import shape
from grader.marking.slot import grade_slot
from grader.notebook.cells import LARGEST, START, Cells, array_of, blank_cells, pasted
from grader.notebook.grid_words import WORDS
from grader.notebook.practice import Practice, practice_language, practice_variant
from grader.reports.show import prompt
from grader.text import visible
from grader.variants.given import given_lines, unsaid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.variants.variant import Variant

HERE = Path(__file__).resolve().parent


class Grid(anywidget.AnyWidget):
    """The grid for one part of an exercise. `value` is what stands in it, `check()` marks that.

    The other traits are what the browser's side (`grid.js`) draws from, and no interface for notebooks.
    """

    _esm = HERE / "grid.js"
    _css = HERE / "grid.css"

    cells: traitlets.List[Any] = traitlets.List().tag(sync=True)  # `Cells`
    largest = traitlets.Int(LARGEST).tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)  # of the page's words, as `zh-CN`
    words = traitlets.Dict().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    numbers = traitlets.Unicode().tag(sync=True)  # the given, set for a fixed width
    outcome = traitlets.Dict().tag(sync=True)  # of the last check; empty before the first

    def __init__(self, exercise: str, given: Mapping[str, Any], part: str | None = None, language: str | None = None) -> None:
        """
        Args:
            exercise, given, language: as for `check`.
            part: which array is asked for, where the exercise asks for several.

        Raises:
            ValueError: the exercise cannot be computed with these numbers, or has no such array; says why.
        """
        variant = practice_variant(exercise, given)
        asked, axes = _array_part(variant, part)
        chosen = practice_language(language)
        words = prompt(variant.exercise, variant.given)
        super().__init__(
            cells=blank_cells(*START),
            language="zh-CN" if chosen == "zh" else chosen,
            words={name: text[chosen] for name, text in WORDS.items()},
            title=asked.title[chosen] if asked.title else asked.id,
            question=words[chosen] if words else "",
            numbers="\n".join(given_lines(unsaid(variant.exercise, variant.given))),
        )
        self._variant, self._part, self._axes, self._chosen, self._checks = variant, asked, axes, chosen, 0
        self.on_msg(self._received)

    @property
    def value(self) -> list[Any]:
        """What stands in the grid, as `check` takes it: nested lists of integers, other numbers as their text, None where blank."""
        return array_of(self.cells, axes=self._axes)

    def check(self) -> Practice:
        """Marks what stands in the grid, and shows it there as well: the wrong cells, and what was seen. Never the right answer."""
        slot = grade_slot(self._variant, {self._part.id: self.value})
        part = next(grade for grade in slot.parts if grade.part == self._part.id)
        practice = Practice(replace(slot, parts=(part,)), self._variant.exercise, self._variant.given, self._chosen)
        self._checks += 1
        self.outcome = {
            "check": self._checks,  # so that the same outcome, found again, is news
            "answered": self.cells,
            "right": [part.cells] if len(shape(part.cells) or ()) == 2 else part.cells,
            "lines": list(practice.words(part)),
            "picture": practice.picture(part),
        }
        return practice

    def _received(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        """What the browser's side asks for. The cells come along: a state of its own may still be on its way."""
        cells: Cells = content["cells"]
        if "paste" not in content:
            self.cells = cells
            self.check()
            return
        found = pasted(cells, content["paste"], *content["at"])
        if isinstance(found, list):
            self.cells = found
        else:
            self.send({"note": visible(found[self._chosen], 400)})


def _array_part(variant: Variant, name: str | None) -> tuple[Part, int]:
    """The part that a grid is for, and how many axes its answer has.

    Raises:
        ValueError: there is none of this name, or several without one, or it is no array that a grid can hold.
    """
    key = variant.expected.key
    arrays = {part.id: part for part in variant.exercise.parts_of(variant.given) if kind_of(part, key[part.id]) == "array"}
    about = f"{variant.exercise.id} asks for {'no array' if not arrays else ', '.join(arrays)}"
    if name is None and len(arrays) != 1:
        raise ValueError(f"{about}; " + ("answer it with check(…)" if not arrays else f"name one, as part='{next(iter(arrays))}'"))
    if name is not None and name not in arrays:
        raise ValueError(f"{about}, not for an array '{name}'; " + ("name one of these" if arrays else "answer it with check(…)"))
    part = arrays[name or next(iter(arrays))]
    sides = shape(key[part.id]) or ()
    if len(sides) not in (2, 3) or max(sides) > LARGEST:
        raise ValueError(f"{part.id} does not fit a grid of up to {LARGEST} channels, rows and columns; answer it with check(…)")
    return part, len(sides)
