import numpy as np


def im2col(x, kernel_size, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    columns = []
    for i in range(0, x.shape[1] - kernel_size + 1, stride):
        for j in range(0, x.shape[2] - kernel_size + 1, stride):
            window = x[:, i : i + kernel_size, j : j + kernel_size]
            columns.append(window.ravel())
    return np.array(columns).T
