# Tries to answer before it is asked.
# Seen as: Garbled
import importlib
import os

import numpy as np

struct = importlib.import_module("struct")


def forged(values):
    """A RESULT frame as the runner sends it."""
    payload = struct.pack("!BBBBQQ", 0, 1, 11, 2, *values.shape)
    return struct.pack("!4sBI", b"cgs1", 2, len(payload)) + payload + values.tobytes()


os.write(3, forged(np.ones((3, 3))) * 2)


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
