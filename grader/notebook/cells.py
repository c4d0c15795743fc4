"""The cells of a grid as texts that a student typed or pasted, and the array they stand for."""

from __future__ import annotations

from typing import Any

from grader.course.values import shape
from grader.marking.answer import text_of, too_large
from grader.marking.number import number
from grader.marking.table import ragged, read_table
from grader.text import Text

Cells = list[list[list[str]]]
"""`[channel][row][column]`, each a text."""

LARGEST = 64  # channels, rows or columns: the fields of more would be slow to draw, and no one types them
START = (1, 2, 2)  # of every grid, whatever is asked: its shape is the student's to find


def blank_cells(channels: int, rows: int, columns: int) -> Cells:
    return [[[""] * columns for _ in range(rows)] for _ in range(channels)]


def size_of(cells: Cells) -> tuple[int, int, int]:
    """How many channels, rows and columns; every row is as long as the others."""
    return len(cells), len(cells[0]), len(cells[0][0])


def array_of(cells: Cells, *, axes: int) -> list[Any]:
    """The cells as nested lists, `[H][W]` or `[C][H][W]`: integers, text for any other number, None for blanks.

    Args:
        axes: of the array that is asked for. A single channel has no axis of its own where two are asked for.
    """
    planes = [[[_value(text) for text in row] for row in plane] for plane in cells]
    return planes[0] if axes == 2 and len(planes) == 1 else planes


def pasted(cells: Cells, text: str, channel: int, row: int, column: int) -> Cells | Text:
    """The cells after a block was pasted at one of them, or why it cannot be; the grid grows where the block needs more room.

    A block laid on the first cell of an empty grid gives the grid its own shape.
    """
    block = _block(text)
    if isinstance(block, Text):
        return block
    needed = tuple(start + length for start, length in zip((channel, row, column), size_of(block), strict=True))
    if max(needed) > LARGEST:
        return TOO_LARGE.fill(limit=LARGEST)
    if any(text for plane in cells for line in plane for text in line) or channel or row or column:
        needed = tuple(map(max, needed, size_of(cells)))
    channels, rows, columns = needed
    grown = blank_cells(channels, rows, columns)
    for source, (first, top, left) in ((cells, (0, 0, 0)), (block, (channel, row, column))):
        for c, plane in enumerate(source[:channels]):
            for r, line in enumerate(plane[:rows]):
                for k, own in enumerate(line[:columns]):
                    grown[first + c][top + r][left + k] = own
    return grown


def _block(text: str) -> Cells | Text:
    """What a spreadsheet, NumPy or torch puts on the clipboard, as cells; or what is wrong with it."""
    if (problem := too_large(text)) is not None:
        return problem
    if "\t" in text and "[" not in text:
        # A spreadsheet parts its cells with tabs, and an empty one is nothing between two of them.
        text = "\n".join(",".join(cell.strip() or "_" for cell in line.split("\t")) for line in text.splitlines() if line)
    table = read_table(text)
    if isinstance(table, Text):
        return table
    sides = shape(table)
    if sides is None:
        return ragged(table)
    if not sides or 0 in sides:
        return NOTHING
    if len(sides) > 3:
        return AXES.fill(count=len(sides))
    planes = [[table]] if len(sides) == 1 else [table] if len(sides) == 2 else table
    return [[["" if value is None else text_of(value) for value in row] for row in plane] for plane in planes]


def _value(text: str) -> int | str | None:
    text = text.strip()
    if not text:
        return None
    value = number(text)
    if isinstance(value, int):
        return value
    # A cell is one cell: where no number stands in it, it must not be read as several.
    return text if value is not None else "·".join(text.replace(",", " ").replace(";", " ").split()) or "·"


TOO_LARGE = Text(
    "the grid holds up to {limit} channels, rows and columns; paste a smaller block", "表格最多 {limit} 个通道、{limit} 行、{limit} 列；请粘贴较小的数据"
)
AXES = Text(
    "what was pasted has {count} axes, and the grid has rows, columns and channels; paste one array",
    "粘贴的数据有 {count} 个维度，而表格只有行、列和通道；请只粘贴一个数组",
)
NOTHING = Text("there are no numbers in what was pasted; copy the cells again", "粘贴的内容中没有数；请重新复制")
