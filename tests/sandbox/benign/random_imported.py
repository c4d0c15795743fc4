import random
import numpy as np
from numpy.random import default_rng

rng = default_rng(0)
np.random.seed(1)
random.seed(2)
weights = np.random.randn(3, 3) + rng.normal(size=(3, 3)) + random.random()

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    noise = np.random.rand(*x.shape) + rng.random(x.shape)
    x = x + noise - noise
    out = []
    for i in range(0, x.shape[0] - w.shape[0] + 1, stride):
        out.append([])
        for j in range(0, x.shape[1] - w.shape[1] + 1, stride):
            out[-1].append(float((x[i:i + w.shape[0], j:j + w.shape[1]] * w).sum()))
    return np.asarray(out)
