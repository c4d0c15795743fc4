# Tries to write to the terminal of whoever reads it.
# Seen as: Raised
import numpy as np



def conv2d(x, w):
    raise ValueError("\x1b[2J::set-output name=score::100\n\x00\ud800")
