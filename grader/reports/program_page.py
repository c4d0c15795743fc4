"""What running a program has shown as HTML: a table of the groups of cases, and what was printed."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from grader.marking.record import PartGrade
from grader.reports.markup import esc, sign
from grader.reports.program import PRINTED, GroupRow, explained, printed
from grader.text import Text, visible


def program_html(graded: PartGrade, language: str, *, keys: bool) -> Iterator[str]:
    """The table and the lines, after the part's feedback, which is not said again; nothing where no program was run."""
    if rows := tuple(explained(graded, language, keys=keys, told=graded.feedback[language])):
        yield f"<table class='groups'><caption>{esc(GROUPS[language])}</caption><tbody>"
        for row, details in rows:
            yield f"<tr><td>{sign(row.verdict, language)}</td><th scope='row'>{_about(row, details, language)}</th>"
            yield f"<td class='number'>{row.passed}/{row.cases}</td></tr>"
        yield "</tbody></table>"
    if lines := printed(graded):
        # Its columns matter, so white space stays as it is.
        shown = "\n".join(html.escape(visible(line, 200)) for line in lines)
        yield f"<p>{esc(PRINTED[language])}</p><pre class='printed'>{shown}</pre>"


def _about(row: GroupRow, details: Sequence[str], language: str) -> str:
    hidden = f" <small>{esc(HIDDEN[language])}</small>" if row.hidden else ""
    lines = [esc(line) if line != row.call else f"<code>{esc(line)}</code>" for line in details]
    return f"{esc(row.title[language])}{hidden}" + "".join(f"<p>{line}</p>" for line in lines)


GROUPS = Text("Groups of cases, and how many of each pass", "各组测试及通过的数量")
HIDDEN = Text("cases not shown", "测试不公开")
STYLE = """
.groups { width: 100%; margin: .6rem 0; }
.groups td, .groups th { text-align: left; vertical-align: top; font-weight: 400; padding: .25rem .4rem; border-top: 1px solid var(--line); }
.groups td:first-child { width: 1.8rem; }
.groups caption { color: var(--quiet); font-size: .875rem; }
.groups .number { text-align: right; white-space: nowrap; }
.groups p { margin: .2rem 0; }
.printed { margin: .3rem 0; padding: .5rem .6rem; border: 1px solid var(--line); border-radius: .3rem; white-space: pre-wrap; }
"""
