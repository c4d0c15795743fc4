# Tries to have a traceback of a million lines kept.
# Seen as: Raised
import sys
import numpy as np



def conv2d(x, w):
    sys.setrecursionlimit(50_000)


    def down(left):
        if left == 0:
            raise ValueError("bottom")
        return down(left - 1)


    return down(20_000)
