# Tries to start a program.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        importlib.import_module("subprocess").run(["/bin/true"], check=True)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
