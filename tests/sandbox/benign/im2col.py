import numpy as np

def im2col(x, kh, kw, s):
    columns = [x[i:i + kh, j:j + kw].reshape(-1) for i in range(0, x.shape[0] - kh + 1, s) for j in range(0, x.shape[1] - kw + 1, s)]
    return np.stack(columns, axis=1)

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    out = w.reshape(1, -1) @ im2col(x, *w.shape, stride)
    return out.reshape((x.shape[0] - w.shape[0]) // stride + 1, -1)
