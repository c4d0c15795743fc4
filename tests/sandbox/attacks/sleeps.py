# Tries to wait for an hour without using the processor.
# Seen as: TimedOut
import time
import numpy as np



def conv2d(x, w):
    time.sleep(3600)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
