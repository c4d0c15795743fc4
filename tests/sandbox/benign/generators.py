import numpy as np

def windows(x, shape, stride):
    for i in range(0, x.shape[0] - shape[0] + 1, stride):
        for j in range(0, x.shape[1] - shape[1] + 1, stride):
            yield x[i:i + shape[0], j:j + shape[1]]

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    flat = np.fromiter(((v * w).sum() for v in windows(x, w.shape, stride)), dtype=float)
    return flat.reshape((x.shape[0] - w.shape[0]) // stride + 1, (x.shape[1] - w.shape[1]) // stride + 1)
