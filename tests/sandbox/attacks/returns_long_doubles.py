# Tries to send numbers the grader has no type for.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.zeros((3, 3), np.longdouble)
