# Tries to send many exceptions at once.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise ExceptionGroup("many", [ValueError(str(i)) for i in range(100_000)])
