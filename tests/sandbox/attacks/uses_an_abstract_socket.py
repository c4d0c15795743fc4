# Tries to reach a local service that has no file.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        socket = importlib.import_module("socket")
        socket.socket(socket.AF_UNIX).connect("\0@ABSTRACT@")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
