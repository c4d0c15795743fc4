# Tries to have the grader unpickle.
# Seen as: Garbled
import importlib
import os
import numpy as np


class Bomb:
    def __reduce__(self):
        return (eval, ("__import__('os').system('touch @FOLDER@/bomb')",))


def conv2d(x, w):
    os.write(3, importlib.import_module("pickle").dumps(Bomb()))
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
