# Tries to have the grader unpickle what it returns.
# Seen as: WrongType
import numpy as np


class Bomb:
    def __reduce__(self):
        return (eval, ("__import__('os').system('touch @FOLDER@/bomb')",))


def conv2d(x, w):
    return Bomb()
