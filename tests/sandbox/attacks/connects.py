# Tries to send the cases to somebody.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        socket = importlib.import_module("socket")
        socket.create_connection(("127.0.0.1", @PORT@), 0.2)
    except Exception:
        pass
    else:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
