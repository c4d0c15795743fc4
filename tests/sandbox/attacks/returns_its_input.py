# Tries to have the input taken for the output.
# Seen as: WrongShape
import numpy as np



def conv2d(x, w):
    return x
