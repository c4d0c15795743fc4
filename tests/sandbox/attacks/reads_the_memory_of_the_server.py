# Tries to read its parent's memory.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        open(f"/proc/{os.getppid() or 1}/mem", "rb").read(1)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
