# Tries to have a second process.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        if os.fork() == 0:
            print("HARM", flush=True)
            os._exit(0)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
