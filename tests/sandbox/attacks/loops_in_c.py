# Tries to loop where no Python code runs, so that nothing is interrupted.
# Seen as: TimedOut
import collections
import itertools
import numpy as np



def conv2d(x, w):
    collections.deque(itertools.repeat(0), maxlen=0)
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
