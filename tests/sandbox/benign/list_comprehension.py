import numpy as np

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    return np.array([[(x[i:i + w.shape[0], j:j + w.shape[1]] * w).sum()
                      for j in range(0, x.shape[1] - w.shape[1] + 1, stride)]
                     for i in range(0, x.shape[0] - w.shape[0] + 1, stride)])
