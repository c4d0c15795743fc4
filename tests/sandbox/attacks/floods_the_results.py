# Tries to fill the channel for results with zeros.
# Seen as: Garbled
import os
import numpy as np



def conv2d(x, w):
    while True:
        os.write(3, bytes(4096))
