# Tries to have torch compute the answer.
# Seen as: ImportRefused
import torch
import torch.nn.functional as F


def conv2d(x, w):
    return F.conv2d(torch.from_numpy(x)[None, None], torch.from_numpy(w)[None, None])[0, 0].numpy()
