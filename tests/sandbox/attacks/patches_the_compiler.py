# Tries to have later files compiled to its own code.
# Seen as: Returned
import numpy as np
import builtins

builtins.compile = builtins.exec = builtins.eval = lambda *a, **k: print("HARM")


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
