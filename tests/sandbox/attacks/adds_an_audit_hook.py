# Tries to stop the grader from its audit hook.
# Seen as: Raised | Returned | Died | TimedOut | Garbled
import numpy as np
import sys


def hook(event, arguments):
    raise RuntimeError(event)


sys.addaudithook(hook)


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
