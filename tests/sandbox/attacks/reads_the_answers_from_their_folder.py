# Tries to reach the answers from an open folder.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        folder = os.open("@FOLDER@", os.O_RDONLY)
        print(os.read(os.open("key.npy", os.O_RDONLY, dir_fd=folder), 10))
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
