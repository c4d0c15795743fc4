# Tries to fork below Python.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        if importlib.import_module("ctypes").CDLL(None).fork() == -1:
            raise OSError
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
