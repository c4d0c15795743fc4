# Tries to be graded without an answer.
# Seen as: NoSuchFunction
def convolve(x, w):
    return x
