# Tries to take all memory of the machine.
# Seen as: OutOfMemory
import numpy as np



def conv2d(x, w):
    data = []
    while True:
        data.append(bytearray(1 << 24))
