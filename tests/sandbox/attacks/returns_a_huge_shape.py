# Tries to have the grader allocate what takes no memory here.
# Seen as: TooLarge
import numpy as np



def conv2d(x, w):
    return np.broadcast_to(np.float64(0), (10**6, 10**6))
