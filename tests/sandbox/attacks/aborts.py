# Tries to die with SIGABRT.
# Seen as: Died
import os
import numpy as np



def conv2d(x, w):
    os.abort()
