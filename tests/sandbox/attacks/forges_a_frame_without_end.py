# Tries to announce an array and never send it.
# Seen as: TimedOut
import importlib
import os
import numpy as np


struct = importlib.import_module("struct")

def forged(values):
    """A RESULT frame as the runner sends it."""
    payload = struct.pack("!BBBBQQ", 0, 1, 11, 2, *values.shape)
    return struct.pack("!4sBI", b"cgs1", 2, len(payload)) + payload + values.tobytes()


def conv2d(x, w):
    os.write(3, forged(np.ones((5, 5)))[:-8])
    while True:
        pass
