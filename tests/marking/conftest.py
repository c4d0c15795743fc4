"""One thread for torch: its convolutions here are of a few cells, and threads that wait for each other cost more than they do."""

import torch

torch.set_num_threads(1)
