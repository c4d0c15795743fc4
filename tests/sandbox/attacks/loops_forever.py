# Tries to run until somebody gives up.
# Seen as: TimedOut
import numpy as np



def conv2d(x, w):
    while True:
        pass
