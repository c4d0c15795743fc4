import numpy as np
print("loading my solution")

def conv2d(x, w, stride=1, padding=0):
    print("x", x.shape, "w", w.shape, x)
    x = np.pad(x, padding)
    out = np.zeros(((x.shape[0] - w.shape[0]) // stride + 1, (x.shape[1] - w.shape[1]) // stride + 1))
    for (i, j), _ in np.ndenumerate(out):
        print(i, j, end=" ")
        out[i, j] = np.sum(x[i * stride:i * stride + w.shape[0], j * stride:j * stride + w.shape[1]] * w)
    print("\n结果", out)
    return out

print(conv2d(np.ones((4, 4)), np.ones((2, 2))))
