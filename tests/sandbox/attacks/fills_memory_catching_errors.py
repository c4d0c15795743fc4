# Tries to go on after each refusal.
# Seen as: TimedOut
import numpy as np



def conv2d(x, w):
    data = []
    while True:
        try:
            data.append(bytearray(1 << 24))
        except MemoryError:
            pass
