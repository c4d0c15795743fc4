# Tries to let a thread work on after the call.
# Seen as: Returned
import importlib
import time
import numpy as np


def conv2d(x, w):
    try:
        importlib.import_module("threading").Thread(target=time.sleep, args=(30,), daemon=True).start()
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
