"""What marking one assignment needs of a course: its exercises and solutions, and a course.yaml with nothing else in it.

No secret, roster or store, and no other assignment. The solutions hold the reference code, from which anyone can compute
the key to their own numbers: what ships openly is the method, never a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from grader.course.course import Assignment, Course
from grader.course.faults import COURSE_BYTES, Source
from grader.documents import NumberText, read_bytes

LEFT_OUT = frozenset({"roster", "store"})


def course_files(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """The files of such a course, by path.

    Raises:
        CourseError: course.yaml cannot be read.
        DocumentError: an exercise or solution cannot be read.
    """
    files = {"course.yaml": course_yaml(course, assignment).encode()}
    for entry in assignment.entries:
        files[entry.exercise.file] = read_bytes(course.folder / entry.exercise.file, COURSE_BYTES)
        files[entry.exercise.solution_file] = read_bytes(entry.exercise.solution_path, COURSE_BYTES)
    return dict(sorted(files.items()))


def course_yaml(course: Course, assignment: Assignment) -> str:
    """The course.yaml with this assignment alone."""
    data: Mapping[str, Any] = Source.read(course.folder / "course.yaml", "course.yaml").document.data
    kept = {key: value for key, value in data.items() if key not in LEFT_OUT}
    kept["assignments"] = {assignment.id: data["assignments"][assignment.id]}
    return yaml.dump(kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files by path below a folder."""
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


class _Dumper(yaml.SafeDumper):
    """Text always in quotes, so that nothing in it is read as a number; numbers with a point as they were typed."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Dumper.add_representer(NumberText, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:float", str(text)))
