import numpy as np


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    n = len(x)
    f, own, kh, kw = w.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = (x.shape[2] - dilation * (kh - 1) - 1) // stride + 1
    columns = (x.shape[3] - dilation * (kw - 1) - 1) // stride + 1
    out = np.zeros((n, f, rows, columns), dtype=np.int64)
    for q in range(f):
        first = q // (f // groups) * own
        for i in range(kh):
            for j in range(kw):
                top, left = i * dilation, j * dilation
                for a in range(own):
                    plane = x[:, first + a, top : top + rows * stride : stride, left : left + columns * stride : stride]
                    out[:, q] += plane[:, :rows, :columns] * w[q, a, i, j]
        if b is not None:
            out[:, q] += b[q]
    return out
