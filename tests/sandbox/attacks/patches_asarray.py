# Tries to have its zeros read as something else.
# Seen as: Returned | WrongType | WrongShape | Raised
import numpy as np

np.asarray = np.array = lambda *a, **k: np.ones((3, 3))


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
