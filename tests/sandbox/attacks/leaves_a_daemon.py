# Tries to leave a process behind that outlives the run.
# Seen as: Returned
import os
import time
import numpy as np


def conv2d(x, w):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(2)
                open("@FOLDER@/daemon", "w").close()
            os._exit(0)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
