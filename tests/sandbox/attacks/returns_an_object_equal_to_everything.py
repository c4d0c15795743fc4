# Tries to override comparison in a class.
# Seen as: WrongType
import numpy as np


class Equal:
    shape = (3, 3)
    dtype = np.dtype("float64")

    def __eq__(self, other):
        return True

    def __float__(self):
        return 1.0


def conv2d(x, w):
    return Equal()
