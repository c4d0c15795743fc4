import logging
import warnings
import numpy as np

try:
    import torch  # speeds things up at home
except ImportError:
    torch = None

logging.basicConfig(level=logging.INFO)
logging.info("torch: %s", torch)
warnings.warn("this is my first solution")

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    out = np.zeros(((x.shape[0] - w.shape[0]) // stride + 1, (x.shape[1] - w.shape[1]) // stride + 1))
    for m in range(w.shape[0]):
        for n in range(w.shape[1]):
            out += w[m, n] * x[m:m + out.shape[0] * stride:stride, n:n + out.shape[1] * stride:stride][:out.shape[0], :out.shape[1]]
    return out
