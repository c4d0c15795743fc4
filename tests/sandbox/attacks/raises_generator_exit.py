# Tries to use an exception that `except Exception` lets through.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise GeneratorExit
