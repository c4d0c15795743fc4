# Tries to look like Ctrl-C.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise KeyboardInterrupt
