# Tries to wait for a signal that never comes.
# Seen as: TimedOut | Returned
import importlib
import numpy as np



def conv2d(x, w):
    importlib.import_module("signal").pause()
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
