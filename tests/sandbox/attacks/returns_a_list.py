# Tries to have the grader convert.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return x.tolist()
