# Tries to use multiprocessing.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        with importlib.import_module("multiprocessing").Pool(2) as pool:
            pool.map(abs, [1])
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
