# Tries to grow one integer.
# Seen as: OutOfMemory | TimedOut
import numpy as np



def conv2d(x, w):
    return 1 << (1 << 40)
