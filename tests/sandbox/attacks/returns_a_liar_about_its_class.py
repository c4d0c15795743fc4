# Tries to look like an ndarray to isinstance.
# Seen as: WrongType
import numpy as np


class Liar:
    @property
    def __class__(self):
        return np.ndarray


def conv2d(x, w):
    return Liar()
