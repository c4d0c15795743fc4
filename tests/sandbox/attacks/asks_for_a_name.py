# Tries to look up a name.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        socket = importlib.import_module("socket")
        socket.getaddrinfo("localhost.example", 80)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
