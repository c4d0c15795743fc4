# Tries to write its results when all is over.
# Seen as: Returned
import importlib
import numpy as np



def conv2d(x, w):
    importlib.import_module("atexit").register(lambda: print("HARM"))
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
