# Tries to hide every cell from a comparison.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return np.ma.masked_all((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
