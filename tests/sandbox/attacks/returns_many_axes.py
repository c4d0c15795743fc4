# Tries to send an array of 60 axes.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return np.zeros((1,) * 60)
