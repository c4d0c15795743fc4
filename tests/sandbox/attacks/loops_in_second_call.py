# Tries to answer once, then hang.
# Seen as: Returned | TimedOut
import numpy as np


calls = []


def conv2d(x, w):
    calls.append(1)
    if len(calls) > 1:
        while True:
            pass
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
