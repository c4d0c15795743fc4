# Tries to flood below Python's own streams.
# Seen as: Flooded
import os
import numpy as np



def conv2d(x, w):
    while True:
        os.write(1, b"x" * 4096)
