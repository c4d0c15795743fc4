# Tries to stay inside BLAS.
# Seen as: TimedOut
import numpy as np



def conv2d(x, w):
    big = np.ones((2000, 2000))
    for _ in range(1000):
        big = big @ big
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
