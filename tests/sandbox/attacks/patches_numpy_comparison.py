# Tries to have every comparison of arrays come out equal.
# Seen as: Returned | WrongType | WrongShape | Raised
import numpy as np

np.array_equal = np.allclose = np.array_equiv = lambda *a, **k: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
