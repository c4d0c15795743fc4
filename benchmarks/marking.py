"""Grading as a function, without files and store: `python -m benchmarks.marking COURSE`.

Times what every submission goes through: its line read, `marking.grade`, its record written as JSON. One pass in a
fresh process, so that nothing is remembered from an earlier one.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.setting import ASSIGNMENT
from grader.classroom.issuing import true_sheet
from grader.classroom.store import Store
from grader.course.course import load_course
from grader.course.secret import find_secret
from grader.documents import decode, read_json
from grader.marking.grade import grade
from grader.marking.submission import Submission, digest, from_data


def read_line(line: bytes) -> Submission:
    """A submission from its line, guarded as `grader grade --from` guards it."""
    data = read_json(decode(line))
    return from_data(data, digest=digest(line), student=data["student"], submitted_at=datetime.fromisoformat(data["submitted_at"]))


def main(folder: Path) -> None:

    course = load_course(folder)
    assignment = course.assignment(ASSIGNMENT)
    secret = find_secret(folder, course.public_seed)
    with Store(course.store, folder, course.id) as store:
        sheets = [true_sheet(course, assignment, student, 1, store, secret) for student in course.roster or {}]
    signatures = [sheet.signature(secret) for sheet in sheets]
    now = datetime.now(UTC)
    clock = time.process_time  # not the time that others take of a shared machine
    times = [clock()]
    with (folder / "class.jsonl").open("rb") as lines:
        submissions = [read_line(line) for line in lines]
    times.append(clock())
    records = [
        grade(sheet, submission, graded_at=now, signature=signature) for sheet, submission, signature in zip(sheets, submissions, signatures, strict=True)
    ]
    times.append(clock())
    written = [json.dumps(record.to_json(), ensure_ascii=False, allow_nan=False) for record in records]
    times.append(clock())
    read, graded, dumped = (end - start for start, end in pairwise(times))
    slots = sum(len(record.slots) for record in records)
    print(json.dumps({"read": read, "grade": graded, "write": dumped, "slots": slots, "bytes": sum(map(len, written))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
