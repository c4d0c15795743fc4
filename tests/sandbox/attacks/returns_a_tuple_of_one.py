# Tries to have the first of a tuple taken.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return (np.zeros((3, 3)),)
