import numpy as np


def 填充(输入, 圈数):
    return np.pad(输入, 圈数)


def conv2d(输入, 卷积核, stride=1, padding=0):
    """卷积(互相关),不翻转卷积核。"""
    输入 = 填充(输入, padding)
    高, 宽 = 卷积核.shape
    行 = range(0, 输入.shape[0] - 高 + 1, stride)
    列 = range(0, 输入.shape[1] - 宽 + 1, stride)
    return np.array([[(输入[i:i + 高, j:j + 宽] * 卷积核).sum() for j in 列] for i in 行])
