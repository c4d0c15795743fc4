# Tries to hang before any function is called.
# Seen as: TimedOut
while True:
    pass
