# Tries to return something that is no text.
# Seen as: Raised
import numpy as np


class Broken(Exception):
    def __str__(self):
        return 100


def conv2d(x, w):
    raise Broken
