# Tries to have text compared.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.array([["correct"]])[0, 0]
