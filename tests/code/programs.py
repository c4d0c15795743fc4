"""Programs as students write them: a right one for each exercise, in plain loops, and one for each wrong method.

The right ones are the second opinion beside torch. The wrong ones are edits of them, as a student would have made them:
nothing of a solution's wrong methods is used.
"""

from __future__ import annotations

from pathlib import Path

RIGHT = {path.stem: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "right").glob("*.py"))}

SIZE = """
def output_size(i, k, s=1, p=0, d=1):
    return {}
"""


def edited(exercise: str, *edits: tuple[str, str]) -> str:
    """The right program with pieces of it replaced, which have to be there."""
    text = RIGHT[exercise]
    for old, new in edits:
        assert old in text, f"the right program of {exercise} no longer holds {old!r}: correct the test"
        text = text.replace(old, new)
    return text


# exercise, wrong method → a program that follows it
WRONG: dict[tuple[str, str], str] = {
    ("code-output-size", "no-plus1"): SIZE.format("(i + 2 * p - d * (k - 1) - 1) // s"),
    ("code-output-size", "pad-once"): SIZE.format("(i + p - d * (k - 1) - 1) // s + 1"),
    ("code-output-size", "pad-ignored"): SIZE.format("(i - d * (k - 1) - 1) // s + 1"),
    ("code-output-size", "stride-ignored"): SIZE.format("i + 2 * p - d * (k - 1)"),
    ("code-output-size", "ceil"): SIZE.format("-(-(i + 2 * p - d * (k - 1) - 1) // s) + 1"),
    ("code-output-size", "nearest"): SIZE.format("round((i + 2 * p - d * (k - 1) - 1) / s) + 1"),
    ("code-output-size", "fraction"): SIZE.format("(i + 2 * p - d * (k - 1) - 1) / s + 1"),
    ("code-output-size", "dil-ignored"): SIZE.format("(i + 2 * p - k) // s + 1"),
    ("code-output-size", "k-times-d"): SIZE.format("(i + 2 * p - d * k) // s + 1"),
    ("code-conv2d", "flip180"): edited("code-conv2d", ("* w)", "* w[::-1, ::-1])")),
    ("code-conv2d", "flip-lr"): edited("code-conv2d", ("* w)", "* w[:, ::-1])")),
    ("code-conv2d", "kernel-transposed"): edited("code-conv2d", ("    kh,", "    w = w.T\n    kh,")),
    ("code-conv2d", "stride-ignored"): edited("code-conv2d", ("    x = np", "    stride = 1\n    x = np")),
    ("code-conv2d", "stride-cols-only"): edited("code-conv2d", ("x.shape[0] - kh) // stride", "x.shape[0] - kh)"), ("i * stride", "i")),
    ("code-conv2d", "pad-ignored"): edited("code-conv2d", ("np.pad(x, padding)", "np.array(x)")),
    ("code-conv2d", "pad-topleft"): edited("code-conv2d", ("np.pad(x, padding)", "np.pad(x, ((padding, 0), (padding, 0)))")),
    ("code-conv2d", "pad-bottomright"): edited("code-conv2d", ("np.pad(x, padding)", "np.pad(x, ((0, padding), (0, padding)))")),
    ("code-conv2d", "ceil"): edited(
        "code-conv2d",
        ("(x.shape[0] - kh) // stride", "-((kh - x.shape[0]) // stride)"),
        ("(x.shape[1] - kw) // stride", "-((kw - x.shape[1]) // stride)"),
        ("    out =", "    x = np.pad(x, ((0, stride), (0, stride)))\n    out ="),
    ),
    ("code-conv2d", "square-assumed"): edited(
        "code-conv2d", ("(x.shape[0] - kh) // stride", "(x.shape[1] - kw) // stride"), ("    out =", "    x = np.pad(x, ((0, 20), (0, 0)))\n    out =")
    ),
    ("code-conv2d-channels", "flip180"): edited("code-conv2d-channels", ("w[q, a, i, j]", "w[q, a, kh - 1 - i, kw - 1 - j]")),
    ("code-conv2d-channels", "first-channel-only"): edited("code-conv2d-channels", ("for a in range(own)", "for a in range(1)")),
    ("code-conv2d-channels", "channel-mean"): edited(
        "code-conv2d-channels", (", dtype=np.int64", ""), ("        if b is", "        out[:, q] /= own\n        if b is")
    ),
    ("code-conv2d-channels", "shared-kernel"): edited("code-conv2d-channels", ("w[q, a, i, j]", "w[q, 0, i, j]")),
    ("code-conv2d-channels", "bias-forgotten"): edited("code-conv2d-channels", ("+= b[q]", "+= 0")),
    ("code-conv2d-channels", "bias-per-channel"): edited("code-conv2d-channels", ("+= b[q]", "+= own * b[q]")),
    ("code-conv2d-channels", "stride-ignored"): edited("code-conv2d-channels", ("    n = len", "    stride = 1\n    n = len")),
    ("code-conv2d-channels", "pad-ignored"): edited("code-conv2d-channels", ("    n = len", "    padding = 0\n    n = len")),
    ("code-conv2d-channels", "dil-ignored"): edited("code-conv2d-channels", ("    n = len", "    dilation = 1\n    n = len")),
    ("code-conv2d-channels", "groups-ignored"): edited("code-conv2d-channels", ("q // (f // groups) * own", "0")),
    ("code-max-pool2d", "avg-for-max"): edited("code-max-pool2d", (".max()", ".mean()"), (", constant_values=-np.inf", "")),
    ("code-max-pool2d", "stride-default-1"): edited("code-max-pool2d", ("kernel_size if stride is None", "1 if stride is None")),
    ("code-max-pool2d", "stride-ignored"): edited("code-max-pool2d", ("kernel_size if stride is None else stride", "kernel_size")),
    ("code-max-pool2d", "zero-pad-in-max"): edited("code-max-pool2d", (", constant_values=-np.inf", "")),
    ("code-max-pool2d", "pad-ignored"): edited("code-max-pool2d", ("padding, constant", "0, constant")),
    ("code-max-pool2d", "ceil"): edited(
        "code-max-pool2d",
        ("(x.shape[0] - kernel_size) // stride", "-((kernel_size - x.shape[0]) // stride)"),
        ("(x.shape[1] - kernel_size) // stride", "-((kernel_size - x.shape[1]) // stride)"),
    ),
    ("code-im2col", "transposed-matrix"): edited("code-im2col", (").T", ")")),
    ("code-im2col", "pixel-major-order"): edited("code-im2col", ("window.ravel()", "window.transpose(1, 2, 0).ravel()")),
    ("code-im2col", "window-transposed"): edited("code-im2col", ("window.ravel()", "window.transpose(0, 2, 1).ravel()")),
    ("code-im2col", "ci-forgotten"): edited("code-im2col", ("x[:, i", "x[:1, i")),
    ("code-im2col", "stride-ignored"): edited("code-im2col", ("    x = np", "    stride = 1\n    x = np")),
    ("code-im2col", "pad-ignored"): edited("code-im2col", ("    x = np", "    padding = 0\n    x = np")),
    ("code-conv-transpose2d", "kernel-flipped"): edited("code-conv-transpose2d", ("x[i, j] * w", "x[i, j] * w[::-1, ::-1]")),
    ("code-conv-transpose2d", "no-overlap-add"): edited("code-conv-transpose2d", ("+=", "=")),
    ("code-conv-transpose2d", "forward"): RIGHT["code-conv2d"].replace(
        "conv2d(x, w, stride=1, padding=0)", "conv_transpose2d(x, w, stride=1, padding=0, output_padding=0)"
    ),
    ("code-conv-transpose2d", "stride-ignored"): edited(
        "code-conv-transpose2d",
        ("    (height", "    more, output_padding, stride = output_padding, 0, 1\n    (height"),
        (
            "    return out[padding : out.shape[0] - padding, padding : out.shape[1] - padding]",
            "    return np.pad(out[padding : out.shape[0] - padding, padding : out.shape[1] - padding], ((0, more), (0, more)))",
        ),
    ),
    ("code-conv-transpose2d", "pad-ignored"): edited("code-conv-transpose2d", ("    (height", "    padding = 0\n    (height")),
    ("code-conv-transpose2d", "pad-adds"): edited(
        "code-conv-transpose2d", ("out[padding : out.shape[0] - padding, padding : out.shape[1] - padding]", "np.pad(out, padding)")
    ),
    ("code-conv-transpose2d", "op-forgotten"): edited("code-conv-transpose2d", ("    (height", "    output_padding = 0\n    (height")),
    ("code-conv2d-backward", "no-flip-dx"): edited("code-conv2d-backward", ("w[q] * dout", "w[q][:, ::-1, ::-1] * dout")),
    ("code-conv2d-backward", "db-mean"): edited("code-conv2d-backward", ("dout.sum(", "dout.mean(")),
    ("code-conv2d-backward", "batch-mean"): edited("code-conv2d-backward", ("return dx, dw, db", "return dx, dw / n, db / n")),
    ("code-conv2d-backward", "not-cropped"): edited(
        "code-conv2d-backward", ("    dx = dx[:, :, padding : dx.shape[2] - padding, padding : dx.shape[3] - padding]\n", "")
    ),
    ("code-conv2d-backward", "dw-flipped"): edited("code-conv2d-backward", ("return dx, dw, db", "return dx, dw[:, :, ::-1, ::-1], db")),
}
