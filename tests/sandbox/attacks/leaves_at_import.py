# Tries to be gone before anything is checked.
# Seen as: Died
import os

os._exit(0)
