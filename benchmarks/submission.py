"""The submission that is run: two loops over windows, as most students write it, and twenty calls of it."""

from __future__ import annotations

import numpy as np

SOURCE = """\
import numpy as np


def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    out = np.zeros(((x.shape[0] - w.shape[0]) // stride + 1, (x.shape[1] - w.shape[1]) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = x[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
            out[i, j] = np.sum(window * w)
    return out
"""
# For a process of pytest: the same calls, beside another way to compute them.
TEST = """\
import numpy as np
import pytest
from answer import conv2d


@pytest.mark.parametrize("seed", range(20))
def test_conv2d(seed):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((6, 7 - seed % 3)), rng.standard_normal((3, 2))
    stride, padding = 1 + seed % 2, seed % 3
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), w.shape)[::stride, ::stride]
    np.testing.assert_allclose(conv2d(x, w, stride, padding), np.einsum("ijmn,mn->ij", windows, w))
"""

Arguments = tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], np.ndarray[tuple[int, ...], np.dtype[np.float64]], int, int]


def arguments() -> list[Arguments]:
    """Input, kernel, stride and padding of each call, as in the test above."""
    found: list[Arguments] = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found.append((rng.standard_normal((6, 7 - seed % 3)), rng.standard_normal((3, 2)), 1 + seed % 2, seed % 3))
    return found


def output_shape(x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: int, padding: int) -> tuple[int, ...]:
    return tuple((size + 2 * padding - kernel) // stride + 1 for size, kernel in zip(x_shape, w_shape, strict=True))
