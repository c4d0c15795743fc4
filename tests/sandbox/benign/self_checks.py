import os
import sys
import unittest
from fractions import Fraction
import numpy as np
import numpy.testing

def conv2d(x, w, stride=1, padding=0):
    """
    >>> conv2d(np.ones((3, 3)), np.ones((2, 2)))
    array([[4., 4.],
           [4., 4.]])
    """
    assert x.ndim == w.ndim == 2 and stride >= 1, "two axes, please"
    x = np.pad(x, padding)
    size = [int(Fraction(i - k, stride)) + 1 for i, k in zip(x.shape, w.shape)]
    out = np.zeros(size)
    it = np.nditer(out, flags=["multi_index"], op_flags=["readwrite"])
    for cell in it:
        i, j = it.multi_index
        cell[...] = np.sum(x[i * stride:i * stride + w.shape[0], j * stride:j * stride + w.shape[1]] * w)
    return out

class Tests(unittest.TestCase):
    def test_ones(self):
        np.testing.assert_allclose(conv2d(np.ones((3, 3)), np.ones((2, 2))), 4)

np.testing.assert_allclose(conv2d(np.ones((3, 3)), np.ones((2, 2))), np.full((2, 2), 4.0))
sys.setrecursionlimit(5000)
os.environ["MINE"] = "1"
