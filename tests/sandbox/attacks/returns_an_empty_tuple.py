# Tries to have nothing to compare.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return ()
