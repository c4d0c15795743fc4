# Tries to send an array of 255 axes.
# Seen as: Garbled
import importlib
import os
import numpy as np


struct = importlib.import_module("struct")


def conv2d(x, w):
    payload = struct.pack("!BBBB", 0, 1, 11, 255) + bytes(2040)
    os.write(3, struct.pack("!4sBI", b"cgs1", 2, len(payload)) + payload)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
