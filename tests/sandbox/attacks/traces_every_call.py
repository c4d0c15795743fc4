# Tries to watch the runner's code through a trace function.
# Seen as: Returned
import numpy as np
import sys


def watch(frame, event, argument):
    if "expected" in frame.f_locals or "key" in frame.f_locals:
        print("HARM")
    return watch


sys.settrace(watch)
sys.setprofile(watch)


def conv2d(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
