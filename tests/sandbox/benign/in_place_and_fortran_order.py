import numpy as np

def conv2d(x, w, stride=1, padding=0):
    """Changes its inputs, and returns a view in Fortran order, byte-swapped, and of a larger array."""
    x += 0
    x = np.asfortranarray(np.pad(x, padding))
    w *= 2
    w /= 2
    big = np.zeros((100, 100), order="F", dtype=">f8")
    rows = (x.shape[0] - w.shape[0]) // stride + 1
    columns = (x.shape[1] - w.shape[1]) // stride + 1
    for i in range(rows):
        for j in range(columns):
            big[2 * i, j] = (x[i * stride:i * stride + w.shape[0], j * stride:j * stride + w.shape[1]] * w).sum()
    return big[:2 * rows:2, :columns]
