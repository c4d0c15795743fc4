# Tries to reach the answers through a link it makes.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        os.symlink("@KEY_FILE@", "/tmp/link-of-an-attack")
        print(open("/tmp/link-of-an-attack", "rb").read())
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
