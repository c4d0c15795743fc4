# Tries to take another user's rights.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        os.setresuid(0, 0, 0)
        open("/etc/shadow").read()
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
