# Tries to forge the comparison through a class that replaces ndarray.
# Seen as: Returned | WrongType | WrongShape | Raised
import numpy as np

class Array(np.ndarray):
    def __eq__(self, other):
        return True


np.ndarray = Array


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
