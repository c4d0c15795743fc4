# Tries to look for other submissions.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        os.listdir("@FOLDER@")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
