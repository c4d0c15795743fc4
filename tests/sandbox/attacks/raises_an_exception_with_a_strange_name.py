# Tries to give its type another text.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise type("::error::\n" * 1000, (Exception,), {})("x")
