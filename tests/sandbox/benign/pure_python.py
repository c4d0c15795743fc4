import itertools
import math
from functools import reduce
import numpy as np

def conv2d(x, w, stride=1, padding=0):
    rows, kernel = x.tolist(), w.tolist()
    width = len(rows[0]) + 2 * padding
    rows = [[0.0] * width] * padding + [[0.0] * padding + row + [0.0] * padding for row in rows] + [[0.0] * width] * padding
    cells = list(itertools.product(range(len(kernel)), range(len(kernel[0]))))
    result = []
    for top in range(0, len(rows) - len(kernel) + 1, stride):
        result.append([math.fsum(rows[top + m][left + n] * kernel[m][n] for m, n in cells) for left in range(0, width - len(kernel[0]) + 1, stride)])
    return np.array(result)
