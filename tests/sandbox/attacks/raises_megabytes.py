# Tries to send an endless message.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise ValueError("x" * 10_000_000)
