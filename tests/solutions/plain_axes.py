"""A second opinion on sizes along one axis: places are counted one by one, in plain Python, without torch and without a formula.

The wrong methods are written from their descriptions in words, in the usual letters: i input, k kernel, s stride, p padding,
d dilation, op output padding, n the cells a kernel can move. Each gives the parts it gets wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Wrong = dict[str, dict[str, list[Any]]]
"""Wrong method → part → the answers that show it."""


def up(a: int, b: int) -> int:
    return (a + b - 1) // b


def offsets(k: int, d: int) -> list[int]:
    """Where the cells of a dilated kernel lie, counted from its first."""
    return [cell * d for cell in range(k)]


def places(i: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """How many starts keep the whole kernel inside the padded input."""
    return sum(1 for start in range(0, i + 2 * p, s) if all(start + offset < i + 2 * p for offset in offsets(k, d)))


# T7


def rows_seen(i: int, k: int, s: int, p: int, row: int) -> tuple[int, int, int]:
    """(rows left over, first and last input row seen): the padded input is written out, its padding as None."""
    rows = [None] * p + list(range(i)) + [None] * p
    starts = [start for start in range(0, len(rows), s) if start + k <= len(rows)]
    seen = [number for number in rows[starts[row] : starts[row] + k] if number is not None]
    return len(rows) - (starts[-1] + k), seen[0], seen[-1]


def rows_wrong(i: int, k: int, s: int, p: int, row: int, col: int) -> Wrong:
    """Wrong methods of one axis; windows are moved as each method has them, and cut off at the input."""

    def cut(number: int) -> int:
        return 0 if number < 0 else i - 1 if number >= i else number

    def window(start: int) -> tuple[int, int]:
        return cut(start), cut(start + k - 1)

    left = (i + 2 * p - k) % s
    begin = row * s - p
    from_corner, one_step, lower, other = window(row * s), window(row - p), window(begin + left), window(col * s - p)
    before = window(begin - s)
    first, last = window(begin)
    return {
        "pad-ignored": {"unused": [(i - k) % s], "first_row": [from_corner[0]], "last_row": [from_corner[1]]},
        "one-based": {"first_row": [first + 1, before[0]], "last_row": [last + 1, before[1]]},
        "stride-ignored": {"unused": [0], "first_row": [one_step[0]], "last_row": [one_step[1]]},
        "L-plus-1": {"unused": [left + 1]},
        "k-minus-L": {"unused": [k - left]},
        "pad-once": {"unused": [(i + p - k) % s]},
        "other-side": {"first_row": [lower[0]], "last_row": [lower[1]]},
        "hw-swapped": {"first_row": [other[0]], "last_row": [other[1]]},
        "not-clipped": {"first_row": [begin], "last_row": [begin + k - 1]},
    }


# T8


def fitting(ask: str, output: int, sizes: Mapping[str, int], most: int) -> list[int]:
    """Every value of the size asked for, tried one by one."""
    found = []
    for value in range(0 if ask == "padding" else 1, most + 1):
        all_sizes = {**sizes, ask: value}
        if places(all_sizes["input_size"], all_sizes["kernel_size"], all_sizes["stride"], all_sizes["padding"]) == output:
            found.append(value)
    return found


# T9


def by_name(i: int, k: int, d: int, mode: str) -> tuple[int, int, int]:
    """(before, after, output): padding is added cell by cell until the mode's promise holds."""
    if mode == "valid":
        return 0, 0, places(i, k, 1, 0, d)
    before = after = 0
    if mode == "full":
        # Until the first window holds only the first cell of the input, the last window only the last.
        while before < offsets(k, d)[-1]:
            before += 1
        after = before
    while mode == "same" and places(i + before + after, k, 1, 0, d) < i:
        if after == before:
            after += 1  # torch puts the extra cell after
        else:
            before += 1
    return before, after, places(i + before + after, k, 1, 0, d)


