"""The least a grader can do: `python -m benchmarks.floor FILE.jsonl`.

One process reads the lines, calls torch or the closed formula once a slot, and counts what is equal. No wrong
methods, no words, no records, no store, no guard against what a file may hold.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

FORMULA = "floor((i + 2*p - k) / s) + 1".replace(" ", "")


def main(path: Path) -> None:

    def convolved(given: dict[str, Any]) -> Any:
        input, kernel = torch.tensor(given["input"], dtype=torch.int64), torch.tensor(given["kernel"], dtype=torch.int64)
        return F.conv2d(input[None, None], kernel[None, None], stride=given.get("stride", 1), padding=given.get("padding", 0))[0, 0].tolist()

    start = time.process_time()
    slots = right = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            for slot, about in data["slots"].items():
                given, answers = about["given"], data["answers"].get(slot, {})
                slots += 1
                if about["exercise"] == "one-window":
                    right += answers.get("value") == convolved(given)[0][0]
                elif "input" in given:
                    right += answers.get("output") == convolved(given)
                elif "input_size" in given:
                    padded = given["input_size"] + 2 * given.get("padding", 0)
                    output_size = (padded - given["kernel_size"]) // given.get("stride", 1) + 1
                    right += answers.get("output_size") == output_size and answers.get("padded_size", padded) == padded
                else:
                    right += str(answers.get("output_size")).replace(" ", "") == FORMULA
    print(json.dumps({"seconds": time.process_time() - start, "slots": slots, "right": right}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
