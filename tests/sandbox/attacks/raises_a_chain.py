# Tries to have a chain of causes followed for ever.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    raise first
