# Tries to die in C.
# Seen as: Died
import importlib
import numpy as np



def conv2d(x, w):
    importlib.import_module("ctypes").string_at(0)
