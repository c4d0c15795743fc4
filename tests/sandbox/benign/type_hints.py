from __future__ import annotations
from typing import Optional, Union
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

def conv2d(x: Array, w: Array, stride: int = 1, padding: Union[int, tuple[int, int]] = 0, bias: Optional[float] = None) -> Array:
    """Cross-correlation of x with w."""
    padded: Array = np.pad(x, padding)
    rows: range = range(0, padded.shape[0] - w.shape[0] + 1, stride)
    columns: range = range(0, padded.shape[1] - w.shape[1] + 1, stride)
    out: Array = np.empty((len(rows), len(columns)), dtype=np.float64)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            out[i, j] = np.vdot(padded[top : top + w.shape[0], left : left + w.shape[1]], w)
    return out + (bias or 0.0)
