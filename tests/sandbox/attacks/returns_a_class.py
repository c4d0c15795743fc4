# Tries to send a type.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return np.ndarray
