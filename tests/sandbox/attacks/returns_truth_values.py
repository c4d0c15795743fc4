# Tries to have true stand for every cell.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.ones((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), bool)
