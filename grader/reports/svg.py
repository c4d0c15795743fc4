"""The strokes that drawings are made of: cells, numbers in them, frames, and an SVG round them.

Colours are those of the page around (`currentColor`, `--kernel`, `--wrong`); frames and signs, not colours, say what is meant.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from grader.text import visible
from grader.variants.given import columns

SIDE = 40  # of a cell
HEAD = 26  # height of a heading
ARROW = 44  # between input and output
MARGIN = 3  # for the thick frames
SHADE = 0.14  # of a cell of the padding
KERNEL = "var(--kernel, currentColor)"
WRONG = "var(--wrong, currentColor)"

# A file of its own is shown as an image, which takes no colour from the page: it brings ink and paper along.
_OWN = "svg{background:#fff;color:#1f2328;--kernel:#0550ae;--wrong:#b3141d}"


def square(row: int, column: int, shade: float = 0, side: int = SIDE) -> str:
    """The outline of a cell of a grid; shaded where it belongs to the padding."""
    return (
        f'<rect x="{column * side}" y="{row * side}" width="{side}" height="{side}" '
        f'fill-opacity="{shade}" stroke="currentColor" stroke-opacity="0.45" stroke-width="1"/>'
    )


def frame(row: int, column: int, height: int, width: int, colour: str) -> str:
    """A thick frame round some cells of a grid."""
    return f'<rect x="{column * SIDE}" y="{row * SIDE}" width="{width * SIDE}" height="{height * SIDE}" fill="none" stroke="{colour}" stroke-width="4"/>'


def label(x: float, y: float, text: str, size: int, more: str = "", anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" dominant-baseline="central" {more}>{safe(text)}</text>'


def heading(text: str) -> str:
    return f'<text x="0" y="{HEAD - 10}" font-size="14">{safe(text)}</text>'


def moved(x: float, y: float, pieces: Sequence[str]) -> str:
    return f'<g transform="translate({x:g} {y:g})">{"".join(pieces)}</g>'


def document(width: float, height: float, title: str, description: str, pieces: Sequence[str], language: str, *, alone: bool = False) -> str:
    """A drawing with what it says in words, for those who do not see it.

    Args:
        alone: it is to be a file of its own, with ink and paper; else it stands inline in a page.
    """
    box = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN:g} {height + 2 * MARGIN:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{box}" width="{width + 2 * MARGIN:g}" '
        f'font-family="system-ui, sans-serif" fill="currentColor" lang="{"zh-CN" if language == "zh" else "en"}">'
        f"<title>{safe(title)}</title><desc>{safe(description)}</desc>{f'<style>{_OWN}</style>' if alone else ''}{''.join(pieces)}</svg>"
    )


def text_width(text: str) -> int:
    return columns(text) * 8


def signed(value: object) -> str:
    """A number as it is set: with a minus sign, which is as wide as a plus."""
    return str(value).replace("-", "−")


def safe(text: str) -> str:
    return html.escape(visible(text, 2_000))
