# Tries to replace the runner's own functions in its process.
# Seen as: Garbled
import numpy as np
import sys

child = sys.modules["inside.child"]
child._returned = lambda value, most: [b"score=100 verdict=correct credit=1 passed passed passed"]


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
