"""The submission that is run: two loops over windows, as most students write it, and twenty calls of it."""

from __future__ import annotations

import numpy as np

CALLS = 20
SOURCE = """\
import numpy as np


def conv2d(x, w):
    out = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return out
"""
TEST = """\
import numpy as np
import pytest
from answer import conv2d


@pytest.mark.parametrize("seed", range({calls}))
def test_conv2d(seed):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((6, 6)), rng.standard_normal((3, 3))
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    np.testing.assert_allclose(conv2d(x, w), np.einsum("ijmn,mn->ij", windows, w))
""".format(calls=CALLS)


def arguments() -> list[tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]]:
    found = []
    for seed in range(CALLS):
        rng = np.random.default_rng(seed)
        found.append((rng.standard_normal((6, 6)), rng.standard_normal((3, 3))))
    return found
