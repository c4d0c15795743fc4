# Tries to die in a recursion of C code.
# Seen as: Died | Raised | OutOfMemory
import numpy as np



def conv2d(x, w):
    nested = ()
    for _ in range(10**6):
        nested = (nested,)
    hash(nested)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
