# Tries to backtrack exponentially inside a regular expression.
# Seen as: TimedOut
import re
import numpy as np



def conv2d(x, w):
    re.match(r"(a+)+$", "a" * 40 + "b")
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
