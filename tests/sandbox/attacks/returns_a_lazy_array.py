# Tries to compute only when it is looked at.
# Seen as: WrongType
import numpy as np


class Lazy:
    def __array__(self, dtype=None, copy=None):
        while True:
            pass

    def __len__(self):
        return 3


def conv2d(x, w):
    return Lazy()
