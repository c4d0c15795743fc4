# Tries to reach every process it may.
# Seen as: Returned | Died
import os
import numpy as np


def conv2d(x, w):
    try:
        os.kill(-1, 0)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
