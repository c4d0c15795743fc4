# Tries to swallow whatever is raised to stop it.
# Seen as: TimedOut
import numpy as np



def conv2d(x, w):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
