# Tries to have an axis of 0 hide another.
# Seen as: WrongShape | Garbled
import numpy as np



def conv2d(x, w):
    return np.empty((0, 1 << 50))
