# Tries to fill the log.
# Seen as: Flooded
import numpy as np



def conv2d(x, w):
    while True:
        print("x" * 1000)
