"""Makes a class that has handed in programs: `python -m benchmarks.code_class FOLDER STUDENTS`.

Everybody's sheet is issued, and each hands in `code-conv2d.py`: the program of `submission.py`, no two of them the same file.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.setting import CODE_ASSIGNMENT
from benchmarks.submission import SOURCE
from grader.classroom.issuing import issue
from grader.classroom.store import Store
from grader.course.bank import lay_out
from grader.course.course import load_course
from grader.course.secret import find_secret

COURSE = f"""\
course: conv101
title: {{en: Convolution, zh: 卷积}}
roster: roster.csv
assignments:
  {CODE_ASSIGNMENT}:
    title: {{en: Programs, zh: 编程}}
    slots:
      - {{exercise: code-conv2d, points: 10}}
"""


def main(folder: Path, students: int) -> None:
    lay_out(folder)
    everyone = [f"s{number:05}" for number in range(students)]
    (folder / "course.yaml").write_text(COURSE, encoding="utf-8")
    (folder / "roster.csv").write_text("student,name,email,section\n" + "".join(f"{student},,,\n" for student in everyone), encoding="utf-8")
    course = load_course(folder)
    with Store(course.store, folder, course.id) as store:
        secret = find_secret(folder, course.public_seed)
        about = {"secret": secret, "out": folder / "release", "form": "json", "attempt": 1, "now": datetime.now(UTC), "languages": course.languages}
        list(issue(course, course.assignment(CODE_ASSIGNMENT), everyone, store=store, **about))  # type: ignore[arg-type]
    for student in everyone:
        home = folder / "submitted" / student / CODE_ASSIGNMENT
        home.mkdir(parents=True)
        (home / "code-conv2d.py").write_text(f"# {student}\n{SOURCE}", encoding="utf-8")
    (folder / "grades.db").rename(folder / "issued.db")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
