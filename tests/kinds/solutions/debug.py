"""Which argument an error message is about. The message is what torch really says."""

import torch

from grader.course import Answers, derived, mistake, reference


@derived("error")
def error(channels: int, wrong: int) -> str:
    try:
        torch.nn.Conv2d(wrong, 8, kernel_size=3)(torch.zeros(1, channels, 9, 9))
    except RuntimeError as refused:
        return str(refused)
    raise ValueError("torch accepts this code")


@reference
def debug(channels: int, wrong: int, error: str, code: str = "") -> Answers:
    return {"argument": "in_channels", "fix": channels}


@mistake("swaps-in-out-channels")
def swaps() -> Answers:
    return {"argument": "out_channels", "fix": 8}
