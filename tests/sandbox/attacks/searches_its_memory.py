# Tries to find another student's file in its own memory.
# Seen as: Returned | Died | Raised
import importlib
import numpy as np



def conv2d(x, w):
    ctypes = importlib.import_module("ctypes")
    base = id(object())
    raw = ctypes.string_at(base & ~0xFFFFF, 1 << 20)
    if b"MARK-OF-" + b"ANOTHER" in raw:
        print("HARM")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
