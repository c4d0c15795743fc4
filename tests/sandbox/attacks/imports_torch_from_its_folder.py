# Tries to have torch compute the answer, found by its path.
# Seen as: Returned
import importlib
import sys
import numpy as np


def conv2d(x, w):
    try:
        sys.path.insert(0, "@PACKAGES@")
        importlib.import_module("torch")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
