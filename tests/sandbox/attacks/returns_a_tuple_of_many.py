# Tries to send more values than there are.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return (x,) * 1000
