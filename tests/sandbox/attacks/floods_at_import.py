# Tries to flood before any function is called.
# Seen as: Flooded
while True:
    print("x" * 1000)
