# Tries to send times.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.zeros((3, 3), "M8[s]")
