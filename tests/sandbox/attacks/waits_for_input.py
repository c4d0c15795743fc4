# Tries to wait for somebody to type.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    input()
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
