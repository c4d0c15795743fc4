"""Where the answers of a hand-in stand: the file and the line that CI points at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.classroom.code_files import SUFFIX
from grader.classroom.hand_ins import FORMS, HandIn
from grader.course.part import Part
from grader.documents import Document, DocumentError, decode, read_yaml

SHEET = "answers.yaml"


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int  # from 1


@dataclass(frozen=True, slots=True)
class Places:
    """The places in one hand-in."""

    sheet: Place  # of the sheet as a whole, or of what makes it unreadable
    document: Document = field(default_factory=lambda: Document(None))
    programs: Mapping[str, bytes] = field(default_factory=dict)  # by slot

    def of(self, slot: str, part: Part) -> Place:
        """Where a part is answered: a program at its function, anything else at its line of the sheet."""
        if part.code is not None and slot in self.programs:
            head = re.search(rb"^\s*def\s+%s\b" % re.escape(part.code.function.encode()), self.programs[slot], re.MULTILINE)
            # The pattern may begin with the blank lines above it.
            return Place(f"{slot}{SUFFIX}", 1 if head is None else self.programs[slot][: head.end()].count(b"\n") + 1)
        return Place(self.sheet.file, self.document.mark(("answers", slot, part.id))[0])


def places_in(found: HandIn | None) -> Places:
    """The places of a hand-in as it was found. JSON is near enough to YAML to be looked up in."""
    if found is None:
        return Places(Place(SHEET, 1))
    own = found.bundle
    file = next((name for name, form in FORMS.items() if form == own.form), SHEET)
    if own.form == "none":
        return Places(Place(file, 1), programs=own.files)
    try:
        return Places(Place(file, 1), read_yaml(decode(own.sheet), typed=False), own.files)
    except DocumentError as error:
        return Places(Place(file, error.line or 1), programs=own.files)
