# Tries to have text compared cell by cell.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.full((3, 3), "1.0")
