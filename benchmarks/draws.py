"""Times of single draws, after start-up: `python -m benchmarks.draws COURSE DRAWS`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from grader.course.course import load_course
from grader.variants.separate import draw_group, draw_single
from grader.variants.stream import stream_key

TOGETHER = ("output-size", 4)


def times(name: str, draw: Callable[[bytes], Any], draws: int) -> tuple[float, float]:
    """The median and the 95th percentile of this many draws, in seconds; the first draw of all is not counted."""
    draw(stream_key(b"benchmark", name, "first"))
    found = []
    for number in range(draws):
        key = stream_key(b"benchmark", name, number)
        start = time.process_time()  # not the time that others take of a shared machine
        draw(key)
        found.append(time.process_time() - start)
    parts = quantiles(found, n=20)
    return parts[9], parts[18]


def main(folder: Path, draws: int) -> None:
    exercises = load_course(folder).exercises
    found = {exercise.id: times(exercise.id, lambda key, exercise=exercise: draw_single(exercise, key), draws) for exercise in exercises.values()}  # type: ignore[misc]
    together, count = TOGETHER
    found[f"{together} × {count}"] = times(together, lambda key: draw_group(exercises[together], key, count), draws)
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
