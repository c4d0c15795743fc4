# Tries to remove the function in the first call.
# Seen as: Returned | Raised
def conv2d(x, w):
    globals().clear()
    return x[:1, :1].sum() * x[: x.shape[0] - w.shape[0] + 1, : x.shape[1] - w.shape[1] + 1]
