import numpy as np


def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    kh, kw = w.shape
    rows = (x.shape[0] - kh) // stride + 1
    columns = (x.shape[1] - kw) // stride + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[i, j] = (x[top : top + kh, left : left + kw] * w).sum()
    return out
