# Tries to go on looping through every signal that can be ignored.
# Seen as: TimedOut
import importlib
import numpy as np



def conv2d(x, w):
    signal = importlib.import_module("signal")
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
