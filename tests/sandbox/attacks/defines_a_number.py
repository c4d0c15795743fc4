# Tries to have a number called.
# Seen as: NoSuchFunction
conv2d = 3