def by_name_wrong(i: int, k: int, d: int, mode: str) -> Wrong:
    total = offsets(k, d)[-1]
    half, rest = total // 2, total - total // 2
    undilated = by_name(i, k, 1, mode)
    wrong: Wrong = {
        "pad-k-minus-1": {"before": [total], "after": [total]},
        "pad-k-half-even": {"before": [(total + 1) // 2], "output_size": [i + 1]},
        "extra-on-top": {"before": [rest], "after": [half]},
        "pad-once": {"output_size": [i - rest if mode == "same" else i]},
        "no-plus1": {"output_size": [i - total - 1]},
    }
    others = {"same": (half, rest, i), "full": (total, total, i + total), "valid": (0, 0, i - total)}
    right = others.pop(mode)
    if mode == "same":
        wrong["mode-mixed-up"] = {"before": [0], "after": [0], "output_size": [i - total, i + total]}
    else:
        wrong["mode-mixed-up"] = {part: [other[n] for other in others.values()] for n, part in enumerate(("before", "after", "output_size"))}
    wrong["dil-ignored"] = {part: [undilated[n]] for n, part in enumerate(("before", "after", "output_size")) if (mode, part) != ("same", "output_size")}
    if mode == "valid":
        wrong["dil-ignored"] = {"output_size": [undilated[2]]}
    assert right == by_name(i, k, d, mode)
    return wrong


# T17


def pooled(i: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    """Windows laid down one after another. With `ceil_mode` one more is laid down where the last does not reach the end,
    if it begins in the padding before the input or in the input itself."""
    end, reach = i + 2 * p, offsets(k, d)[-1] + 1
    starts = [start for start in range(0, end, s) if start + reach <= end]
    if ceil_mode and starts[-1] + reach < end and starts[-1] + s < p + i:
        starts.append(starts[-1] + s)
    return len(starts)


def pooled_wrong(i: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> Wrong:
    n = i + 2 * p - d * (k - 1) - 1
    divide = up if ceil_mode else int.__floordiv__
    answers: dict[str, list[Any]] = {
        "stride-default-1": [n + 1],
        "n-over-s": list(dict.fromkeys([divide(i, s), Fraction(i, s)])),
        "ceil-always": [up(n, s) + 1],
        "ceil-ignored": [n // s + 1],
        "no-last-window-rule": [up(n, s) + 1],
        "kernel-term-lost": [divide(i + 2 * p - 1, s) + 1],
        "no-plus1": [divide(n, s)],
    }
    if i >= d * (k - 1) + 1:
        answers["pad-ignored"] = [pooled(i, k, s, 0, d, ceil_mode)]
    answers["dil-ignored"] = [pooled(i, k, s, p, 1, ceil_mode)]
    return {name: {"output_size": found} for name, found in answers.items()}


# T21


def dilated_wrong(i: int, k: int, d: int, s: int, p: int) -> Wrong:
    reach = offsets(k, d)[-1] + 1

    def by_reach(wrong: int) -> dict[str, list[Any]]:
        return {"effective_kernel": [wrong], "output_size": [(i + 2 * p - wrong) // s + 1]}

    return {
        "dil-ignored": by_reach(k),
        "k-times-d": by_reach(k * d),
        "k-plus-d": by_reach(k + d),
        "dil0": by_reach(offsets(k, d + 1)[-1] + 1),
        "no-plus1": {"output_size": [places(i, k, s, p, d) - 1]},
        "ceil": {"output_size": [up(i + 2 * p - reach, s) + 1]},
        "pad-once": {"output_size": [(i + p - reach) // s + 1]},
        "pad-ignored": {"output_size": [(i - reach) // s + 1]},
        "stride-ignored": {"output_size": [places(i, k, 1, p, d)]},
    }


# T25


def spread(i: int, k: int, s: int, p: int, op: int, d: int) -> int:
    """Kernels laid down s apart, one for each cell of the input: what they cover, less the padding cut off, and op more."""
    covered = {cell * s + offset for cell in range(i) for offset in offsets(k, d)}
    return max(covered) + 1 - p - p + op


def spread_wrong(i: int, k: int, s: int, p: int, op: int, d: int) -> Wrong:
    right = spread(i, k, s, p, op, d)
    answers = {
        "forward-formula": (i + 2 * p - offsets(k, d)[-1] - 1) // s + 1,
        "i-times-s": i * s,
        "i-not-i-minus-1": right + s,
        "pad-adds": right + 4 * p,
        "pad-once": right + p,
        "pad-ignored": right + 2 * p,
        "op-forgotten": right - op,
        "op-twice": right + op,
        "dil0": right - (k - 1),
        "dil-ignored": spread(i, k, s, p, op, 1),
    }
    return {name: {"output_size": [answer]} for name, answer in answers.items()}
