# Tries to have torch compute the answer.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        importlib.import_module("torch")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
