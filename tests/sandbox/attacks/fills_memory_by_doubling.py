# Tries to double a string until it breaks.
# Seen as: OutOfMemory
import numpy as np



def conv2d(x, w):
    text = "a"
    while True:
        text += text
