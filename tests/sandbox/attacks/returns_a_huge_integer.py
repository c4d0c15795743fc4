# Tries to send a number without end.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return 1 << 100_000
