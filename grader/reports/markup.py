"""Pieces of HTML: text from outside made fit for it, and the sign of a verdict."""

from __future__ import annotations

import html
import re

from grader.marking.record import Verdict
from grader.reports.show import MARKS, VERDICTS
from grader.text import visible


def esc(text: str) -> str:
    """Text as it may stand in HTML, in an element or a quoted attribute."""
    return html.escape(visible(re.sub(r"\s+", " ", text), 4_000))


def sign(verdict: Verdict, language: str) -> str:
    words = esc(VERDICTS[verdict][language])
    return f"<span class='sign {verdict}' role='img' aria-label='{words}' title='{words}'>{MARKS[verdict]}</span>"
