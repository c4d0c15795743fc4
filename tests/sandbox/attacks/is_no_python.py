# Tries to break the one who parses it.
# Seen as: SyntaxFault
def conv2d(x, w)
    return x
