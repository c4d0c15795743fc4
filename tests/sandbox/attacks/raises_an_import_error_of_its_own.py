# Tries to name a package of any length.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise ImportError("import of numpy is not allowed here", name="x" * 100_000)
