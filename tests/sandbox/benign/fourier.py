import numpy as np

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    shape = (x.shape[0] + w.shape[0] - 1, x.shape[1] + w.shape[1] - 1)
    full = np.fft.irfft2(np.fft.rfft2(x, shape) * np.fft.rfft2(w[::-1, ::-1], shape), shape)
    return full[w.shape[0] - 1:x.shape[0]:stride, w.shape[1] - 1:x.shape[1]:stride]
