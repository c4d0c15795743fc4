"""One axis of a convolution, drawn: the cells of the padded input in a row, and below them every place of the kernel.

It shows how many places there are, and what is left over at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.reports.svg import HEAD, KERNEL, SHADE, document, heading, label, moved, square, text_width
from grader.text import Text

LONGEST = 48  # cells that can still be told apart in one row
ALL = 9  # places that are drawn one below the other; of more, the first and the last
PLACE = 18  # height of a place of the kernel
GAP = 14

SIDES = Text(
    "{size} cells of the input, padding {before} before and {after} after: {padded} cells",
    "输入 {size} 格，前面填充 {before} 格，后面填充 {after} 格：共 {padded} 格",
)
BARE = Text("{size} cells of the input, no padding", "输入 {size} 格，不填充")
PLACES = Text("{count} places of the window, {stride} further each time", "窗口有 {count} 个位置，每次移动 {stride} 格")
PLACED = Text("1 place of the window", "窗口只有 1 个位置")
REACH = Text("with dilation {dilation} it reaches over {reach} cells", "膨胀率为 {dilation}，跨 {reach} 格")
LEFT = Text("{left} left over at the end (crossed out)", "末尾剩余 {left} 格（划线）")
BEYOND = Text("the last place sticks out by {left}", "最后一个位置超出 {left} 格")
TITLE = Text("The places of the window along one axis", "窗口沿一个方向的各个位置")
AND = Text("; ", "；")


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The input along one axis and the places of the kernel on it, counted in cells."""

    size: int
    before: int
    after: int
    kernel: int
    dilation: int
    stride: int
    count: int
    special: int | None = None  # the place that is asked about, from 0

    @property
    def padded(self) -> int:
        return self.size + self.before + self.after

    @property
    def reach(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def left(self) -> int:
        """Cells after the last place; below 0 where that sticks out, as in pooling with `ceil_mode`."""
        return self.padded - (self.count - 1) * self.stride - self.reach


def axis_of(given: Mapping[str, Any], key: Mapping[str, Any]) -> Axis | None:
    """The axis to draw for a question about sizes; None where its numbers are not those of a plain convolution or pool.

    The number of places is worked out here and compared with the key: a drawing must never be wrong.
    """
    sizes = {name: given.get(name, default) for name, default in (("input_size", None), ("kernel_size", None), ("padding", 0), ("dilation", 1))}
    stride = given.get("stride", 1)
    sizes["stride"] = sizes["kernel_size"] if stride is None else stride  # torch's default for pools
    if not all(type(size) is int for size in sizes.values()) or "output_padding" in given:
        return None
    before, after = (key.get(side, sizes["padding"]) for side in ("before", "after"))
    reach = sizes["dilation"] * (sizes["kernel_size"] - 1) + 1
    steps, left = divmod(sizes["input_size"] + before + after - reach, sizes["stride"])
    count = key.get("output_size", steps + 1)
    places = {steps + 1, steps + 2} if left and given.get("ceil_mode") is True else {steps + 1}
    if type(count) is not int or count not in places or count < 1 or key.get("unused", left) != left or not {"output_size", "unused"} & key.keys():
        return None
    axis = Axis(
        size=sizes["input_size"],
        before=before,
        after=after,
        kernel=sizes["kernel_size"],
        dilation=sizes["dilation"],
        stride=sizes["stride"],
        count=count,
        special=given.get("row"),
    )
    return axis if max(axis.padded, axis.padded - axis.left) <= LONGEST else None


def axis_drawing(axis: Axis, language: str) -> str:
    """The axis as an SVG file."""
    total = max(axis.padded, axis.padded - axis.left)
    side = 32 if total <= 20 else 24 if total <= 30 else 18
    pieces = [piece for cell in range(axis.padded) for piece in _cell(axis, cell, side)]
    y = side + GAP
    places: list[str] = []
    for place in _drawn(axis):
        if place is None:
            places.append(label(side, y + PLACE / 2, "⋮", 16))
        else:
            places += _place(axis, place, side, y)
        y += PLACE
    said = words(axis)
    lines = [said[0][language], AND[language].join(sentence[language] for sentence in said[1:])]
    head = HEAD * len(lines)
    body = [moved(0, HEAD * row, [heading(line)]) for row, line in enumerate(lines)] + [moved(0, head, [*pieces, *places])]
    width = max(total * side + 30, *map(text_width, lines))
    return document(width, head + y + 4, TITLE[language], AND[language].join(lines), body, language, alone=True)


def words(axis: Axis) -> list[Text]:
    """What the drawing shows, sentence by sentence."""
    sides = SIDES if axis.before or axis.after else BARE
    said = [sides.fill(size=axis.size, before=axis.before, after=axis.after, padded=axis.padded)]
    said.append(PLACES.fill(count=axis.count, stride=axis.stride) if axis.count > 1 else PLACED)
    if axis.dilation > 1:
        said.append(REACH.fill(dilation=axis.dilation, reach=axis.reach))
    if axis.left:
        said.append((LEFT if axis.left > 0 else BEYOND).fill(left=abs(axis.left)))
    return said


def _cell(axis: Axis, cell: int, side: int) -> list[str]:
    inside = axis.before <= cell < axis.before + axis.size
    # Rows and columns are counted from 0 where one of them is asked about, as the question counts them.
    number = cell - axis.before + (axis.special is None)
    pieces = [square(0, cell, 0 if inside else SHADE, side), label((cell + 0.5) * side, side / 2, str(number) if inside else "0", 13 if side > 20 else 11)]
    if axis.left > 0 and cell >= axis.padded - axis.left:
        x = cell * side
        pieces.append(f'<path d="M{x + 4} {side - 4}L{x + side - 4} 4" stroke="currentColor" stroke-width="2"/>')
    return pieces


def _place(axis: Axis, place: int, side: int, y: float) -> list[str]:
    """The kernel at one place: a bar over its reach, with a mark under each cell it lies on."""
    left, right, middle = place * axis.stride * side, (place * axis.stride + axis.reach) * side, y + PLACE / 2
    asked = place == axis.special
    pieces = [f'<path d="M{left + 3} {middle}H{right - 3}" stroke="{KERNEL}" stroke-width="{5 if asked else 2}"/>']
    for cell in range(axis.kernel):
        x = left + (cell * axis.dilation + 0.5) * side
        pieces.append(f'<rect x="{x - 4:g}" y="{middle - 4:g}" width="8" height="8" fill="{KERNEL}"/>')
    return [*pieces, label(right + 6, middle, str(place + (axis.special is None)), 12, anchor="start")]


def _drawn(axis: Axis) -> list[int | None]:
    """The places to draw, None for those left out in between."""
    if axis.count <= ALL:
        return list(range(axis.count))
    chosen = sorted({0, 1, 2, axis.count - 2, axis.count - 1} | ({axis.special} if axis.special is not None else set()))
    found: list[int | None] = []
    for place, after in zip(chosen, [*chosen[1:], None], strict=True):
        found.append(place)
        if after is not None and after > place + 1:
            found.append(None)
    return found
