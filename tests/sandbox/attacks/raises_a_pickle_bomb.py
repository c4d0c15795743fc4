# Tries to have the grader unpickle an exception.
# Seen as: Raised
import numpy as np


class Bomb(Exception):
    def __reduce__(self):
        return (eval, ("__import__('os').system('touch @FOLDER@/bomb')",))


def conv2d(x, w):
    raise Bomb
