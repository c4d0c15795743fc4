# Tries to send objects in an array.
# Seen as: WrongDtype
import numpy as np



def conv2d(x, w):
    return np.array([[print, open], [eval, exec]], dtype=object)
