# Tries to read the secret from the grader's process.
# Seen as: Returned
import numpy as np


def conv2d(x, w):
    try:
        open("/proc/@GRADER@/environ", "rb").read()
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
