# Tries to hand in nothing.
# Seen as: NoSuchFunction

