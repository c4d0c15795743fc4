import numpy as np


def conv_transpose2d(x, w, stride=1, padding=0, output_padding=0):
    (height, width), (kh, kw) = x.shape, w.shape
    out = np.zeros(((height - 1) * stride + kh + output_padding, (width - 1) * stride + kw + output_padding))
    for i in range(height):
        for j in range(width):
            out[i * stride : i * stride + kh, j * stride : j * stride + kw] += x[i, j] * w
    return out[padding : out.shape[0] - padding, padding : out.shape[1] - padding]
