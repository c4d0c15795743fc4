# Tries to send the cases by UDP.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        socket = importlib.import_module("socket")
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"cases", ("127.0.0.1", @PORT@))
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
