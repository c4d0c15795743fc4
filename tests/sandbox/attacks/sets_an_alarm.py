# Tries to be interrupted later, outside its call.
# Seen as: Raised | Returned
import importlib
import numpy as np



def conv2d(x, w):
    importlib.import_module("signal").setitimer(0, 0.001)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
