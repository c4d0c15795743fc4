# Tries to take the genuine import from the builtins module.
# Seen as: Raised
import builtins

torch = builtins.__import__("torch")


def conv2d(x, w):
    return torch.nn.functional.conv2d(torch.tensor(x)[None, None], torch.tensor(w)[None, None])[0, 0].numpy()
