# Tries to fill the error log.
# Seen as: Flooded
import sys
import numpy as np



def conv2d(x, w):
    while True:
        sys.stderr.write("x" * 1000)
