"""The tests mirror grader/. One thread for torch, as the command sets it: small convolutions only wait for more."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
