# Tries to have a part of a number ignored.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.zeros((3, 3), complex)
