# Tries to have SciPy compute the answer.
# Seen as: ImportRefused
from scipy.signal import correlate2d


def conv2d(x, w):
    return correlate2d(x, w, mode="valid")
