import numpy as np

def pad(x, p):
    out = np.zeros((x.shape[0] + 2 * p, x.shape[1] + 2 * p), dtype=x.dtype)
    out[p:p + x.shape[0], p:p + x.shape[1]] = x
    return out

def output_size(i, k, s):
    return (i - k) // s + 1

def window(x, i, j, shape):
    return x[i:i + shape[0], j:j + shape[1]]

def conv2d(x, w, stride=1, padding=0):
    x = pad(x, padding)
    size = output_size(x.shape[0], w.shape[0], stride), output_size(x.shape[1], w.shape[1], stride)
    out = np.zeros(size)
    for i in range(size[0]):
        for j in range(size[1]):
            out[i, j] = (window(x, i * stride, j * stride, w.shape) * w).sum()
    return out
