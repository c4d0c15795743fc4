# Tries to nest calls without end.
# Seen as: OutOfMemory | Died | TimedOut | Raised
import sys
import numpy as np



def conv2d(x, w):
    sys.setrecursionlimit(10**9)
    return conv2d(x, w)
