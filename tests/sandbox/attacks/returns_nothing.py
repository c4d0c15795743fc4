# Tries to have nothing compared.
# Seen as: WrongType
import numpy as np



def conv2d(x, w):
    return None
