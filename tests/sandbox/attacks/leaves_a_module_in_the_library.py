# Tries to have the next submission import its module.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        open(os.path.dirname(os.__file__) + "/sitecustomize.py", "w").write("x")
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
