# Tries to leave a file through C.
# Seen as: Returned
import numpy as np


def conv2d(x, w):
    try:
        x.tofile("@FOLDER@/left.bin")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
