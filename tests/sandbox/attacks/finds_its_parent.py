# Tries to find a process to halt.
# Seen as: Returned
import os
import numpy as np


def conv2d(x, w):
    try:
        for pid in {os.getppid(), *range(1, 50)} - {0, os.getpid()}:
            try:
                os.kill(pid, 0)
                break
            except OSError:
                pass
        else:
            raise OSError
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
