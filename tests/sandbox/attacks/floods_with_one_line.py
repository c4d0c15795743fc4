# Tries to print one line of many megabytes.
# Seen as: Flooded
import numpy as np



def conv2d(x, w):
    print("x" * 10_000_000)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
