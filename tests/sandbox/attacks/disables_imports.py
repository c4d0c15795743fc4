# Tries to break every import that comes later.
# Seen as: Returned | Raised
import numpy as np
import builtins
import sys

builtins.__import__ = None
sys.meta_path.clear()
sys.path.clear()


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
