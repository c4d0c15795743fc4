import numpy as np


def conv2d_backward(x, w, dout, stride=1, padding=0):
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    x = np.pad(x, sides)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    kh, kw = w.shape[2:]
    n, f, rows, columns = dout.shape
    for a in range(n):
        for q in range(f):
            for i in range(rows):
                for j in range(columns):
                    here = (slice(None), slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw))
                    dw[q] += x[a][here] * dout[a, q, i, j]
                    dx[a][here] += w[q] * dout[a, q, i, j]
    db = dout.sum(axis=(0, 2, 3))
    dx = dx[:, :, padding : dx.shape[2] - padding, padding : dx.shape[3] - padding]
    return dx, dw, db
