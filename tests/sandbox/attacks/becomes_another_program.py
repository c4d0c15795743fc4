# Tries to replace itself by another program.
# Seen as: Raised
import os
import numpy as np



def conv2d(x, w):
    os.execv("/bin/sh", ["sh", "-c", "echo HARM"])
