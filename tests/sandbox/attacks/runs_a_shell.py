# Tries to run a shell command.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        if os.system("true") != 0:
            raise OSError
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
