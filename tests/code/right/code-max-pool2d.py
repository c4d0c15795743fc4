import numpy as np


def max_pool2d(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    x = np.pad(x.astype(float), padding, constant_values=-np.inf)
    rows = (x.shape[0] - kernel_size) // stride + 1
    columns = (x.shape[1] - kernel_size) // stride + 1
    return np.array([[x[i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size].max() for j in range(columns)] for i in range(rows)])
