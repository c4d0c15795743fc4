# -*- coding: gbk -*-
# 卷积

import numpy as np

def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    kh, kw = w.shape
    oh = (x.shape[0] - kh) // stride + 1
    ow = (x.shape[1] - kw) // stride + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            for m in range(kh):
                for n in range(kw):
                    out[i, j] += x[i * stride + m, j * stride + n] * w[m, n]
    return out
