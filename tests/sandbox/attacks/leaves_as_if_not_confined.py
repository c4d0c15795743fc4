# Tries to use the status by which the server tells its own failure.
# Seen as: Died
import os
import numpy as np



def conv2d(x, w):
    os._exit(93)
