import sys
import numpy as np

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    i = np.arange(0, x.shape[0] - w.shape[0] + 1, stride)[:, None, None, None]
    j = np.arange(0, x.shape[1] - w.shape[1] + 1, stride)[None, :, None, None]
    m = np.arange(w.shape[0])[None, None, :, None]
    n = np.arange(w.shape[1])[None, None, None, :]
    return (x[i + m, j + n] * w).sum(axis=(2, 3))

def main():
    x = np.load(sys.argv[1])
    print(conv2d(x, np.ones((3, 3))))

if __name__ == "__main__":
    main()
