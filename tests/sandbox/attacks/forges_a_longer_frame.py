# Tries to announce more than it sends.
# Seen as: Garbled | TimedOut | Died
import importlib
import os
import numpy as np


struct = importlib.import_module("struct")


def conv2d(x, w):
    os.write(3, struct.pack("!4sBI", b"cgs1", 2, 1 << 31))
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
