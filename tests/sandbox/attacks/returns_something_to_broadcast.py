# Tries to have one number stand for all.
# Seen as: WrongShape
import numpy as np



def conv2d(x, w):
    return np.array([[1.0]])
