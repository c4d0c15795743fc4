# Tries to take all memory at once.
# Seen as: OutOfMemory
import numpy as np



def conv2d(x, w):
    return np.ones(10**12)
