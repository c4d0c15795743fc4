# Tries to go on where nobody can see it.
# Seen as: Died | TimedOut
import os
import numpy as np



def conv2d(x, w):
    os.close(3)
    while True:
        pass
