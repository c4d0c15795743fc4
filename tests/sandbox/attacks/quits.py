# Tries to use the function of the interactive shell.
# Seen as: Raised | Returned
import numpy as np



def conv2d(x, w):
    quit()
