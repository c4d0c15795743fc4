import numpy
from numpy.lib.stride_tricks import as_strided

def conv2d(x, w, stride=1, padding=0):
    x = numpy.pad(x, ((padding, padding), (padding, padding)), mode="constant")
    h = (x.shape[0] - w.shape[0]) // stride + 1
    b = (x.shape[1] - w.shape[1]) // stride + 1
    s0, s1 = x.strides
    view = as_strided(x, (h, b) + w.shape, (s0 * stride, s1 * stride, s0, s1), writeable=False)
    return numpy.tensordot(view, w, axes=([2, 3], [0, 1]))
