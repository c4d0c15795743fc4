# Tries to wait for a lock that it holds itself.
# Seen as: TimedOut
import importlib
import numpy as np



def conv2d(x, w):
    lock = importlib.import_module("_thread").allocate_lock()
    lock.acquire()
    lock.acquire()
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
