# Tries to keep one big-integer operation busy.
# Seen as: TimedOut
import numpy as np



def conv2d(x, w):
    return 7 ** (10**8)
