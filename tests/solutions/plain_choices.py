"""A second opinion on questions whose answer is a choice: from weights, sizes and a reader's judgement alone, without torch."""

from __future__ import annotations

import re

Kernel = list[list[int]]


def by_moments(kernel: Kernel) -> str:
    """What a kernel does, from its weights alone: their sum, their first moments, and how they are spread."""
    rows, columns = len(kernel) // 2, len(kernel[0]) // 2
    cells = [(r - rows, c - columns, w) for r, row in enumerate(kernel) for c, w in enumerate(row) if w]
    total = sum(w for _, _, w in cells)
    down, right = sum(r * w for r, _, w in cells), sum(c * w for _, c, w in cells)
    if len(cells) == 1 and total == 1:
        r, c, _ = cells[0]
        return "identity" if (r, c) == (0, 0) else f"shift-{'up' if r > 0 else 'down' if r < 0 else 'left' if c > 0 else 'right'}"
    if (down, right) != (0, 0):
        if total:
            return "emboss"
        names = [word for value, word in ((down, "down" if down > 0 else "up"), (right, "right" if right > 0 else "left")) if value]
        return "-".join(["brighter", *names])
    if total == 0:
        return "all-edges"
    # On noise the spread grows by the root of the sum of squares of the weights, once these sum to 1.
    return "blur" if sum(w * w for _, _, w in cells) < total * total else "sharpen"


TRUE = {
    "symmetric-kernel-either-way", "dilation-one-no-gaps", "padding-on-both-sides", "bias-per-output-channel", "doubling-both-channels",
    "slice-per-input-channel", "two-threes-see-five", "stride-widens-later-layers", "dilation-widens-field", "shift-moves-output", "sum-of-pictures",
    "two-in-a-row-are-one", "half-kernel-keeps-size", "pooling-keeps-channels", "average-pool-is-convolution", "one-by-one-is-linear",
    "two-groups-halve-weights", "transposed-restores-size", "transposed-is-gradient",
}  # fmt: skip
FALSE = {
    "turns-kernel", "rounds-up", "pool-moves-by-one", "stride-two-halves", "weights-grow-with-picture", "stride-saves-weights", "dilation-adds-weights",
    "two-threes-cost-more", "padding-widens-field", "turn-turns-output", "strided-shift-by-one", "even-kernel-keeps-size", "border-as-bright",
    "reflect-repeats-border", "pooling-learns", "max-pool-of-sum", "max-pool-pads-zeros", "one-by-one-keeps-channels", "depthwise-mixes-channels",
    "any-number-of-groups", "transposed-restores-values", "output-padding-adds-zeros",
}  # fmt: skip
"""Read off the statements by a person; the solution tries each with torch."""


def by_arithmetic(code: str) -> tuple[str, int]:
    """The wrong argument and its value from the sizes alone, by the formulas of a textbook."""
    data, *rest = code.split("\n")
    shape = [int(n) for n in re.findall(r"\d+", data.partition("zeros")[2])]
    layers = {
        name: [int(n) for n in re.findall(r"(?<![\w])\d+", text.partition("nn.")[2].partition("(")[2])]
        for name, text in (line.split(" = ", 1) for line in rest)
    }
    text = "\n".join(rest)
    if found := re.search(r"unsqueeze\((\d)\)", text):
        if found.group(1) != "1":
            return "dim", 1
        shape = [shape[0], 1, *shape[1:]]
    _, channels, height, width = shape
    for call in ("conv", "conv1", "pool", "conv2", "conv3"):
        if call not in layers:
            continue
        if call == "pool":
            height, width = height // 2, width // 2
            continue
        into, out, kernel, *groups = layers[call]
        if groups and (into % groups[0] or out % groups[0]):
            return "groups", max(n for n in range(1, into + 1) if into % n == 0 and out % n == 0)
        if into != channels:
            return "in_channels", channels
        if kernel > min(height, width):
            return "kernel_size", min(height, width)
        channels, height, width = out, height - kernel + 1, width - kernel + 1
    if "flatten(1)" not in text:
        return "start_dim", 1
    assert layers["head"][0] != channels * height * width
    return "in_features", channels * height * width
