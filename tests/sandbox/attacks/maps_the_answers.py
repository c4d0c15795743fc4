# Tries to map the answers into memory.
# Seen as: Returned
import numpy as np


def conv2d(x, w):
    try:
        print(np.memmap("@KEY_FILE@", "u1", "r")[:10])
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
