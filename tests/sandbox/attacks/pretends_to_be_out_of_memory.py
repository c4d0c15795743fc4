# Tries to look like the machine's fault.
# Seen as: OutOfMemory
import numpy as np



def conv2d(x, w):
    raise MemoryError
