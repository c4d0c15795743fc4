import collections
import functools
import time
import numpy as np

Size = collections.namedtuple("Size", "rows columns")

class Layer:
    calls = 0

    def __init__(self, w):
        self.w = w

    @functools.lru_cache(maxsize=None)
    def size(self, rows, columns, stride):
        return Size((rows - self.w.shape[0]) // stride + 1, (columns - self.w.shape[1]) // stride + 1)

    def forward(self, x, stride, padding):
        start = time.perf_counter()
        Layer.calls += 1
        x = np.pad(x, padding)
        size = self.size(*x.shape, stride)
        out = np.zeros(size)
        for i in range(size.rows):
            for j in range(size.columns):
                out[i][j] = np.multiply(x[i * stride:i * stride + self.w.shape[0], j * stride:j * stride + self.w.shape[1]], self.w).sum()
        print(f"call {Layer.calls} took {time.perf_counter() - start:.6f} s")
        return out

def conv2d(x, w, stride=1, padding=0):
    return Layer(w).forward(x, stride, padding)
