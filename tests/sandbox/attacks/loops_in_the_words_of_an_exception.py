# Tries to hang the one who asks an exception for its text.
# Seen as: TimedOut
import numpy as np


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def conv2d(x, w):
    raise Slow
