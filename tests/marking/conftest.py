"""One thread for torch: its convolutions here are of a few cells, and threads that wait for each other cost more than they do."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)
