# Tries to have the grader run its code.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return (row for row in iter(lambda: 0, 1))
