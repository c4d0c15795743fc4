# Tries to have torch compute the answer, late.
# Seen as: ImportRefused
def conv2d(x, w):
    import torch.nn.functional as F

    return F.conv2d(x, w)
