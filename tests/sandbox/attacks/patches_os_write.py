# Tries to send something else than was returned.
# Seen as: Returned | Garbled | Died | TimedOut
import numpy as np
import os

os.write = lambda *a: print("HARM", *a)


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
