# Tries to use a class with other rules.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return np.asmatrix(np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1)))
