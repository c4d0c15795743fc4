# Tries to have a pipe send SIGKILL to the grader.
# Seen as: Returned
import importlib
import os
import numpy as np


def conv2d(x, w):
    try:
        fcntl = importlib.import_module("fcntl")
        fcntl.fcntl(1, 10, 9)
        fcntl.fcntl(1, fcntl.F_SETOWN, @GRADER@)
        fcntl.fcntl(1, fcntl.F_SETFL, os.O_ASYNC)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
