"""Front end for notebooks: nbgrader courses, and practice inside a notebook (`from grader.notebook import Grid, check`)."""

from __future__ import annotations

from typing import Any

__all__ = ["Grid", "check"]


def __getattr__(name: str) -> Any:
    # Imported where it is used: nbgrader imports this package for its steps, and the command line for its options.
    if name == "check":
        from grader.notebook.practice import check

        return check
    if name == "Grid":
        from grader.notebook.grid import Grid

        return Grid
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
