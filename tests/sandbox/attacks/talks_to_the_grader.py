# Tries to use a socket that was left open.
# Seen as: Returned
import importlib
import numpy as np


def conv2d(x, w):
    try:
        socket = importlib.import_module("socket")
        for descriptor in range(3, 64):
            try:
                socket.socket(fileno=descriptor).send(b"K")
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
