# Tries to find an open file among its descriptors.
# Seen as: Returned | Died | Garbled
import os
import numpy as np



def conv2d(x, w):
    for descriptor in range(64):
        try:
            if os.pread(descriptor, 10, 0):
                print("HARM")
        except OSError:
            pass
        try:
            if os.read(descriptor, 10):
                print("HARM")
        except OSError:
            pass
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
