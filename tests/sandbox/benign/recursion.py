import numpy as np

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    def dot(k):
        if k == w.size:
            return 0.0
        m, n = divmod(k, w.shape[1])
        rows = (x.shape[0] - w.shape[0]) // stride + 1
        columns = (x.shape[1] - w.shape[1]) // stride + 1
        return x[m:m + rows * stride:stride, n:n + columns * stride:stride][:rows, :columns] * w[m, n] + dot(k + 1)
    return dot(0)
