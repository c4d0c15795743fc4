# Tries to send a module.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return np
