# Tries to send fields instead of numbers.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.zeros((3, 3), [("a", "f8"), ("b", "O")])
