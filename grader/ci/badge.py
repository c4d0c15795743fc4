"""A badge in the JSON that shields draw: the points, and a colour."""

from __future__ import annotations

from typing import Any

from grader.ci.practice import Marked
from grader.marking.record import Status
from grader.reports.show import STATUS, points
from grader.text import Text

COLOURS = ((1.0, "brightgreen"), (0.8, "green"), (0.6, "yellowgreen"), (0.4, "yellow"), (0.2, "orange"))


def badge(marked: Marked, language: str) -> dict[str, Any]:
    """The badge; grey where nothing was marked."""
    record = marked.record
    if record.status is Status.REFUSED or not record.possible:
        return {"schemaVersion": 1, "label": LABEL[language], "message": STATUS[record.status][language], "color": "lightgrey"}
    share = record.score / record.possible
    colour = next((name for least, name in COLOURS if share >= least), "red")
    return {"schemaVersion": 1, "label": LABEL[language], "message": f"{points(record.score)}/{points(record.possible)}", "color": colour}


LABEL = Text("points", "得分")
